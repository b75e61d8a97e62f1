"""Writes the event log: one row an event, in the transaction of the change, chained by SHA-256.

Events are kept on the session and written when it commits, so that the head of the chain is locked last and
for the shortest time.
"""

from datetime import UTC, datetime
from typing import cast

from sqlalchemy import Table, insert, literal_column, select, text
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from auditor.domain.chain import GENESIS_SHA256, canonical_json, link
from auditor.domain.events import Event
from auditor.storage import asking
from auditor.storage.log import AuditMark, LogEntry

_PENDING = "auditor_pending_events"
_CHAIN_LOCK = 4_711_001
_ENTRIES, _MARKS = insert(cast(Table, LogEntry.__table__)), insert(cast(Table, AuditMark.__table__))
# A limit that is a parameter would have PostgreSQL plan anew each time, while all others wait for the chain.
_NEWEST = select(LogEntry.number, LogEntry.sha256).order_by(LogEntry.number.desc()).limit(literal_column("1"))


def record(session: Session, event: Event, *, at: datetime) -> None:
    """Log one change; the row is written when the session's transaction commits, or not at all."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    session.info.setdefault(_PENDING, []).append((event, at.astimezone(UTC).isoformat()))


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the newest committed entry; (0, zeros) before the first."""
    newest = asking.rows(session, _NEWEST, {}).first()
    return (newest.number, newest.sha256) if newest else (0, GENESIS_SHA256)


def _write(session: Session) -> None:
    pending: list[tuple[Event, str]] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    entries, marks = [], []
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    number, previous = head(session)
    for event, at in pending:
        number += 1
        body = canonical_json({"by": event.by, **event.body})
        sha256 = link(number=number, at=at, kind=event.kind, body=body, previous_sha256=previous)
        entries.append(
            {
                "number": number,
                "at": at,
                "kind": event.kind,
                "body": body,
                "previous_sha256": previous,
                "sha256": sha256,
            }
        )
        if isinstance(audit := event.body.get("audit"), int):
            marks.append({"entry_number": number, "audit_id": audit})
        previous = sha256
    asking.insert(session, _ENTRIES, entries)
    asking.insert(session, _MARKS, marks)


def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)


sqlalchemy_event.listen(Session, "before_commit", _write)
sqlalchemy_event.listen(Session, "after_rollback", _forget)
