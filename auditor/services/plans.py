"""Audit plans: created, sized against the claims that are there, approved; an approved plan never changes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from itertools import islice

from dateutil.rrule import rrulestr
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.domain.claims import CodingSource
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import DateBasis, Period, SamplingUnit, SizingQuestion
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import claim_sources
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.plans import Plan

_NAME_LENGTH = 120


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What a plan says; rates are exact fractions in [0, 1]."""

    name: str
    source: str
    question: SizingQuestion
    where_sql: str | None = None
    coding_source: CodingSource | None = None
    stratify: tuple[str, ...] = ()
    unit: SamplingUnit = SamplingUnit.CLAIM
    date_basis: DateBasis = DateBasis.SERVED
    repeat: str | None = None
    starts_on: date | None = None
    auditors: tuple[str, ...] = ()
    blind_share: Fraction = Fraction(0)
    second_review_share: Fraction = Fraction(0)


def create(session: Session, new: NewPlan, *, by: str, at: datetime) -> Plan:
    """Add a plan, which must be able to be sized; it draws nothing before it is approved."""
    _refuse_nonsense(new)
    source = claim_sources.named(session, new.source)
    if session.scalar(select(Plan.id).where(Plan.name == new.name)):
        raise Conflict(f"there is a plan {new.name} already: choose another name")
    fields = {name: getattr(new, name) for name in NewPlan.__dataclass_fields__ if name not in ("source", "question")}
    for name in SizingQuestion.__dataclass_fields__:
        fields[name] = getattr(new.question, name)
    fields["stratify"], fields["auditors"] = list(new.stratify), list(dict.fromkeys(new.auditors))
    plan = Plan(**fields, source=source, created_by=by, created_at=at)
    session.add(plan)
    session.flush()
    body = {"plan": plan.name, "plan_id": plan.id, "content_sha256": digest(new)}
    history.record(session, Event(kind=EventKind.PLAN_CREATED, by=by, body=body), at=at)
    return plan


def approve(session: Session, *, name: str, by: str, at: datetime) -> Plan:
    """Approve a plan, so that audits of it may open. Done once; to change a plan, make a new one."""
    plan = named(session, name)
    if plan.approved_at is not None:
        raise Conflict(f"the plan {name} is approved already, by {plan.approved_by}")
    plan.approved_by, plan.approved_at = by, at
    body = {"plan": plan.name, "plan_id": plan.id}
    history.record(session, Event(kind=EventKind.PLAN_APPROVED, by=by, body=body), at=at)
    return plan


def named(session: Session, name: str) -> Plan:
    """The plan of that name."""
    plan = session.scalar(select(Plan).where(Plan.name == name))
    if plan is None:
        raise NotFound(f"there is no plan {name}: see `auditor plan list`")
    return plan


def all_plans(session: Session) -> list[Plan]:
    """Every plan by name."""
    return list(session.scalars(select(Plan).order_by(Plan.name)))


def question(plan: Plan) -> SizingQuestion:
    """What the plan's sample has to show."""
    return SizingQuestion(**{name: getattr(plan, name) for name in SizingQuestion.__dataclass_fields__})


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


def _refuse_nonsense(new: NewPlan) -> None:
    if not new.name.strip() or len(new.name) > _NAME_LENGTH:
        raise BadInput(f"a plan's name has 1 to {_NAME_LENGTH} characters")
    if new.question.size is not None and new.question.size < 1:
        raise BadInput("--size must be at least 1")
    _refuse_unsizable(new.question)
    for share in (new.blind_share, new.second_review_share):
        if not 0 <= share <= 1:
            raise BadInput(f"a share lies between 0 and 1 (20 % is 0.2), not {float(share):g}")
    if new.repeat is not None:
        _refuse_rule(new.repeat, new.starts_on)
    today = new.starts_on or date(2000, 1, 1)
    Population(first_on=today, last_on=today, where=new.where_sql, stratify=new.stratify)


def _refuse_rule(rule: str, starts_on: date | None) -> None:
    if starts_on is None:
        raise BadInput("a plan that repeats needs --starts: the first day of its first period")
    try:
        moments = list(islice(rrulestr(rule, dtstart=datetime.combine(starts_on, time())), 1))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"--repeat {rule!r} is no recurrence rule: write it like FREQ=MONTHLY (RFC 5545)") from error
    if not moments:
        raise BadInput(f"--repeat {rule!r} never comes round from {starts_on} on")


def _refuse_unsizable(asked: SizingQuestion) -> None:
    from auditor.services import sizing  # the calculators load slowly, and only a new plan needs them here

    sizing.size(asked)
