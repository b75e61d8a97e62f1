"""How long reviews take, as measured while people work: idle time is left out where it is measured."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass, ReviewStatus
from auditor.services.seats import Seat
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

_MOST_SECONDS = 3_600
_OF_AUDIT = AuditCase.audit_id == bindparam("audit_id")
_SPENT = union_all(
    select(AuditCase.seconds_spent).where(_OF_AUDIT, AuditCase.review_status == ReviewStatus.DONE),
    select(FurtherReview.seconds_spent)
    .join(FurtherReview.case)
    .where(_OF_AUDIT, FurtherReview.review_status == ReviewStatus.DONE)
    .where(FurtherReview.review_pass == ReviewPass.SECOND),
).subquery()
_MEASURED = select(func.count(), func.sum(_SPENT.c.seconds_spent)).where(_SPENT.c.seconds_spent > 0)


@dataclass(frozen=True, kw_only=True)
class ReviewTimes:
    """The finished reviews of an audit whose time was measured, and the minutes that they took on average."""

    audit_id: int
    reviews: int
    minutes: float | None


def add(seat: Seat, seconds: int) -> None:
    """Add a stretch of work to the time of a review; what is longer than an hour at once is cut to one."""
    seat.work.seconds_spent += min(max(seconds, 0), _MOST_SECONDS)


def of_audit(session: Session, audit_id: int) -> ReviewTimes:
    """What the reviews of an audit took, first and second ones alike; minutes are None where none was measured."""
    count, seconds = session.execute(_MEASURED, {"audit_id": audit_id}).one()
    return ReviewTimes(audit_id=audit_id, reviews=count, minutes=float(seconds) / count / 60 if count else None)
