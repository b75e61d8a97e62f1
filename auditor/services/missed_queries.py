"""Missed queries: cases on which the coder should have asked the provider and coded without doing so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, NotFound
from auditor.services import audits, findings
from auditor.storage import history
from auditor.storage.cases import AuditCase
from auditor.storage.queries import MissedQuery


def note(session: Session, case_id: int, reason: str, *, by: str, at: datetime) -> MissedQuery:
    """Note that a query was missed on a case, or why, anew."""
    case = findings.case_of(session, case_id, lock=True)
    audits.hold_for_review(session, case.audit_id)
    if not reason.strip():
        raise BadInput("say what the coder should have asked: a missed query takes a reason")
    missed = of_case(session, case_id) or MissedQuery(case_id=case_id)
    missed.reason, missed.noted_by, missed.noted_at = reason.strip(), by, at
    session.add(missed)
    _log(session, case, missed=True, by=by, at=at)
    return missed


def withdraw(session: Session, case_id: int, *, by: str, at: datetime) -> None:
    """No query was missed after all."""
    case = findings.case_of(session, case_id, lock=True)
    audits.hold_for_review(session, case.audit_id)
    missed = of_case(session, case_id)
    if missed is None:
        raise NotFound(f"no missed query is noted on case {case_id}")
    session.delete(missed)
    _log(session, case, missed=False, by=by, at=at)


def of_case(session: Session, case_id: int) -> MissedQuery | None:
    """What is noted on a case."""
    return session.scalar(select(MissedQuery).where(MissedQuery.case_id == case_id))


def _log(session: Session, case: AuditCase, *, missed: bool, by: str, at: datetime) -> None:
    body = {"audit": case.audit_id, "case": case.id, "missed": missed}
    history.record(session, Event(kind=EventKind.QUERY_MISSED, by=by, body=body), at=at)
