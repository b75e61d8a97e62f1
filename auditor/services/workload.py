"""Hours of review to come, by person and month: what waits now, and what the plans will bring."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.periods import Every, period_name, period_of, periods_between
from auditor.domain.plans import Period
from auditor.errors import BadInput
from auditor.services import effort, plans, recurrence, reviewers, sizing
from auditor.services.effort import Effort
from auditor.storage.audits import Audit
from auditor.storage.plans import Plan


@dataclass(frozen=True, kw_only=True)
class Hours:
    """One person: cases and hours that wait now, and expected hours by month; by how long a case takes them."""

    name: str
    waiting: int
    waiting_hours: float
    effort: Effort
    months: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Months in order, people by name, and hours by month that nobody is there for."""

    months: tuple[str, ...]
    people: tuple[Hours, ...]
    unmanned: dict[str, float]


def forecast(session: Session, *, on: date, months: int, case_minutes: float) -> Forecast:
    """What this and the coming months bring, when each plan draws as many cases as it did last."""
    if not 1 <= months <= 24:
        raise BadInput("a forecast looks 1 to 24 months ahead")
    spans = _months(on, months)
    names = [period_name(span, Every.MONTH) for span in spans]
    shares: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(names, 0.0))
    nobody = dict.fromkeys(names, 0.0)
    for plan in plans.all_plans(session):
        if plan.approved_at is None or plan.retired_at is not None:
            continue
        cases = _expected(session, plan) * float(1 + plan.second_review_share)
        for due in recurrence.periods_due(plan, on, spans[-1].last_on):
            month = period_name(period_of(due.due_on, Every.MONTH), Every.MONTH)
            there = reviewers.of_plan(session, plan, on=due.due_on).names
            for name in there:
                shares[name][month] += cases / len(there)
            if not there:
                nobody[month] += cases
    return _priced(session, names, shares, nobody, case_minutes)


def _priced(
    session: Session,
    months: list[str],
    shares: dict[str, dict[str, float]],
    nobody: dict[str, float],
    case_minutes: float,
) -> Forecast:
    everybody = sorted({*shares, *(name for plan in plans.all_plans(session) for name in plan.auditors)})
    waiting = reviewers.load(session, everybody)
    spent = effort.of_people(session, everybody, otherwise=case_minutes)
    usual = effort.of_everybody(session, otherwise=case_minutes)
    found = []
    for name in everybody:
        hour = spent[name].minutes / 60
        own = {month: cases * hour for month, cases in (shares.get(name) or dict.fromkeys(months, 0.0)).items()}
        if waiting[name] or any(own.values()):
            found.append(
                Hours(
                    name=name,
                    waiting=waiting[name],
                    waiting_hours=waiting[name] * hour,
                    effort=spent[name],
                    months=own,
                )
            )
    unmanned = {month: cases * usual.minutes / 60 for month, cases in nobody.items()}
    return Forecast(months=tuple(months), people=tuple(found), unmanned=unmanned)


def _months(on: date, months: int) -> list[Period]:
    index = on.year * 12 + on.month - 1 + months - 1
    return list(periods_between(on, date(index // 12, index % 12 + 1, 1), Every.MONTH))


def _expected(session: Session, plan: Plan) -> int:
    """The size of the plan's newest sample; before the first, what a very large population takes."""
    newest = session.scalar(
        select(Audit).where(Audit.plan_id == plan.id, Audit.drawn_at.is_not(None)).order_by(Audit.id.desc()).limit(1)
    )
    if newest is not None and newest.rounds:
        return newest.rounds[-1].sample_size
    try:
        return sizing.size(plans.question(plan)).sample_size
    except BadInput:
        return sizing.CIA_CLAIMS
