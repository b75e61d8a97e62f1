"""Readings of audited streams: what the two detectors say, since when, and whether people's errors rose as well.

An alarm lasts until both detectors have stayed low for some weeks. It does not know codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import MonitorKind, Reading
from auditor.domain.stories import Measure, Signal
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited_charts import LEAST_ARL, Path, chart_for, cusum_path, e_path
from auditor.services.monitoring.audited_streams import AuditedStream, day_of
from auditor.services.monitoring.measures import CONFIDENCE, share
from auditor.services.monitoring.weeks import monday
from auditor.stats.count_tests import fisher_test

_ONE_EPISODE = timedelta(weeks=8)
_FRESH_SHARE = 0.5
"""After an alarm a detector starts anew; below this share of its threshold, and past `quiet` weeks, it is over."""

_ALONG_LEVEL = 0.05
_DETECTORS = 2


@dataclass(frozen=True)
class _Rise:
    """The detector that tells of a rise, and the watched outcome from which on it has lasted."""

    path: Path
    began: int


def read_audited(stream: AuditedStream, *, arl: float, quiet_since: date) -> Reading:
    """What both detectors say; `arl` is the mean run length between false alarms of the stream as a whole."""
    split = stream.split
    if stream.missing or (not split.baseline and not split.watched):
        return _reading(stream, StreamState.NO_DATA, _Answer(stream.missing or "nothing was audited"))
    paths = _paths(stream, max(arl, LEAST_ARL) * _DETECTORS)
    if not paths:
        note = f"{len(split.baseline)} audited cases in the baseline, {len(split.watched)} since: too few to say"
        return _reading(stream, StreamState.INSUFFICIENT, _Answer(note))
    rises = [_Rise(path, began) for path in paths if (began := _lasting(stream, path, quiet_since)) is not None]
    if not rises:
        nearest = max(paths, key=lambda path: path.share)
        return _reading(stream, StreamState.QUIET, _Answer(nearest.method, nearest))
    first = min(rises, key=lambda rise: (rise.began, -rise.path.highest / rise.path.threshold))
    signal = _signal(stream, first.began)
    if _shared(signal):
        note = "people's audited errors rose as well: guideline, case mix or auditors, not AI alone"
        return _reading(stream, StreamState.QUIET, _Answer(note, first.path, shared=(signal,)))
    note = " and ".join(rise.path.method for rise in rises)
    return _reading(stream, StreamState.ALARM, _Answer(note, first.path, told=(signal,)))


def _paths(stream: AuditedStream, arl: float) -> list[Path]:
    if not stream.split.watched:
        return []
    chart, bounded = chart_for(stream, arl=arl), e_path(stream, arl=arl)
    return [path for path in (cusum_path(stream, chart) if chart else None, bounded) if path]


def _lasting(stream: AuditedStream, path: Path, quiet_since: date) -> int | None:
    """The outcome from which on the errors have been more, when the last alarm still stands."""
    if not path.alarms:
        return None
    newest = day_of(stream.split.watched[path.alarms[-1]])
    if newest < quiet_since and path.share < _FRESH_SHARE:
        return None
    days = [day_of(stream.split.watched[index]) for index in path.alarms]
    first = len(days) - 1
    while first > 0 and days[first] - days[first - 1] <= _ONE_EPISODE:
        first -= 1
    return path.changes[first]


def _signal(stream: AuditedStream, began: int) -> Signal:
    now = stream.split.watched[_turn(stream, began) :]
    since = monday(day_of(now[0]))
    baseline, measure = _measure(stream, stream.split.baseline), _measure(stream, now)
    before = [each for each in stream.people if day_of(each) < since]
    beside = [each for each in stream.people if day_of(each) >= since]
    dollars = stream.monitor.kind is MonitorKind.DOLLARS_IN_ERROR
    return Signal(
        monitor=stream.monitor.name,
        what=stream.noun,
        unit="share",
        denominator="paid dollars" if dollars else "audited cases",
        direction=1,
        baseline=baseline,
        now=measure,
        ratio=(measure.estimate or 0.0) / baseline.estimate if baseline.estimate else None,
        p_value=None,
        since=since,
        human_baseline=_measure(stream, before) if before and beside else None,
        human_now=_measure(stream, beside) if before and beside else None,
    )


def _turn(stream: AuditedStream, began: int) -> int:
    """The outcome from which on all together lie furthest above the middle of before and now."""
    before = np.mean(stream.events(stream.split.baseline))
    events = np.array(stream.events(stream.split.watched[began:]), dtype=np.float64)
    beyond = np.cumsum((events - (before + events.mean()) / 2)[::-1])[::-1]
    return began + int(np.argmax(beyond))


def _measure(stream: AuditedStream, outcomes: Sequence[AuditedOutcome]) -> Measure:
    if stream.monitor.kind is MonitorKind.DOLLARS_IN_ERROR:
        return _dollars(outcomes)
    measured = share(float(sum(stream.events(outcomes))), float(len(outcomes)))
    return measured or Measure(estimate=None, low=None, high=None, numerator=0, n=0, confidence=CONFIDENCE)


def _dollars(outcomes: Sequence[AuditedOutcome]) -> Measure:
    """Overpaid over paid dollars, with the interval of a ratio (linearised)."""
    over = np.array([float(max(each.overpaid_cents or 0, 0)) for each in outcomes])
    paid = np.array([float(each.paid_cents or 0) for each in outcomes])
    if not paid.sum():
        return Measure(estimate=None, low=None, high=None, numerator=0, n=len(outcomes), confidence=CONFIDENCE)
    ratio = float(over.sum() / paid.sum())
    reach = 1.96 * float(np.sqrt(((over - ratio * paid) ** 2).sum()) / paid.sum())
    return Measure(
        estimate=ratio,
        low=max(0.0, ratio - reach),
        high=ratio + reach,
        numerator=float(over.sum()) / 100,
        n=len(outcomes),
        confidence=CONFIDENCE,
    )


def _shared(signal: Signal) -> bool:
    """Whether people's rate is known to have risen too, at least half as far; not knowing does not silence."""
    ours, before, now = (signal.baseline, signal.now), signal.human_baseline, signal.human_now
    if before is None or now is None or signal.denominator == "paid dollars":
        return False
    values = (ours[0].estimate, ours[1].estimate, before.estimate, now.estimate)
    if any(value is None for value in values):
        return False
    base, here, people_base, people_now = (float(value or 0.0) for value in values)
    if people_now - people_base < (here - base) / 2:
        return False
    test = fisher_test(round(now.numerator), now.n, round(before.numerator), before.n)
    return bool(test.p_value[0] / 2 <= _ALONG_LEVEL)


@dataclass(frozen=True)
class _Answer:
    """What is said beside the state."""

    note: str
    path: Path | None = None
    told: tuple[Signal, ...] = ()
    shared: tuple[Signal, ...] = ()


def _reading(stream: AuditedStream, state: StreamState, answer: _Answer) -> Reading:
    path, moved = answer.path, bool(answer.told or answer.shared)
    return Reading(
        monitor=stream.monitor.name,
        kind=stream.monitor.kind,
        strand=stream.split.strand,
        state=state,
        n=len(stream.split.watched),
        statistic=None if path is None else path.highest if moved else path.statistic,
        threshold=path.threshold if path else None,
        since=answer.told[0].since if answer.told else None,
        signals=answer.told,
        held_back=answer.shared,
        note=answer.note,
        part=stream.part,
    )
