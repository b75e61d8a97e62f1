"""A monitor over history, week by week, as it would have run: findings as of each day, and no alert written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import MonitorKind, Reading
from auditor.errors import BadInput
from auditor.services import claim_sources
from auditor.services.guidelines.weekly import first_checked_at
from auditor.services.monitoring.definitions import current
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.run import RunRules, judge_sources
from auditor.services.monitoring.trials import of_source, refuse_unknown
from auditor.services.monitoring.weeks import WEEK, monday
from auditor.storage.database import Database
from auditor.storage.practice_days import day_of

_MOST_WEEKS = 260


@dataclass(frozen=True, kw_only=True)
class BacktestSpan:
    """Which days to run as of, and over which source (None: all)."""

    first_on: date
    last_on: date
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """What the monitor would have said, and a sentence for each source that did not answer; `notes` say on what
    it rests, and why where it says nothing."""

    weeks: tuple["BacktestWeek", ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BacktestWeek:
    """What one stream of the monitor would have said on a Monday."""

    as_of: date
    stream: str
    state: StreamState
    statistic: float | None
    threshold: float | None
    n: int
    since: date | None
    signals: tuple[str, ...]
    note: str = ""


def backtest_monitor(database: Database, name: str, *, rules: RunRules, span: BacktestSpan) -> Backtest:
    """Every Monday of the span; what was found, decided and recorded later is not known then.

    A source that does not answer is left out and told of; Unavailable when it was asked for, or when none answers.
    """
    refuse_unknown(database, name, span.source)
    weeks: list[BacktestWeek] = []
    problems: dict[str, None] = {}
    memory = Memory()
    for as_of in _mondays(span.first_on, span.last_on):
        before = datetime.combine(as_of, time(), tzinfo=UTC)
        found, failed = judge_sources(database, rules=rules, as_of=as_of, before=before, memory=memory)
        problems |= dict.fromkeys(failed)
        for evaluation in of_source(found, failed, span.source):
            weeks += [_week(as_of, reading) for reading in evaluation.readings if reading.monitor == name]
    notes = (*_checked_later(database, name, span), *_unsaid(weeks))
    return Backtest(weeks=tuple(weeks), problems=tuple(problems), notes=notes)


def _checked_later(database: Database, name: str, span: BacktestSpan) -> list[str]:
    """A sentence for each source whose guidelines were first checked after the span began."""
    with database.read() as session:
        if current(session).named(name).kind is not MonitorKind.VIOLATION_RATES:
            return []
        sources = [each for each in claim_sources.in_use(session) if span.source in (None, each.name)]
        checked = {each.name: first_checked_at(session, each.id) for each in sources}
        firsts = {name: day_of(session, at) for name, at in checked.items() if at is not None}
    return [
        f"{source}: guidelines were first checked on {first}; the weeks before are judged by what checks"
        " counted of them afterwards"
        for source, first in firsts.items()
        if first >= span.first_on
    ]


def _unsaid(weeks: Iterable[BacktestWeek]) -> list[str]:
    """Why streams have no data, each reason once, with where it was met first."""
    first: dict[str, BacktestWeek] = {}
    for week in weeks:
        if week.state is StreamState.NO_DATA and week.note:
            first.setdefault(week.note, week)
    return [f"{week.stream} has no data as of {week.as_of}: {reason}" for reason, week in first.items()]


def _week(as_of: date, reading: Reading) -> BacktestWeek:
    return BacktestWeek(
        as_of=as_of,
        stream=reading.stream,
        state=reading.state,
        statistic=reading.statistic,
        threshold=reading.threshold,
        n=reading.n,
        since=reading.since,
        signals=tuple(signal.what for signal in reading.signals),
        note=reading.note,
    )


def _mondays(first_on: date, last_on: date) -> list[date]:
    first = monday(first_on + timedelta(days=6))
    days = [first + WEEK * week for week in range(_MOST_WEEKS + 1) if first + WEEK * week <= last_on]
    if not days:
        raise BadInput(f"there is no Monday from {first_on} to {last_on}: give a longer span")
    if len(days) > _MOST_WEEKS:
        raise BadInput(f"from {first_on} to {last_on} is more than {_MOST_WEEKS} weeks: give a shorter span")
    return days
