"""Requests for records: one row each time a case begins to wait for its record, settled when the waiting ends.

The documentation status of a case is what counts; these rows follow it, and say who asked for what, until when.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus
from auditor.domain.events import Event, EventKind
from auditor.domain.queries import QueryState, RequestState
from auditor.services import privilege
from auditor.storage import history
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.queries import DocumentationRequest, ProviderQuery

_SETTLED = {
    DocumentationStatus.COMPLETE: RequestState.PRODUCED,
    DocumentationStatus.NOT_PRODUCED: RequestState.NOT_PRODUCED,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for, and until when it should come; both may be left open."""

    record: str | None = None
    due_on: date | None = None


def follow(session: Session, case: AuditCase, status: DocumentationStatus, *, by: str, at: datetime) -> None:
    """A case is about to get another documentation status: begin or settle its request.

    A case that begins to wait for the answer to a provider query has no request of its own.
    """
    if status is case.documentation_status:
        return
    newest = newest_of(session, case.id)
    if status is DocumentationStatus.REQUESTED:
        if not _waits(newest) and not _is_asked(session, case):
            begin(session, case, Wanted(), by=by, at=at)
    elif newest is not None and newest.state is not _SETTLED[status]:
        newest.state, newest.settled_by, newest.settled_at = _SETTLED[status], by, at
        _log(session, EventKind.DOCUMENTATION_SETTLED, newest, by=by, at=at)


def begin(session: Session, case: AuditCase, wanted: Wanted, *, by: str, at: datetime) -> DocumentationRequest:
    """A request of a case, or more about the one that is not settled yet."""
    newest = newest_of(session, case.id)
    if newest is not None and _waits(newest):
        newest.wanted, newest.due_on = wanted.record or newest.wanted, wanted.due_on or newest.due_on
        return newest
    begun = DocumentationRequest(
        case=case,
        state=RequestState.REQUESTED,
        wanted=wanted.record,
        due_on=wanted.due_on,
        requested_by=by,
        requested_at=at,
    )
    session.add(begun)
    session.flush()
    _log(session, EventKind.DOCUMENTATION_REQUESTED, begun, by=by, at=at)
    return begun


def newest_of(session: Session, case_id: int) -> DocumentationRequest | None:
    """The newest request of a case."""
    question = select(DocumentationRequest).where(DocumentationRequest.case_id == case_id)
    return session.scalar(question.order_by(DocumentationRequest.id.desc()).limit(1))


def listed(
    session: Session, *, state: RequestState | None = None, reader: str | None = None
) -> list[DocumentationRequest]:
    """Requests, those due first at the top; for a reader, those that they may know of."""
    question = (
        select(DocumentationRequest)
        .join(DocumentationRequest.case)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .order_by(DocumentationRequest.due_on.is_(None), DocumentationRequest.due_on, DocumentationRequest.id)
    )
    if state is not None:
        question = question.where(DocumentationRequest.state == state)
    if reader is not None:
        question = question.where(privilege.known_to(reader))
    return list(session.scalars(question))


def _waits(request: DocumentationRequest | None) -> bool:
    return request is not None and request.state is RequestState.REQUESTED


def _is_asked(session: Session, case: AuditCase) -> bool:
    asked = select(ProviderQuery.id).where(ProviderQuery.case_id == case.id, ProviderQuery.state == QueryState.OPEN)
    return session.scalar(asked.limit(1)) is not None


def _log(session: Session, kind: EventKind, request: DocumentationRequest, *, by: str, at: datetime) -> None:
    body = {
        "audit": request.case.audit_id,
        "case": request.case_id,
        "request": request.id,
        "state": request.state.value,
    }
    history.record(session, Event(kind=kind, by=by, body=body), at=at)
