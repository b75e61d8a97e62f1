"""Bills that wait for their audit, and their release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from auditor.domain.audits import ReviewStatus
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict
from auditor.services import audits
from auditor.storage import history
from auditor.storage.cases import AuditCase
from auditor.storage.practice_days import day_of
from auditor.storage.prebill import BillHold


@dataclass(frozen=True, kw_only=True)
class HeldBill:
    """One bill: its case by number, until when it may wait, and whether its review is done."""

    case: int
    due_on: date
    done: bool
    late: bool
    released_at: datetime | None
    released_by: str | None


def listed(session: Session, audit_id: int, *, on: date) -> list[HeldBill]:
    """The bills of an audit by their day; on that day."""
    audits.numbered(session, audit_id)
    return [
        HeldBill(
            case=hold.case.number,
            due_on=hold.due_on,
            done=hold.case.review_status is ReviewStatus.DONE,
            late=hold.released_at is None and hold.due_on < on,
            released_at=hold.released_at,
            released_by=hold.released_by,
        )
        for hold in _holds(session, audit_id)
    ]


def release(session: Session, audit_id: int, *, numbers: Sequence[int] = (), by: str, at: datetime) -> list[int]:
    """Let bills go: those named, or all whose review is done or whose day has come; the cases' numbers."""
    audits.locked(session, audit_id)
    waiting = [hold for hold in _holds(session, audit_id) if hold.released_at is None]
    if numbers:
        chosen = [hold for hold in waiting if hold.case.number in numbers]
        missing = sorted(set(numbers) - {hold.case.number for hold in chosen})
        if missing:
            raise BadInput(f"no bill of case {', '.join(map(str, missing))} is held: nothing was released")
    else:
        done = ReviewStatus.DONE
        chosen = [hold for hold in waiting if hold.case.review_status is done or hold.due_on <= day_of(session, at)]
    if not chosen:
        raise Conflict(f"no bill of audit {audit_id} may be released yet: their reviews are not done")
    for hold in chosen:
        hold.released_at, hold.released_by = at, by
    released = [hold.case.number for hold in chosen]
    body = {"audit": audit_id, "cases": released}
    history.record(session, Event(kind=EventKind.BILLS_RELEASED, by=by, body=body), at=at)
    return released


def late(session: Session, *, on: date) -> dict[int, int]:
    """How many bills have waited too long, by audit."""
    rows = session.execute(
        select(AuditCase.audit_id, BillHold.case_id)
        .join(BillHold.case)
        .where(BillHold.released_at.is_(None), BillHold.due_on < on)
        .order_by(AuditCase.audit_id)
    )
    found: dict[int, int] = {}
    for audit_id, _ in rows:
        found[audit_id] = found.get(audit_id, 0) + 1
    return found


def _holds(session: Session, audit_id: int) -> list[BillHold]:
    question = (
        select(BillHold)
        .join(BillHold.case)
        .options(contains_eager(BillHold.case))
        .where(AuditCase.audit_id == audit_id)
        .order_by(BillHold.due_on, AuditCase.number)
    )
    return list(session.scalars(question))
