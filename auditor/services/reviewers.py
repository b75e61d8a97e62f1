"""Who is there to review a plan's cases on a day, what they are certified in, and how much they have to do."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewStatus
from auditor.services import absences, credentials, identifiers
from auditor.services.assignment import Reviewers
from auditor.storage.cases import AuditCase
from auditor.storage.people import User
from auditor.storage.plans import Plan
from auditor.storage.review_work import FurtherReview


def of_plan(session: Session, plan: Plan, *, on: date) -> Reviewers:
    """The plan's auditors who are not disabled and not away, with the certificates that hold on that day."""
    disabled = set(session.scalars(select(func.lower(User.name)).where(User.disabled_at.is_not(None))))
    enabled = [name for name in plan.auditors if name.lower() not in disabled]
    away = absences.away(session, enabled, on=on)
    return these(session, plan, tuple(name for name in enabled if name not in away), on=on)


def these(session: Session, plan: Plan, names: tuple[str, ...], *, on: date) -> Reviewers:
    """People by name, with what they are certified in and what the plan asks for."""
    return Reviewers(
        names=names,
        held=credentials.valid(session, names, on=on),
        asked=plan.credentials,
        coders=identifiers.coder_numbers(session, names),
    )


def load(session: Session, names: Sequence[str]) -> Counter[str]:
    """How many reviews each of these people has open, first and second ones alike."""
    waiting: Counter[str] = Counter()
    for kind in (AuditCase, FurtherReview):
        rows = session.execute(
            select(kind.assigned_to, func.count())
            .where(kind.assigned_to.in_(names), kind.review_status == ReviewStatus.PENDING)
            .group_by(kind.assigned_to)
        )
        waiting.update({str(name): count for name, count in rows})
    return waiting
