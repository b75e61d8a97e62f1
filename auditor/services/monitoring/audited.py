"""Readings of the audited error rate: a Bernoulli CUSUM a strand, designed for its share of the false-alarm budget.

Outcomes come in draw order. A version that replaced another is held against that version's outcomes, and watched
from its first case on; one that replaced none makes its baseline of its own first cases. It does not know codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import MonitorDefinition, Reading, Strand
from auditor.domain.stories import Measure, Signal
from auditor.errors import BadInput
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.measures import CONFIDENCE, share
from auditor.services.monitoring.weeks import monday
from auditor.stats.cusum import CusumDesign, CusumReplay, design, rates_at_odds, replay

_HARDER = (1.0, 1.5, 2.5)
"""A small baseline cannot tell a small drift from itself: the drift to catch is then made larger, step by step."""

_LEAST_ARL = 200.0
_ONE_EPISODE = timedelta(weeks=8)
_FRESH_SHARE = 0.5
"""After an alarm the chart starts anew; below this share of its threshold, and past `quiet` weeks, it is over."""


@dataclass(frozen=True, kw_only=True)
class AuditedStrand:
    """Outcomes that make the baseline, and those that are watched, both in draw order."""

    strand: Strand
    predecessor: str | None
    baseline: tuple[AuditedOutcome, ...]
    watched: tuple[AuditedOutcome, ...]


def day_of(outcome: AuditedOutcome) -> date:
    """The day that decides an outcome's week."""
    return outcome.coded_on or outcome.served_on


def split_outcomes(
    outcomes: Sequence[AuditedOutcome], strand: Strand, *, predecessor: str | None, monitor: MonitorDefinition
) -> AuditedStrand:
    """An arm's outcomes as baseline and watch of one of its versions."""
    arm = [outcome for outcome in outcomes if outcome.arm is strand.arm]
    own = [outcome for outcome in arm if outcome.model_version == strand.model_version]
    first = min((day_of(outcome) for outcome in own), default=date.max)
    older = [each for each in arm if each.model_version == predecessor and day_of(each) < first]
    if predecessor is not None and older:
        most = int(monitor.options["most_baseline"])
        baseline, watched = older[-most:], own
    else:
        enough = int(monitor.options["own_baseline"])
        cut = enough if len(own) >= enough * 3 // 2 else int(monitor.options["least_baseline"])
        baseline, watched = own[:cut], own[cut:]
    return AuditedStrand(strand=strand, predecessor=predecessor, baseline=tuple(baseline), watched=tuple(watched))


def chart_for(split: AuditedStrand, monitor: MonitorDefinition, *, arl: float) -> CusumDesign | None:
    """The chart of a strand, its strata weighed as they are drawn; None when the baseline is too small."""
    if len(split.baseline) < monitor.options["least_baseline"]:
        return None
    strata = strata_of(split)
    groups = [[each.error for each in split.baseline if strata_key(each, strata) == key] for key in strata]
    errors, sizes = [sum(group) for group in groups], [len(group) for group in groups]
    share_of = np.array([sum(strata_key(each, strata) == key for each in split.watched) + 1 for key in strata], float)
    rates = [(wrong + 0.5) / (size + 1) for wrong, size in zip(errors, sizes, strict=True)]
    for harder in _HARDER:
        detect = rates_at_odds(rates, odds_ratio=monitor.options["odds_ratio"] * harder)
        mix = tuple((share_of / share_of.sum()).tolist())
        try:
            return _designed(tuple(errors), tuple(sizes), tuple(detect), arl=max(arl, _LEAST_ARL), mix=mix)
        except BadInput:
            continue
    return None


@lru_cache(maxsize=64)
def _designed(
    errors: tuple[int, ...], sizes: tuple[int, ...], detect: tuple[float, ...], *, arl: float, mix: tuple[float, ...]
) -> CusumDesign:
    """A chart takes a quarter of a second to design, and week after week the baseline is the same."""
    return design(errors, sizes, detect=detect, arl=arl, mix=mix)


