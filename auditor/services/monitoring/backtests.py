"""A monitor over history, week by week, as it would have run: findings as of each day, and no alert written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from auditor.domain.alerts import StreamState
from auditor.errors import BadInput
from auditor.services.monitoring.definitions import current
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.run import RunRules, evaluate_sources
from auditor.services.monitoring.weeks import WEEK, monday
from auditor.storage.database import Database

_MOST_WEEKS = 260


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


def backtest_monitor(
    database: Database, name: str, *, rules: RunRules, first_on: date, last_on: date
) -> list[BacktestWeek]:
    """Every Monday from `first_on` to `last_on`; decisions on alerts that came later are not known then."""
    with database.read() as session:
        current(session).named(name)
    mondays = _mondays(first_on, last_on)
    found, memory = [], Memory()
    for as_of in mondays:
        before = datetime.combine(as_of, time(), tzinfo=UTC)
        for evaluation, _ in evaluate_sources(database, rules=rules, as_of=as_of, before=before, memory=memory):
            found += [
                BacktestWeek(
                    as_of=as_of,
                    stream=reading.stream,
                    state=reading.state,
                    statistic=reading.statistic,
                    threshold=reading.threshold,
                    n=reading.n,
                    since=reading.since,
                    signals=tuple(signal.what for signal in reading.signals),
                )
                for reading in evaluation.readings
                if reading.monitor == name
            ]
    return found


def _mondays(first_on: date, last_on: date) -> list[date]:
    first = monday(first_on + timedelta(days=6))
    days = [first + WEEK * week for week in range(_MOST_WEEKS + 1) if first + WEEK * week <= last_on]
    if not days:
        raise BadInput(f"there is no Monday from {first_on} to {last_on}: give a longer span")
    if len(days) > _MOST_WEEKS:
        raise BadInput(f"from {first_on} to {last_on} is more than {_MOST_WEEKS} weeks: give a shorter span")
    return days
