"""What `auditor plan` prints: plans, sizes, the year, and hours to come."""

from collections.abc import Sequence
from dataclasses import asdict
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console

from auditor.cli import output
from auditor.domain.plan_sheets import PlanSheet
from auditor.domain.schedules import Slot

if TYPE_CHECKING:
    from auditor.services.plan_sizes import Alternative, SizedPlan
    from auditor.services.what_if import Bought
    from auditor.services.workload import Forecast

_QUESTION = ("objective", "confidence", "tolerable", "expected", "half_width", "variation", "size")
_ASIDE = ("question", "recurrence", "notes", "same_claims", "unknown_auditors", "coming", "waiting")


def document(plan: PlanSheet) -> dict[str, Any]:
    """A plan for scripts: its own fields, and what is to be known of it in sentences."""
    from auditor.reports import plan_words

    fields = {name: value for name, value in vars(plan).items() if name not in _ASIDE}
    asked = {name: getattr(plan.question, name) for name in _QUESTION}
    rates = {
        name: float(value) if name in _QUESTION[1:-1] and value is not None else value
        for name, value in asked.items()
    }
    return {
        **fields,
        **rates,
        "repeat": plan.recurrence.rule if plan.recurrence else None,
        "starts_on": plan.recurrence.starts_on if plan.recurrence else None,
        "next_periods": [{"from": each.first_on, "to": each.last_on} for each in plan.coming],
        "due_already": [{"from": each.first_on, "to": each.last_on} for each in plan.waiting],
        "next_due_on": plan.next_due_on,
        "words": asdict(plan_words.words(plan)),
    }


def plan(screen: Console, sheet: PlanSheet) -> None:
    """One plan in sentences."""
    from auditor.reports import plan_words

    told = plan_words.words(sheet)
    people = ", ".join(sheet.auditors) or "nobody named"
    rows = [
        (f"plan {sheet.plan_id}", sheet.plan),
        ("audits", told.population),
        ("shows", told.objective),
        ("when", told.timing),
        ("comes round", told.recurrence),
        ("due already", "; ".join(str(each) for each in sheet.waiting[:3])),
        ("next", "; ".join(str(each) for each in sheet.coming[:3])),
        ("auditors", people),
        ("credentials", told.credentials),
        ("coded blind", f"{sheet.blind_share:.0%}" if sheet.blind_share else ""),
        ("reviewed twice", f"{sheet.second_review_share:.0%}" if sheet.second_review_share else ""),
        ("spread", sheet.spread.words),
        ("signatures", "two officers" if sheet.second_signature else "one officer"),
        ("state", state(sheet)),
    ]
    screen.print(output.table(["", ""], [row for row in rows if row[1]]))
    for note in told.notes:
        screen.print(f"note: {note}", markup=False)


def state(sheet: PlanSheet) -> str:
    """Where a plan stands."""
    if sheet.retired_at:
        return f"retired by {sheet.retired_by}"
    return f"approved by {sheet.approved_by}" if sheet.approved_at else "not approved"


def listed(screen: Console, sheets: Sequence[PlanSheet]) -> None:
    """Every plan on a line."""
    rows = [
        (each.plan_id, each.plan, each.source, each.question.objective, _next_due(each), state(each))
        for each in sheets
    ]
    screen.print(output.table(["plan>", "name", "source", "objective", "next due", "state"], rows))
    output.next_step(screen, "auditor plan show NAME" if rows else "auditor plan create NAME --source S ...")


def _next_due(sheet: PlanSheet) -> str:
    """The next day, and how many periods wait since theirs."""
    waiting = f", {len(sheet.waiting)} due already" if sheet.waiting and not sheet.retired_at else ""
    return f"{sheet.next_due_on or ''}{waiting}"