def strata_of(split: AuditedStrand) -> list[str | None]:
    """Strata with a baseline of their own; all others are one, named None."""
    names = sorted({outcome.stratum for outcome in split.baseline})
    sizes = {name: sum(each.stratum == name for each in split.baseline) for name in names}
    own: list[str | None] = [name for name in names if sizes[name] >= 50]
    rest = any(each.stratum not in own for each in (*split.baseline, *split.watched))
    if not rest:
        return own
    return [*own, None] if sum(sizes[name] for name in names if name not in own) >= 50 else [None]


def strata_key(outcome: AuditedOutcome, strata: Sequence[str | None]) -> str | None:
    """The stratum that an outcome is scored in."""
    return outcome.stratum if outcome.stratum in strata else None


def read_audited(split: AuditedStrand, monitor: MonitorDefinition, *, arl: float, quiet_since: date) -> Reading:
    """What the chart says; an alarm lasts until the chart has stayed low past `quiet_since`."""
    n = len(split.watched)
    if not split.baseline and not n:
        return _reading(split, monitor, StreamState.NO_DATA, note="nothing was audited")
    chart = chart_for(split, monitor, arl=arl)
    if chart is None or n == 0:
        note = f"{len(split.baseline)} audited cases in the baseline, {n} since: too few to say"
        return _reading(split, monitor, StreamState.INSUFFICIENT, note=note)
    strata = strata_of(split)
    path = replay(
        chart.chart,
        [int(outcome.error) for outcome in split.watched],
        strata=[strata.index(strata_key(outcome, strata)) for outcome in split.watched],
    )
    began = _alarm_since(split, path, chart, quiet_since)
    signal = _signal(split, monitor, began) if began is not None else None
    shown = float(path.path[-1]) if began is None else max(float(path.path[i]) for i in path.alarms)
    return Reading(
        monitor=monitor.name,
        kind=monitor.kind,
        strand=split.strand,
        state=StreamState.ALARM if signal else StreamState.QUIET,
        n=n,
        statistic=shown,
        threshold=chart.chart.threshold,
        since=signal.since if signal else None,
        signals=(signal,) if signal else (),
    )


def _alarm_since(split: AuditedStrand, path: CusumReplay, chart: CusumDesign, quiet_since: date) -> int | None:
    """The outcome from which on the errors have been more, when the last alarm still stands."""
    if not path.alarms:
        return None
    newest = day_of(split.watched[path.alarms[-1]])
    high = float(path.path[-1]) >= _FRESH_SHARE * chart.chart.threshold
    return _episode_start(split, path) if newest >= quiet_since or high else None


def _episode_start(split: AuditedStrand, path: CusumReplay) -> int:
    """Where the first of the alarms began that followed each other closely; the chart starts anew after each."""
    days = [day_of(split.watched[index]) for index in path.alarms]
    first = len(days) - 1
    while first > 0 and days[first] - days[first - 1] <= _ONE_EPISODE:
        first -= 1
    return path.changes[first]


def _signal(split: AuditedStrand, monitor: MonitorDefinition, began: int) -> Signal:
    now = split.watched[began:]
    baseline, measure = _measure(split.baseline), _measure(now)
    before = baseline.estimate
    return Signal(
        monitor=monitor.name,
        what="audited error rate",
        unit="share",
        denominator="audited cases",
        direction=1,
        baseline=baseline,
        now=measure,
        ratio=(measure.estimate or 0.0) / before if before else None,
        p_value=None,
        since=monday(day_of(now[0])),
    )


def _measure(outcomes: Sequence[AuditedOutcome]) -> Measure:
    measured = share(float(sum(outcome.error for outcome in outcomes)), float(len(outcomes)))
    return measured or Measure(estimate=None, low=None, high=None, numerator=0, n=0, confidence=CONFIDENCE)


def _reading(split: AuditedStrand, monitor: MonitorDefinition, state: StreamState, *, note: str) -> Reading:
    return Reading(
        monitor=monitor.name, kind=monitor.kind, strand=split.strand, state=state, n=len(split.watched), note=note
    )
