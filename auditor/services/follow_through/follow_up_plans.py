"""The plan of a follow-up audit: that of the audit which an action came from, narrowed to whom it is about, once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.services import audits, plans
from auditor.services.plans import NewPlan
from auditor.storage.audits import Audit
from auditor.storage.follow_through import CorrectiveAction
from auditor.storage.people import User
from auditor.storage.plans import Plan

_KEPT = (
    "coding_source",
    "spread",
    "unit",
    "date_basis",
    "blind_share",
    "second_review_share",
    "credentials",
    "second_signature",
    "finish_days",
    "lead",
)
_NAME_LENGTH = 120


def make(session: Session, action: CorrectiveAction, *, at: datetime) -> Plan:
    """A plan with one period, which `run-due` opens when it is over.

    Approved by who added the action, unless that is one of our users and no officer: then an officer approves it.
    """
    if action.audit_id is None or action.check_first_on is None or action.check_last_on is None:
        raise ValueError(f"action {action.id} has no check")
    like = audits.numbered(session, action.audit_id).plan
    days = (action.check_last_on - action.check_first_on).days + 1
    new = NewPlan(
        name=f"Follow-up of action {action.id}: {action.title}"[:_NAME_LENGTH].strip(),
        source=like.source.name,
        question=plans.question(like),
        where_sql=_where(like.where_sql, action),
        stratify=tuple(like.stratify),
        repeat=f"FREQ=DAILY;INTERVAL={days};COUNT=1",
        starts_on=action.check_first_on,
        auditors=tuple(like.auditors),
        **{name: getattr(like, name) for name in _KEPT},
    )
    plan = plans.create(session, new, by=action.added_by, at=at)
    if _may_approve(session, action.added_by):
        plans.approve(session, name=plan.name, by=action.added_by, at=at)
    return plan


def follow_up_audit(session: Session, action: CorrectiveAction) -> Audit | None:
    """The newest audit of an action's follow-up plan that was not given up."""
    question = select(Audit).where(Audit.plan_id == action.check_plan_id, Audit.abandoned_at.is_(None))
    return None if action.check_plan_id is None else session.scalar(question.order_by(Audit.id.desc()).limit(1))


def opens_on(action: CorrectiveAction) -> str:
    """The day from which `run-due` opens the follow-up audit, in words."""
    return "" if action.check_last_on is None else str(action.check_last_on + timedelta(days=1))


def _where(where: str | None, action: CorrectiveAction) -> str | None:
    if action.field is None or action.value is None:
        return where
    quoted = action.value.replace("'", "''")
    narrowed = f"{action.field} = '{quoted}'"
    return narrowed if where is None else f"({where}) AND {narrowed}"


def _may_approve(session: Session, name: str) -> bool:
    user = session.scalar(select(User).where(User.name == name))
    return user is None or Role.OFFICER.value in user.roles
