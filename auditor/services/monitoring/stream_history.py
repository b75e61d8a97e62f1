"""What every stream of a monitor has said, run by run, with the events of its time. Reads our tables alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import StreamState
from auditor.storage.monitors import Alert, MonitorRun, MonitorVersion, StreamReading

_MOST_RUNS = 78


@dataclass(frozen=True, kw_only=True)
class Past:
    """What a stream said in one run; `statistic` alarms at `threshold` or above."""

    as_of: date
    state: StreamState
    statistic: float | None
    threshold: float | None
    n: int
    note: str


@dataclass(frozen=True, kw_only=True)
class StreamHistory:
    """One stream, its runs in order of their day, and what happened meanwhile: day and label."""

    stream: str
    runs: tuple[Past, ...]
    events: tuple[tuple[date, str], ...]

    @property
    def newest(self) -> Past:
        """What it said last."""
        return self.runs[-1]


def histories(session: Session, monitor: str) -> list[StreamHistory]:
    """Every stream that the monitor's newest run read: those in alarm first, then by name."""
    runs = _newest_runs(session)
    if not runs:
        return []
    rows = session.execute(
        select(StreamReading, MonitorRun.as_of)
        .join(MonitorRun, MonitorRun.id == StreamReading.run_id)
        .where(StreamReading.run_id.in_(runs), StreamReading.monitor == monitor)
        .order_by(MonitorRun.as_of, StreamReading.id)
    ).all()
    streams: dict[str, list[Past]] = {}
    for reading, as_of in rows:
        streams.setdefault(reading.stream, []).append(_past(reading, as_of))
    newest = max((past[-1].as_of for past in streams.values()), default=None)
    found = [
        StreamHistory(stream=name, runs=tuple(past), events=events_of(session, name, monitor))
        for name, past in streams.items()
        if past[-1].as_of == newest
    ]
    return sorted(found, key=lambda each: (each.newest.state is not StreamState.ALARM, each.stream))


def newest_states(session: Session) -> dict[str, dict[StreamState, int]]:
    """How many streams of each monitor stand where, by the newest run."""
    runs = _newest_runs(session)
    if not runs:
        return {}
    counted = (
        select(StreamReading.monitor, StreamReading.state, func.count())
        .where(StreamReading.run_id == runs[0])
        .group_by(StreamReading.monitor, StreamReading.state)
    )
    found: dict[str, dict[StreamState, int]] = {}
    for monitor, state, count in session.execute(counted).all():
        found.setdefault(monitor, {})[state] = count
    return found


def versions(session: Session, monitor: str) -> Sequence[MonitorVersion]:
    """What people made of a monitor, the newest first; none while it is as it was shipped."""
    question = select(MonitorVersion).where(MonitorVersion.name == monitor).order_by(MonitorVersion.version.desc())
    return session.scalars(question).all()


def newest_day(session: Session) -> date | None:
    """The day that the newest run judged; None before the first."""
    return session.scalar(select(func.max(MonitorRun.as_of)))


def _newest_runs(session: Session) -> list[int]:
    """The last run of each day, the newest day first."""
    last = select(func.max(MonitorRun.id)).group_by(MonitorRun.as_of)
    question = select(MonitorRun.id).where(MonitorRun.id.in_(last)).order_by(MonitorRun.as_of.desc())
    return list(session.scalars(question.limit(_MOST_RUNS)))


def _past(reading: StreamReading, as_of: date) -> Past:
    return Past(
        as_of=as_of,
        state=reading.state,
        statistic=reading.statistic,
        threshold=reading.threshold,
        n=reading.n,
        note=reading.note,
    )


def events_of(session: Session, stream: str, monitor: str) -> tuple[tuple[date, str], ...]:
    """The events of alerts about the stream, the days on which those opened, and since when what it reads moved."""
    found: dict[tuple[date, str], None] = {}
    for alert in session.scalars(select(Alert).where(Alert.story == stream).order_by(Alert.id)):
        chart = alert.latest.get("chart") or {}
        for event in chart.get("events", ()):
            if not event["label"].startswith("since "):  # of the signal that leads the alert, which others may read
                found[date.fromisoformat(event["on"]), event["label"]] = None
        for signal in alert.latest.get("signals", ()):
            since = date.fromisoformat(signal["since"])
            if signal["monitor"] == monitor and since != alert.since:
                found[since, f"since {since:%-d %b}"] = None
        found[alert.first_seen_on, f"alert {alert.id}"] = None
    return tuple(sorted(found))
