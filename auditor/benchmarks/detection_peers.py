"""Other detectors beside the product's: each on one stream, at the same number of false alarms a stream and year.

A detector's own score alarms above a limit that is set on streams without drift. Packages that are not installed
(extra `detection-peers`) are named as missing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from auditor.benchmarks.detection_feeds import Feed, Integers, known_at
from auditor.benchmarks.detection_setting import AUDIT_WEEKS
from auditor.benchmarks.detection_world import BASELINE_WEEKS

Scored = list[tuple[int, float]]
"""Week at whose end a score is known, and the score."""

MISSING = {
    "river": "river is not installed: pip install 'auditor[detection-peers]'",
    "evidently": "evidently is not installed: pip install 'auditor[detection-peers]'",
    "nannyml": "nannyml is not installed: pip install 'auditor[detection-peers]'",
    "glide": "glide-py needs Python 3.12 or later",
}


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A detector: the package it is of, how it scores a feed, and whether it can read many categories."""

    name: str
    package: str | None
    score: Callable[[Feed], Scored]
    many: bool = True

    @property
    def installed(self) -> bool:
        """Whether it can run here."""
        return self.package is None or find_spec(self.package) is not None

    def reads(self, scenario: str) -> bool:
        """Whether a scenario's stream is one that it can read at all."""
        return self.many or scenario not in ("codes", "stale")


def _months(feed: Feed) -> Iterator[tuple[int, Any, Any]]:
    """Each month after the baseline: when it is known, its counts, and those it is held against."""
    weeks = feed.counts.shape[1]
    for first in range(BASELINE_WEEKS + 2, weeks - AUDIT_WEEKS + 1, AUDIT_WEEKS):
        now = feed.counts[:, first : first + AUDIT_WEEKS].sum(axis=1)
        before = feed.counts[:, :BASELINE_WEEKS].sum(axis=1)
        if feed.people is not None:
            before = feed.people[:, first : first + AUDIT_WEEKS].sum(axis=1)
        yield known_at(feed, first + AUDIT_WEEKS - 1), now, before


def _p_chart(feed: Feed) -> Scored:
    """The largest distance of any category's monthly share from its baseline, in standard errors."""
    found = []
    for week, now, before in _months(feed):
        share, n = (before + 0.5) / (before.sum() + 1), now.sum()
        z = (now / max(n, 1) - share) / np.sqrt(share * (1 - share) / max(n, 1))
        found.append((week, float(z[-1] if len(z) == 2 else np.abs(z).max())))
    return found


def _cases(counts: Integers) -> Any:
    """The single cases, each as the name of its category."""
    return np.repeat(np.arange(counts.size).astype(str), counts)


def _evidently(feed: Feed) -> Scored:
    """Jensen-Shannon distance of the month from the reference, as evidently computes it."""
    import pandas as pd
    from evidently.legacy.calculations.stattests import jensenshannon_stat_test

    found = []
    for week, now, before in _months(feed):
        sides = [pd.Series(_cases(each)) for each in (before, now)]
        score, _ = jensenshannon_stat_test.func(sides[0], sides[1], "cat", 0.1)
        found.append((week, float(score)))
    return found


def _nannyml(feed: Feed) -> Scored:
    """Jensen-Shannon distance of the month from the reference, as NannyML computes it."""
    import pandas as pd
    from nannyml.chunk import SizeBasedChunker
    from nannyml.drift.univariate.methods import FeatureType, MethodFactory
    from nannyml.thresholds import ConstantThreshold

    found = []
    method: Any = None
    for week, now, before in _months(feed):
        sides = [pd.Series(_cases(each), name="category") for each in (before, now)]
        if method is None or feed.people is not None:
            method = MethodFactory.create(
                key="jensen_shannon",
                feature_type=FeatureType.CATEGORICAL,
                chunker=SizeBasedChunker(chunk_size=max(50, int(now.sum()))),
                threshold=ConstantThreshold(lower=None, upper=0.1),
            )
            method.fit(sides[0])
        found.append((week, float(method.calculate(sides[1]))))
    return found


