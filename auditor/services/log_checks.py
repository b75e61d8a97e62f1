"""Checks of the event log that are themselves on record: when the chain was recomputed, and what that showed."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.services import audits, finding_ties, log
from auditor.services.log import Verified
from auditor.storage import history
from auditor.storage.audits import Audit
from auditor.storage.database import Database
from auditor.storage.log import LogEntry


@dataclass(frozen=True, kw_only=True)
class LogCheck:
    """One check: up to which entry, and whether all of them were as they had been written."""

    at: datetime
    number: int
    intact: bool


def check(database: Database, *, by: str, at: datetime) -> Verified:
    """Recompute the chain, compare the findings of audits under review with it, and note what that showed.

    What is signed has a digest of its own, which is looked at whenever it is shown.
    """
    with database.read() as session:
        verified = log.verify(log.stream(session))
        reviewed = list(session.scalars(select(Audit.id).where(audits.under_review()).order_by(Audit.id)))
        verified = log.with_problems(verified, finding_ties.problems(session, audit_ids=reviewed))
    with database.write() as session:
        note(session, verified, by=by, at=at)
    return verified


def note(session: Session, verified: Verified, *, by: str, at: datetime) -> None:
    """Put a check on record."""
    body = {"number": verified.head.number, "sha256": verified.head.sha256, "intact": verified.intact}
    history.record(session, Event(kind=EventKind.LOG_VERIFIED, by=by, body=body), at=at)


def newest(session: Session) -> LogCheck | None:
    """The newest check on record; None before the first."""
    question = select(LogEntry).where(LogEntry.kind == EventKind.LOG_VERIFIED.value)
    entry = session.scalars(question.order_by(LogEntry.number.desc()).limit(1)).first()
    if entry is None:
        return None
    body = json.loads(entry.body)
    return LogCheck(at=datetime.fromisoformat(entry.at), number=body["number"], intact=body["intact"])
