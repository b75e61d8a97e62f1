"""The two detectors of an audited stream: a Bernoulli CUSUM by stratum, and an e-detector over clusters.

Each gets half of the stream's false alarms. The CUSUM's limit is raised by how far clusters (a provider's cases in an
audit) spread beyond chance in the baseline; the e-detector takes each cluster as one bounded observation, weighted to
the population where cases were drawn with unequal chances, against the upper limit of the baseline. Knows no story.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from auditor.domain.monitors import MonitorKind
from auditor.errors import BadInput
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited_streams import RESTARTED, AuditedStream
from auditor.stats.cusum import GuardedChart, guarded_chart, rates_at_odds, replay
from auditor.stats.e_detector import batch_means, bounded_bets, bounded_detector
from auditor.stats.nonnegative_mean import gaffke_limit
from auditor.stats.proportion import upper_limit

Floats = NDArray[np.float64]
HARDER = (1.0, 1.5, 2.5)
"""A small baseline cannot tell a small drift from itself: the drift to catch is then made larger, step by step."""

LEAST_ARL = 200.0
_ASSURANCE = 0.75
"""How sure it is that a baseline's luck costs no false mails; the budget is kept on average (decision 0013)."""

_LEAST_STRATUM = 50
_LEAST_CLUSTERS = 20
_MIX_STEPS = 20
_GRAIN = 2
_MOST_STATES = 3_000
"""A chart beyond this cannot tell its drift from its baseline in any useful time, and takes long to design."""

_LARGEST_SHARE = 0.95  # of dollars: amounts beyond this share of the baseline's claims count as this one


@dataclass(frozen=True)
class DesignedChart:
    """A chart over named strata; None is what has no baseline of its own. `spread` has raised the limit."""

    guarded: GuardedChart
    strata: tuple[str | None, ...]
    spread: float


@dataclass(frozen=True)
class Path:
    """One detector over the watched outcomes: alarms and where each began as outcome indices, and how high it is."""

    method: str
    alarms: tuple[int, ...]
    changes: tuple[int, ...]
    statistic: float
    threshold: float
    highest: float

    @property
    def share(self) -> float:
        """The statistic now, as a share of its threshold."""
        return self.statistic / self.threshold


def chart_for(stream: AuditedStream, *, arl: float) -> DesignedChart | None:
    """The CUSUM of a stream, its strata weighed as they are drawn; None when the baseline is too small."""
    baseline = stream.split.baseline
    if (
        len(baseline) < stream.monitor.options["least_baseline"]
        or stream.monitor.kind is MonitorKind.DOLLARS_IN_ERROR
    ):
        return None
    names, events = stream.strata_of(baseline), np.array(stream.events(baseline))
    strata = _strata(names, stream.strata_of(stream.split.watched))
    member = _members(names, strata)
    sizes = np.bincount(member, minlength=len(strata))
    errors = np.bincount(member, weights=events, minlength=len(strata)).astype(int)
    mix = _mix(_members(stream.strata_of(stream.split.watched), strata), sizes)
    rates = ((errors + 0.5) / (sizes + 1)).tolist()
    spread = cluster_spread(events - np.array(rates)[member], [_cluster(each) for each in baseline])
    worth = np.maximum(1, np.rint(sizes / spread)).astype(int)  # clustered cases tell less about the baseline
    errors = np.minimum(worth, np.rint(errors / spread)).astype(int)
    for harder in HARDER:
        detect = rates_at_odds(rates, odds_ratio=stream.monitor.options["odds_ratio"] * harder)
        try:
            found = _designed(tuple(errors.tolist()), tuple(worth.tolist()), tuple(detect), arl=arl, mix=mix)
        except BadInput:
            continue
        units = math.ceil(found.chart.threshold_units * spread)
        return DesignedChart(replace(found, chart=replace(found.chart, threshold_units=units)), tuple(strata), spread)
    return None


@lru_cache(maxsize=512)
def _designed(
    errors: tuple[int, ...], sizes: tuple[int, ...], detect: tuple[float, ...], *, arl: float, mix: tuple[float, ...]
) -> GuardedChart:
    """A chart takes some hundredths of a second to design, and week after week the baseline is the same."""
    return guarded_chart(
        errors,
        sizes,
        detect=detect,
        arl=arl,
        assurance=_ASSURANCE,
        mix=mix,
        grain=_GRAIN,
        most_states=_MOST_STATES,
    )


def _strata(baseline: Sequence[str], watched: Sequence[str]) -> list[str | None]:
    """Strata with a baseline of their own; all others are one, named None."""
    sizes = {name: baseline.count(name) for name in sorted(set(baseline))}
    own: list[str | None] = [name for name in sizes if sizes[name] >= _LEAST_STRATUM]
    if set(own) >= {*baseline, *watched}:
        return own
    rest = sum(size for name, size in sizes.items() if name not in own)
    return [*own, None] if rest >= _LEAST_STRATUM else [None]


def _members(names: Sequence[str], strata: Sequence[str | None]) -> NDArray[np.intp]:
    place = {name: at for at, name in enumerate(strata)}
    return np.array([place[name] if name in place else place.get(None, 0) for name in names], dtype=np.intp)


