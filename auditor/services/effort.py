"""How long a case takes: measured from reviews, and until there are enough of them the house's own guess."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewStatus
from auditor.storage.cases import AuditCase

ENOUGH = 5
_NEWEST = 1_000


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Minutes that a case takes, and how many reviews they were measured on: 0 when they are a guess."""

    minutes: float
    measured: int


def of_people(session: Session, names: Sequence[str], *, otherwise: float) -> dict[str, Effort]:
    """What a case takes each of these people: their own time where it was measured often enough, else everybody's."""
    usual = of_everybody(session, otherwise=otherwise)
    rows = session.execute(
        select(AuditCase.reviewed_by, func.count(), func.sum(AuditCase.seconds_spent))
        .where(AuditCase.reviewed_by.in_(names), AuditCase.review_status == ReviewStatus.DONE)
        .where(AuditCase.seconds_spent > 0)
        .group_by(AuditCase.reviewed_by)
    ).all()
    own = {name: Effort(minutes=float(seconds) / count / 60, measured=count) for name, count, seconds in rows}
    return {name: own[name] if name in own and own[name].measured >= ENOUGH else usual for name in names}


def of_everybody(session: Session, *, otherwise: float) -> Effort:
    """What a case takes on average, by the newest reviews; a guess where there are not enough of them."""
    newest = (
        select(AuditCase.seconds_spent)
        .where(AuditCase.review_status == ReviewStatus.DONE, AuditCase.seconds_spent > 0)
        .order_by(AuditCase.id.desc())
        .limit(_NEWEST)
        .subquery()
    )
    count, seconds = session.execute(select(func.count(), func.sum(newest.c.seconds_spent))).one()
    if count < ENOUGH:
        return Effort(minutes=otherwise, measured=0)
    return Effort(minutes=float(seconds) / count / 60, measured=count)
