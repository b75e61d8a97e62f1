"""One run at a time: a row that only one caller can hold, and that falls to the next when its holder has died."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.storage import history
from auditor.storage.database import Database
from auditor.storage.monitors import Run

LONGEST_RUN = timedelta(hours=2)


def take(database: Database, name: str, *, at: datetime, by: str) -> int | None:
    """The run's number, or None when another one holds the lock; a holder past its time has died."""
    try:
        with database.write() as session:
            holder = session.scalar(select(Run).where(Run.name == name, Run.finished_at.is_(None)).with_for_update())
            if holder is not None and holder.expires_at > at:
                return None
            if holder is not None:
                holder.finished_at, holder.outcome = at, {"died": True}
                session.flush()
            run = Run(name=name, started_at=at, expires_at=at + LONGEST_RUN)
            session.add(run)
            session.flush()
            body = {"run": run.id, "name": name}
            history.record(session, Event(kind=EventKind.RUN_STARTED, by=by, body=body), at=at)
            return run.id
    except IntegrityError:
        return None


def give_back(database: Database, run_id: int, *, outcome: Mapping[str, object], at: datetime, by: str) -> None:
    """Finish the run with what it did. One that was taken for dead and replaced keeps its first ending."""
    with database.write() as session:
        run = session.get_one(Run, run_id)
        if run.finished_at is None:
            run.finished_at, run.outcome = at, dict(outcome)
        body = {"run": run.id, **outcome}
        history.record(session, Event(kind=EventKind.RUN_FINISHED, by=by, body=body), at=at)


def newest_day(session: Session, name: str) -> date | None:
    """The day for which the newest run that did its work was made, failed ones left out; None before the first."""
    days = (outcome["as_of"] for outcome in _outcomes(session, name) if "as_of" in outcome)
    return next(map(date.fromisoformat, days), None)


def newest_days(session: Session, name: str, *, most: int) -> list[date]:
    """The days for which the newest runs that did their work were made, the last one first, at most so many."""
    days = (outcome["as_of"] for outcome in _outcomes(session, name) if "as_of" in outcome)
    return [date.fromisoformat(day) for day in islice(days, most)]


def newest_outcome(session: Session, name: str) -> dict[str, Any] | None:
    """What the newest run that came to its end reported; None before the first."""
    return next(_outcomes(session, name), None)


def _outcomes(session: Session, name: str) -> Iterator[dict[str, Any]]:
    """What runs reported, the newest first."""
    question = select(Run.outcome).where(Run.name == name, Run.finished_at.is_not(None)).order_by(Run.id.desc())
    found = (outcome for outcome in session.scalars(question) if outcome)
    return (outcome for outcome in found if not outcome.get("died"))