def _mix(member: NDArray[np.intp], sizes: NDArray[np.int64]) -> tuple[float, ...]:
    """The shares of strata among what is watched, in twentieths, so that one design serves many weeks."""
    counts = np.bincount(member, minlength=sizes.size) + sizes / sizes.sum()
    steps = np.maximum(1, np.rint(counts / counts.sum() * _MIX_STEPS))
    return tuple((steps / steps.sum()).tolist())


def _cluster(outcome: AuditedOutcome) -> tuple[object, ...]:
    """Cases that may err together: one provider's in one audit; each on its own where no provider is told."""
    return (outcome.audit_id, outcome.provider or outcome.case_id)


def cluster_spread(residuals: Floats, clusters: Sequence[tuple[object, ...]]) -> float:
    """How many times wider cluster sums spread than chance: 1 or more, 1 with fewer than 20 clusters."""
    names = {name: at for at, name in enumerate(dict.fromkeys(clusters))}
    if len(names) < _LEAST_CLUSTERS or len(names) == len(clusters) or not residuals.any():
        return 1.0
    sums = np.bincount([names[name] for name in clusters], weights=residuals, minlength=len(names))
    return max(1.0, float((sums**2).sum() / (residuals**2).sum()))


def cusum_path(stream: AuditedStream, chart: DesignedChart) -> Path:
    """The CUSUM over what is watched."""
    watched = stream.split.watched
    strata = _members(stream.strata_of(watched), chart.strata)
    found = replay(chart.guarded.chart, stream.events(watched), strata=strata)
    highest = max((float(found.path[at]) for at in found.alarms), default=float(found.path.max(initial=0.0)))
    last = float(found.path[-1]) if found.path.size else 0.0
    return Path("CUSUM", found.alarms, found.changes, last, chart.guarded.chart.threshold, highest)


def e_path(stream: AuditedStream, *, arl: float) -> Path | None:
    """The e-detector over what is watched; None when the baseline is too small to bound."""
    split = stream.split
    least = RESTARTED if split.renewed else stream.monitor.options["least_baseline"]
    if len(split.baseline) < least or not split.watched:
        return None
    values = _values(stream)
    ceiling = _limit(values[: len(split.baseline)], [_cluster(each) for each in split.baseline])
    if not 0 < ceiling < 0.9:
        return None
    watched = values[len(split.baseline) :]
    means = batch_means(watched, batches=_labels([_cluster(each) for each in split.watched]), baseline=ceiling)
    bets = bounded_bets(smallest=0.5 * ceiling, largest=min(0.9, 3 * ceiling))
    length = max(LEAST_ARL, arl * len(means.ends) / len(split.watched))
    found = bounded_detector(means.values, baseline=ceiling, arl=length, bets=bets)
    logs = found.log_values
    return Path(
        method="e-detector",
        alarms=tuple(means.ends[at] for at in found.alarms),
        changes=tuple(means.ends[at - 1] + 1 if at else 0 for at in found.changes),
        statistic=float(logs[-1]) if logs.size else 0.0,
        threshold=found.log_threshold,
        highest=max((float(logs[at]) for at in found.alarms), default=float(logs.max(initial=0.0))),
    )


def _labels(clusters: Sequence[tuple[object, ...]]) -> list[int]:
    names = {name: at for at, name in enumerate(dict.fromkeys(clusters))}
    return [names[name] for name in clusters]


def _values(stream: AuditedStream) -> Floats:
    """Every outcome, baseline first, as a number in [0, 1]: its event or its dollars, weighted to the population."""
    outcomes = (*stream.split.baseline, *stream.split.watched)
    if stream.monitor.kind is MonitorKind.DOLLARS_IN_ERROR:
        paid = np.array([float(each.paid_cents or 0) for each in stream.split.baseline])
        most = float(np.quantile(paid, _LARGEST_SHARE)) or 1.0
        size = np.array([min(max(each.overpaid_cents or 0, 0), most) / most for each in outcomes])
    else:
        size = np.array(stream.events(outcomes), dtype=np.float64)
    weights = 1 / np.array([each.selection_probability for each in outcomes])
    weights = weights / weights[: len(stream.split.baseline)].mean()
    top = max(1.0, float(weights.max()))
    values: Floats = size * weights / top
    return values


def _limit(values: Floats, clusters: Sequence[tuple[object, ...]]) -> float:
    """The upper limit of the mean that the baseline leaves possible, on as many cases as clusters are worth."""
    spread = cluster_spread(values - values.mean(), clusters)
    kept = max(1, round(values.size / spread))
    if values.size and ((values == 0) | (values == values.max())).all():
        share = values.mean() / values.max() if values.max() else 0.0
        limit = upper_limit(round(share * kept), kept, confidence=str(_ASSURANCE)).limit
        return float(limit) * float(values.max() or 1.0)
    picked = np.sort(values)[np.linspace(0, values.size - 1, kept).round().astype(int)]
    return _mean_limit(tuple(picked.tolist()))


@lru_cache(maxsize=256)
def _mean_limit(values: tuple[float, ...]) -> float:
    """The upper limit of the mean of numbers in [0, 1], as one less the lower limit of what is missing to 1."""
    missing = [1 - value for value in values]
    return 1 - gaffke_limit(missing, population=len(values), confidence=str(_ASSURANCE)).limit / len(values)
