"""Audit plans: created, sized against the claims that are there, approved; an approved plan never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.domain.claims import CodingSource
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import DateBasis, Period, SamplingUnit, SizingQuestion, Spread, Timing
from auditor.domain.recurrence import ShortMonths
from auditor.errors import Conflict, NotFound
from auditor.services import claim_sources, plan_checks, recurrence
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.plans import Plan
from auditor.storage.practice_days import day_of

if TYPE_CHECKING:
    from auditor.services.drift_risk import DriftRisk
    from auditor.services.guidelines.violation_risk import Risk

_NAME_LENGTH = 120


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What a plan says; rates are exact fractions in [0, 1]. `storage.plans.Plan` says what each field means."""

    name: str
    source: str
    question: SizingQuestion
    where_sql: str | None = None
    coding_source: CodingSource | None = None
    stratify: tuple[str, ...] = ()
    spread: Spread = Spread.PROPORTIONAL
    unit: SamplingUnit = SamplingUnit.CLAIM
    date_basis: DateBasis = DateBasis.SERVED
    repeat: str | None = None
    starts_on: date | None = None
    auditors: tuple[str, ...] = ()
    blind_share: Fraction = Fraction(0)
    second_review_share: Fraction = Fraction(0)
    timing: Timing = Timing.RETROSPECTIVE
    prebill_rate: Fraction | None = None
    hold_days: int | None = None
    credentials: Mapping[str, str] = field(default_factory=dict)
    second_signature: bool = False
    finish_days: int = 30
    lead: str | None = None
    short_months: ShortMonths = ShortMonths.SKIP


def create(session: Session, new: NewPlan, *, by: str, at: datetime) -> Plan:
    """Add a plan, which must be able to be sized; it draws nothing before it is approved."""
    columns = _columns(session, new, at=at)
    _refuse_taken(session, new.name)
    plan = Plan(**columns, created_by=by, created_at=at)
    session.add(plan)
    session.flush()
    body = {"plan": plan.name, "plan_id": plan.id, "content_sha256": digest(_content(new))}
    history.record(session, Event(kind=EventKind.PLAN_CREATED, by=by, body=body), at=at)
    return plan


def change(session: Session, name: str, new: NewPlan, *, by: str, at: datetime) -> Plan:
    """Write a plan anew as long as nobody has approved it."""
    plan = named(session, name)
    if plan.approved_at is not None:
        raise Conflict(f"the plan {name} is approved and never changes: retire it, and make a new one")
    columns = _columns(session, new, at=at)
    if new.name != plan.name:
        _refuse_taken(session, new.name)
    for column, value in columns.items():
        setattr(plan, column, value)
    body = {"plan": plan.name, "plan_id": plan.id, "content_sha256": digest(_content(new))}
    history.record(session, Event(kind=EventKind.PLAN_CHANGED, by=by, body=body), at=at)
    return plan


def approve(session: Session, *, name: str, by: str, at: datetime) -> Plan:
    """Approve a plan, so that audits of it may open. Done once; to change a plan, make a new one."""
    plan = named(session, name)
    refuse_approved(plan)
    plan.approved_by, plan.approved_at = by, at
    body = {"plan": plan.name, "plan_id": plan.id}
    history.record(session, Event(kind=EventKind.PLAN_APPROVED, by=by, body=body), at=at)
    return plan


def refuse_approved(plan: Plan) -> None:
    """Conflict where somebody has approved it already."""
    if plan.approved_at is not None:
        raise Conflict(f"the plan {plan.name} is approved already, by {plan.approved_by}")


def retire(session: Session, *, name: str, by: str, at: datetime) -> Plan:
    """End a plan: no audit of it opens any more, and those that are open go on."""
    plan = named(session, name)
    if plan.retired_at is not None:
        raise Conflict(f"the plan {name} is retired already, by {plan.retired_by}")
    plan.retired_by, plan.retired_at = by, at
    body = {"plan": plan.name, "plan_id": plan.id}
    history.record(session, Event(kind=EventKind.PLAN_RETIRED, by=by, body=body), at=at)
    return plan


def named(session: Session, name: str) -> Plan:
    """The plan of that name."""
    plan = session.scalar(select(Plan).where(Plan.name == name))
    if plan is None:
        raise NotFound(f"there is no plan {name}: see `auditor plan list`")
    return plan


def numbered(session: Session, plan_id: int) -> Plan:
    """The plan of that number."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(f"there is no plan {plan_id}: see `auditor plan list`")
    return plan


def all_plans(session: Session) -> list[Plan]:
    """Every plan by name."""
    return list(session.scalars(select(Plan).order_by(Plan.name)))


def content(plan: Plan) -> NewPlan:
    """What a plan says, as it would be said anew."""
    same = [each.name for each in fields(NewPlan) if each.name not in ("source", "question", "short_months")]
    told = {name: getattr(plan, name) for name in same}
    told |= {name: tuple(told[name]) for name in ("stratify", "auditors")}
    return NewPlan(**told, source=plan.source.name, question=question(plan))


def question(plan: Plan) -> SizingQuestion:
    """What the plan's sample has to show."""
    return SizingQuestion(**{name: getattr(plan, name) for name in SizingQuestion.__dataclass_fields__})


def risk(session: Session, plan: Plan) -> "Risk | DriftRisk | None":
    """How risky the strata of a plan are, where it is spread by that; what tells it is loaded only then."""
    if plan.spread is Spread.PROPORTIONAL:
        return None
    if plan.spread is Spread.RISK:
        from auditor.services import drift_risk

        return drift_risk.of_plan(session, plan)
    from auditor.services.guidelines import violation_risk

    return violation_risk.of_strata(session, source_id=plan.source_id, stratify=plan.stratify)


def population(plan: Plan, period: Period) -> Population:
    """The claims that the plan is about, in one period."""
    return Population(
        first_on=period.first_on,
        last_on=period.last_on,
        date_basis=plan.date_basis,
        where=plan.where_sql,
        coding_source=plan.coding_source,
        stratify=tuple(plan.stratify),
        unit=plan.unit,
    )


def _columns(session: Session, new: NewPlan, *, at: datetime) -> dict[str, object]:
    """The plan's columns; BadInput when it could not be used."""
    plan_checks.refuse_nonsense(new)
    if new.repeat is not None:
        repeat = recurrence.checked(new.repeat, new.starts_on, new.short_months)
        recurrence.refuse_too_late(repeat, day_of(session, at))
        new = replace(new, repeat=repeat.rule)
    beside = ("source", "question", "short_months")
    columns = {each.name: getattr(new, each.name) for each in fields(NewPlan) if each.name not in beside}
    columns |= {each.name: getattr(new.question, each.name) for each in fields(SizingQuestion)}
    columns["stratify"], columns["auditors"] = list(new.stratify), list(dict.fromkeys(new.auditors))
    columns["credentials"] = dict(new.credentials)
    return columns | {"source": claim_sources.named(session, new.source)}


def _content(new: NewPlan) -> dict[str, object]:
    """What a plan says, for its digest in the log."""
    return {each.name: getattr(new, each.name) for each in fields(NewPlan)}


def _refuse_taken(session: Session, name: str) -> None:
    if session.scalar(select(Plan.id).where(Plan.name == name)):
        raise Conflict(f"there is a plan {name} already: choose another name")
