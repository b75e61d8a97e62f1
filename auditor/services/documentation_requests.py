"""Requests for records: one row each time a review begins to wait for a record, settled when the waiting ends.

The documentation status of a review is what counts; these rows follow it, and say who asked for what, until when.
Each review of a case asks for itself: what a second reviewer waits for neither pauses the first nor is seen by it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass
from auditor.domain.events import Event, EventKind
from auditor.domain.queries import QueryState, RequestState
from auditor.errors import BadInput
from auditor.services import privilege
from auditor.services.seats import Seat
from auditor.storage import history
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.practice_days import day_of
from auditor.storage.queries import DocumentationRequest, ProviderQuery

USUAL_WAIT = timedelta(days=14)
"""When a record is due for which nobody named a day."""

_SETTLED = {
    DocumentationStatus.COMPLETE: RequestState.PRODUCED,
    DocumentationStatus.NOT_PRODUCED: RequestState.NOT_PRODUCED,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for, and until when it should come; both may be left open."""

    record: str | None = None
    due_on: date | None = None


def follow(session: Session, seat: Seat, status: DocumentationStatus, *, at: datetime) -> None:
    """A review is about to get another documentation status: begin or settle its request.

    One that begins to wait for the answer to a provider query has no request of its own.
    """
    if status is seat.work.documentation_status:
        return
    newest = newest_of(session, seat.case.id, seat.review_pass)
    if status is DocumentationStatus.REQUESTED:
        if not awaits(session, seat):
            begin(session, seat, Wanted(), at=at)
    elif newest is not None and newest.state is not _SETTLED[status]:
        newest.state, newest.settled_by, newest.settled_at = _SETTLED[status], seat.name, at
        _log(session, EventKind.DOCUMENTATION_SETTLED, newest, by=seat.name, at=at)


def begin(session: Session, seat: Seat, wanted: Wanted, *, at: datetime) -> DocumentationRequest:
    """A request of a review, or more about the one that is not settled yet; BadInput for a day that is over."""
    if wanted.due_on is not None and wanted.due_on < day_of(session, at):
        raise BadInput(f"the record would be due on {wanted.due_on}, which is over: give the records room time")
    begun = waiting_of(session, seat)
    if begun is not None:
        begun.wanted, begun.due_on = wanted.record or begun.wanted, wanted.due_on or begun.due_on
        return begun
    begun = DocumentationRequest(
        case=seat.case,
        review_pass=seat.review_pass,
        state=RequestState.REQUESTED,
        wanted=wanted.record,
        due_on=wanted.due_on or day_of(session, at) + USUAL_WAIT,
        requested_by=seat.name,
        requested_at=at,
    )
    session.add(begun)
    session.flush()
    _log(session, EventKind.DOCUMENTATION_REQUESTED, begun, by=seat.name, at=at)
    return begun


def awaits(session: Session, seat: Seat) -> bool:
    """Whether a review waits for a record that it asked for, or for an answer to a query of its reviewer."""
    return waiting_of(session, seat) is not None or _asks(session, seat)


def waiting_of(session: Session, seat: Seat) -> DocumentationRequest | None:
    """The request of a review that is not settled yet."""
    newest = newest_of(session, seat.case.id, seat.review_pass)
    return newest if newest is not None and newest.state is RequestState.REQUESTED else None


def newest_of(session: Session, case_id: int, review_pass: ReviewPass) -> DocumentationRequest | None:
    """The newest request of a review of a case."""
    question = select(DocumentationRequest).where(
        DocumentationRequest.case_id == case_id, DocumentationRequest.review_pass == review_pass
    )
    return session.scalar(question.order_by(DocumentationRequest.id.desc()).limit(1))


def listed(
    session: Session,
    *,
    state: RequestState | None = None,
    case_id: int | None = None,
    reader: str | None = None,
    asked_by: str | None = None,
) -> list[DocumentationRequest]:
    """Requests, those due first at the top; for a reader, those of audits that they may know of."""
    question = (
        select(DocumentationRequest)
        .join(DocumentationRequest.case)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .order_by(DocumentationRequest.due_on, DocumentationRequest.id)
    )
    if state is not None:
        question = question.where(DocumentationRequest.state == state)
    if case_id is not None:
        question = question.where(DocumentationRequest.case_id == case_id)
    if reader is not None:
        question = question.where(privilege.known_to(reader))
    if asked_by is not None:
        question = question.where(DocumentationRequest.requested_by == asked_by)
    return list(session.scalars(question))


def _asks(session: Session, seat: Seat) -> bool:
    """Whether a query of this review is open: the second reviewer's are the second's, all others the first's."""
    asked = select(ProviderQuery.id).where(
        ProviderQuery.case_id == seat.case.id, ProviderQuery.state == QueryState.OPEN
    )
    second = seat.further.get(ReviewPass.SECOND)
    if seat.review_pass is ReviewPass.SECOND:
        asked = asked.where(ProviderQuery.asked_by == seat.work.assigned_to)
    elif second is not None and second.assigned_to is not None:
        asked = asked.where(ProviderQuery.asked_by != second.assigned_to)
    return session.scalar(asked.limit(1)) is not None


def _log(session: Session, kind: EventKind, request: DocumentationRequest, *, by: str, at: datetime) -> None:
    body = {
        "audit": request.case.audit_id,
        "case": request.case_id,
        "request": request.id,
        "state": request.state.value,
    }
    history.record(session, Event(kind=kind, by=by, body=body), at=at)
