"""A person's seat at a case: which of its reviews is theirs, and the row that says how far it is.

A second reviewer opens the same case by the same address as the first and finds it untouched: neither can tell
which of them is which.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.errors import Conflict
from auditor.storage import asking
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

Work = AuditCase | FurtherReview
Further = Mapping[ReviewPass, FurtherReview]
"""The second review and the adjudication of a case, as far as it has them."""

_FURTHER = select(FurtherReview).where(FurtherReview.case_id == bindparam("case_id"))
_OF_AUDIT = AuditCase.audit_id == bindparam("audit_id")
_FIRST_DONE = select(func.count()).select_from(AuditCase).where(AuditCase.reviewed_by == bindparam("name"))
_SECOND_DONE = (
    select(func.count())
    .select_from(FurtherReview)
    .join(FurtherReview.case)
    .where(FurtherReview.reviewed_by == bindparam("name"), FurtherReview.review_pass == ReviewPass.SECOND)
)
_DONE = select(_FIRST_DONE.scalar_subquery() + _SECOND_DONE.scalar_subquery())
_SHARE = select(
    select(func.count()).select_from(AuditCase).where(_OF_AUDIT).scalar_subquery(),
    _FIRST_DONE.where(_OF_AUDIT).scalar_subquery() + _SECOND_DONE.where(_OF_AUDIT).scalar_subquery(),
)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A case, the review of it that a person works on, and the row with that review's status and revision."""

    case: AuditCase
    review_pass: ReviewPass
    work: Work
    name: str
    further: Further


def seat_of(session: Session, case: AuditCase, *, name: str) -> Seat:
    """The seat that a person has at a case: the second review where that is theirs, else the first."""
    further = further_reviews(session, case.id)
    second = further.get(ReviewPass.SECOND)
    if second is not None and second.assigned_to == name:
        return Seat(case=case, review_pass=ReviewPass.SECOND, work=second, name=name, further=further)
    return Seat(case=case, review_pass=ReviewPass.FIRST, work=case, name=name, further=further)


def seat_for(session: Session, case: AuditCase, review_pass: ReviewPass, *, name: str) -> Seat:
    """The seat of a review, whoever sits in it; Conflict when the case has no such review."""
    further = further_reviews(session, case.id)
    work: Work | None = case if review_pass in (ReviewPass.FIRST, ReviewPass.REBUTTED) else further.get(review_pass)
    if work is None:
        raise Conflict(f"case {case.id} has no {review_pass} review: record it without naming the review")
    return Seat(case=case, review_pass=review_pass, work=work, name=name, further=further)


def further_reviews(session: Session, case_id: int) -> Further:
    """The second review and the adjudication of a case, as far as it has them."""
    return {row.review_pass: row for row in session.scalars(_FURTHER, {"case_id": case_id})}


def is_reviewed_by(name: str) -> ColumnElement[bool]:
    """A condition on `AuditCase`: its first or its second review was given to that person."""
    second = exists().where(
        FurtherReview.case_id == AuditCase.id,
        FurtherReview.review_pass == ReviewPass.SECOND,
        FurtherReview.assigned_to == name,
    )
    return or_(AuditCase.assigned_to == name, second)


def refuse_decided(seat: Seat) -> None:
    """Conflict when an adjudication has settled what this reviewer would change."""
    decision = seat.further.get(ReviewPass.ADJUDICATED)
    decided = decision is not None and decision.review_status is ReviewStatus.DONE
    if decided and seat.review_pass is not ReviewPass.ADJUDICATED:
        raise Conflict(f"case {seat.case.id} was adjudicated: the adjudication counts, and takes corrections")


def new_review(case: AuditCase, review_pass: ReviewPass, *, assigned_to: str | None) -> FurtherReview:
    """A further review that nobody has begun."""
    return FurtherReview(
        case_id=case.id,
        review_pass=review_pass,
        assigned_to=assigned_to,
        documentation_status=DocumentationStatus.COMPLETE,
        review_status=ReviewStatus.PENDING,
        revision=0,
        seconds_spent=0,
    )


def done_by(session: Session, name: str) -> int:
    """How many reviews a person has finished, first and second ones alike."""
    return asking.value(session, _DONE, {"name": name}) or 0


def share_of_audit(session: Session, name: str, audit_id: int) -> tuple[int, int]:
    """How many cases an audit has, and how many of its reviews a person has finished."""
    cases, done = asking.rows(session, _SHARE, {"name": name, "audit_id": audit_id}).one()
    return cases, done
