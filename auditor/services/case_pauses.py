"""A case rests while it waits for a record or a provider's answer, and goes on when nothing is awaited."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus
from auditor.domain.queries import QueryState, RequestState
from auditor.services import audits, documentation_requests, findings
from auditor.services.alert_folding import MACHINE
from auditor.services.documentation_requests import Wanted
from auditor.services.findings import Recorded, Review
from auditor.storage.cases import AuditCase
from auditor.storage.queries import DocumentationRequest, ProviderQuery


def request(session: Session, case_id: int, wanted: Wanted, *, by: str, at: datetime) -> DocumentationRequest:
    """Ask for the record of a case, which rests until it is settled."""
    case = findings.case_of(session, case_id, lock=True)
    audits.hold_for_review(session, case.audit_id)
    asked = documentation_requests.begin(session, case, wanted, by=by, at=at)
    _record(session, case, DocumentationStatus.REQUESTED, by=by, at=at)
    return asked


def settle(session: Session, case_id: int, *, produced: bool, by: str, at: datetime) -> Recorded:
    """The record came, and the review goes on; or it will not come, and the claim counts as an error."""
    case = findings.case_of(session, case_id, lock=True)
    status = DocumentationStatus.COMPLETE if produced else DocumentationStatus.NOT_PRODUCED
    return _record(session, case, status, by=by, at=at)


def pause(session: Session, case: AuditCase, *, by: str, at: datetime) -> None:
    """Let a locked case rest: a query of it has just been opened.

    A first review that is done stays done when it is a further reviewer who asks.
    """
    if case.review_status is ReviewStatus.DONE and case.reviewed_by != by:
        return
    if case.documentation_status is not DocumentationStatus.REQUESTED:
        _record(session, case, DocumentationStatus.REQUESTED, by=by, at=at)


def resume(session: Session, case: AuditCase, *, at: datetime) -> None:
    """Let a locked case go on, unless another query or its record is still awaited, or its audit is over.

    It is the product that lets it go on: whoever answered may be its coder, who records nothing on it.
    """
    asked = select(ProviderQuery.id).where(ProviderQuery.case_id == case.id, ProviderQuery.state == QueryState.OPEN)
    request = documentation_requests.newest_of(session, case.id)
    waits = request is not None and request.state is RequestState.REQUESTED
    rests = case.documentation_status is DocumentationStatus.REQUESTED and audits.is_under_review(case.audit)
    if rests and not waits and session.scalar(asked.limit(1)) is None:
        _record(session, case, DocumentationStatus.COMPLETE, by=MACHINE, at=at)


def _record(session: Session, case: AuditCase, status: DocumentationStatus, *, by: str, at: datetime) -> Recorded:
    missing = status is DocumentationStatus.NOT_PRODUCED
    review = Review(
        findings=() if missing else findings.current(session, case.id), documentation_status=status, finished=missing
    )
    return findings.record(session, case.id, review, by=by, at=at)