def calendar(screen: Console, slots: Sequence[Slot]) -> None:
    """The year, one audit a line."""
    rows = [(each.due_on, each.plan, each.period, each.audit_id or "", _done(each), _stands(each)) for each in slots]
    screen.print(output.table(["due", "plan", "period", "audit>", "cases done>", "state"], rows))
    if not rows:
        screen.print("nothing falls due in this year")
    output.next_step(
        screen, "auditor run-due" if rows else "auditor plan create NAME --source S --repeat FREQ=MONTHLY ..."
    )


def forecast(screen: Console, found: "Forecast") -> None:
    """Hours by person and month."""
    rows = [
        (
            each.name,
            each.waiting,
            f"{each.waiting_hours:,.1f}",
            *(f"{each.months[month]:,.1f}" for month in found.months),
        )
        for each in found.people
    ]
    if any(found.unmanned.values()):
        rows.append(("nobody is there", 0, "", *(f"{found.unmanned[month]:,.1f}" for month in found.months)))
    screen.print(output.table(["auditor", "cases now>", "hours now>", *(f"{each}>" for each in found.months)], rows))
    measured = sum(each.effort.measured for each in found.people)
    screen.print(f"minutes a case measured on {measured:,} reviews" if measured else "minutes a case: a guess")
    output.next_step(screen, "auditor plan calendar")


def _stands(slot: Slot) -> str:
    """Its state, and what was or is late."""
    drawn = f", drawn {slot.drawn_late:,} days late" if slot.drawn_late else ""
    return f"{slot.state}{', late' * slot.late}{drawn}"


def _done(slot: Slot) -> str:
    return f"{slot.done:,} of {slot.cases:,}" if slot.cases else ""


def sized_document(sized: "SizedPlan") -> dict[str, Any]:
    """A sized plan for scripts."""
    return {
        "plan": sized.plan,
        "from": sized.period.first_on,
        "to": sized.period.last_on,
        "sample_size": sized.sample_size,
        "frame": {"claims": sized.frame_claims, "paid_cents": sized.frame_paid_cents, "exclusions": sized.exclusions},
        "strata": sized.strata,
        "derivation": sized.derivation,
        "objectives": sized.alternatives,
        "bought": sized.bought,
        "notes": sized.notes,
    }


def sized(screen: Console, sized: "SizedPlan") -> None:
    """A sized plan in tables."""
    screen.print(f"{sized.frame_claims:,} claims from {sized.period}; {sized.sample_size:,} would be drawn")
    rows = [
        (each.objective, each.sample_size, each.allowed_errors, _if_clean(each), _why(each))
        for each in sized.alternatives
    ]
    screen.print(output.table(["objective", "n>", "errors allowed>", "rate if clean>", "formula"], rows))
    strata = [(s.name, f"{s.claims:,}", f"{s.paid_cents / 100:,.0f}", f"{s.sample:,}") for s in sized.strata]
    screen.print(output.table(["stratum", "claims>", "paid $>", "sample>"], strata))
    screen.print(
        output.table(["n>", "to within>", "rate if clean>", "detects>", "hours>", "$>"], map(_bought, sized.bought))
    )
    for reason, count in sized.exclusions.items():
        screen.print(f"left out: {count:,} claims {reason}", markup=False)
    for note in sized.notes:
        screen.print(f"note: {note}", markup=False)
    output.next_step(screen, f"auditor plan approve {quote(sized.plan)}")


def _bought(each: "Bought") -> tuple[str, ...]:
    return (
        f"{each.sample_size:,}",
        f"± {each.half_width:.1%}",
        f"up to {each.ruled_out:.1%}",
        f"{each.chance_to_detect:.1%}",
        f"{each.hours:,.1f}",
        f"{each.cost_cents / 100:,.0f}",
    )


def _if_clean(alternative: "Alternative") -> str:
    limit = alternative.at_most_if_clean
    return "" if limit is None else f"up to {limit:.1%}"


def _why(alternative: "Alternative") -> str:
    return alternative.formula or f"needs {', '.join(name.replace('_', '-') for name in alternative.needs)}"
