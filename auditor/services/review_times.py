"""How long reviews take, as measured while people work: idle time is left out where it is measured."""

from statistics import mean, median

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass, ReviewStatus
from auditor.reports.model import ReviewTimes
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
)


def add(seat: Seat, seconds: int) -> None:
    """Add a stretch of work to the time of a review; what is longer than an hour at once is cut to one."""
    seat.work.seconds_spent += min(max(seconds, 0), _MOST_SECONDS)


def of_audit(session: Session, audit_id: int) -> ReviewTimes:
    """What the finished reviews of an audit took, first and second ones alike."""
    every = session.scalars(_SPENT, {"audit_id": audit_id}).all()
    minutes = [seconds / 60 for seconds in every if seconds > 0]
    if not minutes:
        return ReviewTimes(finished=len(every))
    return ReviewTimes(
        finished=len(every),
        timed=len(minutes),
        mean_minutes=mean(minutes),
        median_minutes=median(minutes),
        total_hours=sum(minutes) / 60,
    )
