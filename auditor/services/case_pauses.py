"""A review rests while it waits for a record or a provider's answer, and goes on when nothing is awaited.

The reviews of a case rest each for itself: neither reviewer can tell from their own that the other waits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.services import audits, documentation_requests, findings, seats
from auditor.services.alert_folding import MACHINE
from auditor.services.documentation_requests import Wanted
from auditor.services.findings import Recorded, Review
from auditor.services.seats import Seat
from auditor.storage.cases import AuditCase
from auditor.storage.queries import DocumentationRequest


def request(session: Session, case_id: int, wanted: Wanted, *, by: str, at: datetime) -> DocumentationRequest:
    """Ask for the record of a case; the review of whoever asks rests until it is settled."""
    seat = seats.seat_of(session, findings.case_of(session, case_id, lock=True), name=by)
    audits.hold_for_review(session, seat.case.audit_id)
    seats.refuse_decided(seat)
    asked = documentation_requests.begin(session, seat, wanted, at=at)
    _record(session, seat, DocumentationStatus.REQUESTED, at=at)
    return asked


def settle(session: Session, case_id: int, *, produced: bool, by: str, at: datetime) -> list[Recorded]:
    """The record came, and the review goes on; or it will not come, and the claim counts as an error.

    A reviewer of the case says so for their own review; anybody else, such as an officer who heard from the records
    room, for every review that waits.
    """
    case = findings.case_of(session, case_id, lock=True)
    status = DocumentationStatus.COMPLETE if produced else DocumentationStatus.NOT_PRODUCED
    return [_record(session, seat, status, at=at) for seat in settled_by(session, case, by)]


def awaited(session: Session, case: AuditCase, name: str) -> list[DocumentationRequest]:
    """The requests that wait for a person to say whether the record came."""
    found = (documentation_requests.waiting_of(session, seat) for seat in settled_by(session, case, name))
    return [each for each in found if each is not None]


def end_waiting(session: Session, case_id: int, *, by: str, at: datetime) -> None:
    """Every review of a case that waits ends without its record: its audit is being brought to an end."""
    for seat in _resting(session, findings.case_of(session, case_id, lock=True), by):
        _record(session, seat, DocumentationStatus.NOT_PRODUCED, at=at)


def settled_by(session: Session, case: AuditCase, name: str) -> Sequence[Seat]:
    """The reviews for which a person says whether the record came."""
    own = seats.seat_of(session, case, name=name)
    if own.work.assigned_to in (None, name):
        return (own,)
    return _resting(session, case, name) or (own,)


def pause(session: Session, case: AuditCase, *, by: str, at: datetime) -> None:
    """Let the review of whoever asks rest, at a locked case: a query of it has just been opened.

    A first review that is done stays done when it is somebody else who asks.
    """
    seat = seats.seat_of(session, case, name=by)
    if seat.work.review_status is ReviewStatus.DONE and seat.work.reviewed_by != by:
        return
    if seat.work.documentation_status is not DocumentationStatus.REQUESTED:
        _record(session, seat, DocumentationStatus.REQUESTED, at=at)


def resume(session: Session, case: AuditCase, *, at: datetime) -> None:
    """Let the reviews of a locked case go on that await nothing any more, unless its audit is over.

    It is the product that lets them go on: whoever answered may be its coder, who records nothing on it.
    """
    if not audits.is_under_review(case.audit):
        return
    for seat in _resting(session, case, MACHINE):
        if not documentation_requests.awaits(session, seat):
            _record(session, seat, DocumentationStatus.COMPLETE, at=at)


def _resting(session: Session, case: AuditCase, name: str) -> list[Seat]:
    passes = (ReviewPass.FIRST, *seats.further_reviews(session, case.id))
    found = [seats.seat_for(session, case, each, name=name) for each in passes]
    return [seat for seat in found if seat.work.documentation_status is DocumentationStatus.REQUESTED]


def _record(session: Session, seat: Seat, status: DocumentationStatus, *, at: datetime) -> Recorded:
    missing = status is DocumentationStatus.NOT_PRODUCED
    standing = () if missing else findings.current(session, seat.case.id, seat.review_pass)
    review = Review(findings=standing, documentation_status=status, review_pass=seat.review_pass, finished=missing)
    return findings.record(session, seat.case.id, review, by=seat.name, at=at)
