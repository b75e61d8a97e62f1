"""Cases with two reviews, in few words."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass
from auditor.services import findings, seats
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.services.review_queue import stage_under_review
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview
from tests import make
from tests.domain.judgements import judged


def with_second(session: Session, case: AuditCase, *, to: str | None = "ben") -> FurtherReview:
    """A second review of a case, given to somebody and not begun."""
    made = seats.new_review(case, ReviewPass.SECOND, assigned_to=to)
    session.add(made)
    session.flush()
    return made


def give(
    session: Session,
    case: AuditCase,
    verdicts: Mapping[str, dict[str, Any]] | None = None,
    *,
    by: str,
    documentation: DocumentationStatus = DocumentationStatus.COMPLETE,
) -> None:
    """A person's whole review of a case from their own seat: agreement but for these verdicts."""
    claim = thaw(case)
    missing = documentation is DocumentationStatus.NOT_PRODUCED
    found = () if missing else judged(claim, stage_under_review(claim), **(verdicts or {}))
    seat = seats.seat_of(session, case, name=by)
    review = Review(findings=found, documentation_status=documentation, review_pass=seat.review_pass)
    findings.record(session, case.id, review, by=by, at=make.NOON)