def _river(make: Callable[[], Any], reading: Callable[[Any], float], feed: Feed) -> Scored:
    """A river detector over single cases; its score of a week is the largest reading since the last one."""
    random, detector, found = np.random.default_rng(1), make(), []
    for week in range(feed.counts.shape[1]):
        cases = feed.drawn(week, random)
        highest = 0.0
        for value in cases.tolist():
            detector.update(value)
            highest = max(highest, reading(detector))
        if week > BASELINE_WEEKS:
            found.append((known_at(feed, week), highest))
    return found


def _page_hinkley(feed: Feed) -> Scored:
    """How far Page and Hinkley's cumulated sum lies above its smallest value (river.drift.PageHinkley)."""
    from river.drift import PageHinkley

    return _river(partial(PageHinkley, threshold=1e12, delta=0.005, mode="both"), _ph_reading, feed)


def _ph_reading(detector: Any) -> float:
    up, down = detector._sum_increase - detector._min_increase, detector._max_decrease - detector._sum_decrease
    return float(max(up, down))


def _adwin(feed: Feed) -> Scored:
    """ADWIN over single cases: of several deltas the smallest at which it still alarms, as minus its logarithm."""
    from river.drift import ADWIN

    deltas = (2e-3, 1e-4, 1e-6, 1e-9, 1e-13)
    detectors = [ADWIN(delta=delta) for delta in deltas]
    random, found = np.random.default_rng(1), []
    for week in range(feed.counts.shape[1]):
        highest = 0.0
        for value in feed.drawn(week, random).tolist():
            for delta, detector in zip(deltas, detectors, strict=True):
                detector.update(value)
                if detector.drift_detected:
                    highest = max(highest, -float(np.log10(delta)))
        if week > BASELINE_WEEKS:
            found.append((known_at(feed, week), highest))
    return found


def _ddm(feed: Feed) -> Scored:
    """DDM over 0/1 cases: how many deviations the error rate lies above its smallest value (river.drift.binary)."""
    from river.drift.binary import DDM

    middle = float(np.median(np.repeat(feed.values, feed.counts.sum(axis=1))))
    zero_one = replace(feed, values=(feed.values > min(middle, feed.values[-2])).astype(float))
    return _river(partial(DDM, warm_start=30, drift_threshold=1e9, warning_threshold=1e8), _ddm_reading, zero_one)


def _ddm_reading(detector: Any) -> float:
    level, spread = detector._p.get(), detector._s_min
    if spread is None or not np.isfinite(spread) or spread <= 0:
        return 0.0
    now = level + float(np.sqrt(level * (1 - level) / max(detector._p.n, 1)))
    return float((now - detector._p_min) / spread)


PEERS = (
    Peer(name="monthly p-chart", package=None, score=_p_chart),
    Peer(name="river ADWIN", package="river", score=_adwin, many=False),
    Peer(name="river PageHinkley", package="river", score=_page_hinkley, many=False),
    Peer(name="river DDM", package="river", score=_ddm, many=False),
    Peer(name="NannyML Jensen-Shannon", package="nannyml", score=_nannyml),
    Peer(name="evidently Jensen-Shannon", package="evidently", score=_evidently),
)


def limit_of(scores: Sequence[Scored], *, false_alarms: float) -> float:
    """The limit that so many streams of these (a share of them) exceed at some time, at most one a half more."""
    highest = np.sort([max((score for _, score in each), default=0.0) for each in scores])[::-1]
    allowed = int(false_alarms * len(highest) + 0.5)
    return float(highest[min(allowed, len(highest) - 1)])


def delay(scores: Scored, *, limit: float, begins: int, horizon: int) -> int | None:
    """Weeks from the drift's first until a score lies above the limit."""
    told = [week - begins for week, score in scores if score > limit and begins < week <= begins + horizon]
    return min(told, default=None)
