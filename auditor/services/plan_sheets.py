"""Plans as people read them: each with its next periods and what to know before it is approved."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.domain.plan_sheets import PlanSheet
from auditor.services import open_periods, plans, recurrence
from auditor.storage.people import User
from auditor.storage.plans import Plan
from auditor.storage.practice_days import day_of

_SHOWN = 4
_GATHERED = (
    "plan_id",
    "plan",
    "source",
    "where",
    "question",
    "recurrence",
    "coming",
    "waiting",
    "notes",
    "prebill_rate",
)
_LISTS = ("stratify", "auditors")
_FOUND = ("same_claims", "unknown_auditors", "blind_share", "second_review_share")


def sheet(session: Session, plan: Plan, *, on: date) -> PlanSheet:
    """One plan, read on that day."""
    repeat = recurrence.of(plan)
    approved_on = day_of(session, plan.approved_at) if plan.approved_at else on
    asides = (*_GATHERED, *_LISTS, *_FOUND)
    same = {each.name: getattr(plan, each.name) for each in fields(PlanSheet) if each.name not in asides}
    return PlanSheet(
        **same,
        plan_id=plan.id,
        plan=plan.name,
        source=plan.source.name,
        where=plan.where_sql,
        stratify=tuple(plan.stratify),
        auditors=tuple(plan.auditors),
        prebill_rate=None if plan.prebill_rate is None else float(plan.prebill_rate),
        question=plans.question(plan),
        recurrence=repeat,
        coming=tuple(recurrence.coming(repeat, on, most=_SHOWN)) if repeat else (),
        waiting=tuple(each for each in open_periods.without_audit(session, plan, on=on) if each.due_on <= on),
        notes=recurrence.notes(repeat, approved_on) if repeat else None,
        same_claims=_same_claims(session, plan),
        unknown_auditors=_unknown(session, plan.auditors),
        blind_share=float(plan.blind_share),
        second_review_share=float(plan.second_review_share),
    )


def sheets(session: Session, *, on: date) -> list[PlanSheet]:
    """Every plan by name."""
    return [sheet(session, plan, on=on) for plan in plans.all_plans(session)]


def _same_claims(session: Session, plan: Plan) -> tuple[str, ...]:
    """Approved plans of the same source and arm: a claim could be drawn by both."""
    question = (
        select(Plan)
        .where(Plan.source_id == plan.source_id, Plan.id != plan.id)
        .where(Plan.approved_at.is_not(None), Plan.retired_at.is_(None))
        .order_by(Plan.name)
    )
    arms = (None, plan.coding_source)
    return tuple(
        other.name for other in session.scalars(question) if plan.coding_source is None or other.coding_source in arms
    )


def _unknown(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    people = session.scalars(select(User).where(User.disabled_at.is_(None)))
    able = {user.name.casefold() for user in people if Role.AUDITOR in user.roles}
    return tuple(name for name in names if name.casefold() not in able)
