"""`auditor plan`: what is audited, how often, and what its sample must show."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE, NAMES, RATE, OneOf
from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, Objective, Period, SamplingUnit, SizingQuestion

if TYPE_CHECKING:
    from auditor.services.plan_sizes import Alternative, SizedPlan
    from auditor.storage.plans import Plan

_BASES = {basis.name.lower(): basis for basis in DateBasis}
_QUESTION = ("tolerable", "expected", "half_width", "variation", "size")


@click.group(cls=Group)
def plan() -> None:
    """Create, size and approve audit plans. For: officer."""


@plan.command()
@click.argument("name")
@click.option("--source", required=True, help="The claims database, by the name it was added under.")
@click.option("--where", "where_sql", metavar="SQL", help="A condition over canonical columns: payer = 'Medicare'.")
@click.option("--coding-source", type=OneOf(CodingSource), help="One arm only.")
@click.option("--stratify", type=NAMES, default=(), metavar="A,B", help="Columns whose values make the strata.")
@click.option("--objective", type=OneOf(Objective), required=True, help="What the sample has to show.")
@click.option("--tolerable", type=RATE, help="The error rate to be ruled out.")
@click.option("--expected", type=RATE, help="The error rate that you expect.")
@click.option("--half-width", type=RATE, help="How precise: half of the interval; for overpayments its share.")
@click.option("--variation", type=RATE, help="Overpayments: coefficient of variation of a probe.")
@click.option("--confidence", type=RATE, help="95 %, for cia and overpayment 90 %, unless given.")
@click.option("--size", type=click.IntRange(min=1), help="Fix the sample by hand.")
@click.option("--repeat", metavar="RRULE", help="How often, RFC 5545: FREQ=MONTHLY.")
@click.option("--starts", "starts_on", type=DATE, help="First day of the first period.")
@click.option("--auditor", "auditors", multiple=True, metavar="U", help="Who reviews; may be given more than once.")
@click.option("--blind-share", type=RATE, default="0", help="Share of cases coded before the codes are shown.")
@click.option("--second-review-share", type=RATE, default="0", help="Share of cases reviewed twice.")
@click.option("--unit", type=OneOf(SamplingUnit), default=SamplingUnit.CLAIM, help="What is drawn.")
@click.option("--date-basis", type=click.Choice(list(_BASES)), default="served", help="Which date counts.")
@pass_workspace
def create(workspace: Workspace, /, name: str, **given: Any) -> None:
    """Say what is audited and what the sample must show. For: officer."""
    from auditor.services import plans, sizing

    numbers = {key: given.pop(key) for key in _QUESTION}
    objective = given.pop("objective")
    confidence = given.pop("confidence") or sizing.usual_confidence(objective)
    question = SizingQuestion(objective=objective, confidence=confidence, **numbers)
    given["date_basis"] = _BASES[given["date_basis"]]
    new = plans.NewPlan(name=name, question=question, **given)
    with workspace.database.write() as session:
        created = plans.create(session, new, by=workspace.user, at=workspace.now)
        document = _document(created)

    def view(screen: Console) -> None:
        _print_plan(screen, document)
        output.next_step(screen, f"auditor plan size {name} --from DATE --to DATE")

    output.answer(document, view)


@plan.command("list")
@pass_workspace
def list_plans(workspace: Workspace) -> None:
    """List the plans. For: officer."""
    from auditor.services import plans

    with workspace.database.read() as session:
        found = [_document(each) for each in plans.all_plans(session)]

    def view(screen: Console) -> None:
        rows = [(d["plan"], d["source"], d["objective"], d["repeat"], _approval(d)) for d in found]
        screen.print(output.table(["plan", "source", "objective", "repeat", "state"], rows))
        output.next_step(screen, "auditor plan show NAME" if found else "auditor plan create NAME --source S ...")

    output.answer(found, view)


@plan.command()
@click.argument("name")
@pass_workspace
def show(workspace: Workspace, name: str) -> None:
    """Show one plan in full. For: officer, auditor."""
    from auditor.services import plans

    with workspace.database.read() as session:
        document = _document(plans.named(session, name))

    def view(screen: Console) -> None:
        _print_plan(screen, document)
        approved = document["approved_at"]
        opening = f"auditor audit open {name} --from DATE --to DATE"
        output.next_step(screen, opening if approved else f"auditor plan approve {name}")

    output.answer(document, view)


@plan.command()
@click.argument("name")
@click.option("--from", "first_on", type=DATE, required=True, help="First day.")
@click.option("--to", "last_on", type=DATE, required=True, help="Last day, included.")
@pass_workspace
def size(workspace: Workspace, name: str, first_on: date, last_on: date) -> None:
    """Count the plan's claims and say how many each objective takes. For: officer."""
    from auditor.services import plan_sizes

    period = Period(first_on=first_on, last_on=last_on)
    environment = workspace.settings.environment
    sized = plan_sizes.size(workspace.database, name=name, period=period, environment=environment)
    output.answer(_sized_document(sized), lambda screen: _print_sized(screen, sized))


@plan.command()
@click.argument("name")
@click.option("--by", help="Who approves; the operating-system user unless given.")
@pass_workspace
def approve(workspace: Workspace, name: str, by: str | None) -> None:
    """Approve a plan, so that audits of it may open; it never changes again. For: officer."""
    from auditor.services import people, plans

    with workspace.database.write() as session:
        approver = people.acting(session, by).name if by else workspace.user
        approved = plans.approve(session, name=name, by=approver, at=workspace.now)
        document = _document(approved)

    def view(screen: Console) -> None:
        screen.print(f"plan {name} approved by {approver}")
        output.next_step(screen, f"auditor audit open {name} --from DATE --to DATE")

    output.answer(document, view)


def _document(plan: "Plan") -> dict[str, Any]:
    own = ("coding_source", "stratify", "unit", "date_basis", "objective", "repeat", "starts_on", "auditors")
    signed = ("created_by", "created_at", "approved_by", "approved_at")
    rates = ("confidence", "tolerable", "expected", "half_width", "variation", "blind_share", "second_review_share")
    return {
        "plan": plan.name,
        "source": plan.source.name,
        "where": plan.where_sql,
        **{key: getattr(plan, key) for key in own},
        **{key: None if getattr(plan, key) is None else float(getattr(plan, key)) for key in rates},
        "size": plan.size,
        **{key: getattr(plan, key) for key in signed},
    }


def _approval(document: dict[str, Any]) -> str:
    return f"approved by {document['approved_by']}" if document["approved_at"] else "not approved"


def _print_plan(screen: Console, document: dict[str, Any]) -> None:
    shown = {key: value for key, value in document.items() if value not in (None, [], 0.0)}
    listed = {key: ", ".join(value) if isinstance(value, list) else value for key, value in shown.items()}
    screen.print(output.table(["", ""], [(key.replace("_", " "), value) for key, value in listed.items()]))


def _sized_document(sized: "SizedPlan") -> dict[str, Any]:
    return {
        "plan": sized.plan,
        "from": sized.period.first_on,
        "to": sized.period.last_on,
        "sample_size": sized.sample_size,
        "frame": {"claims": sized.frame_claims, "paid_cents": sized.frame_paid_cents, "exclusions": sized.exclusions},
        "strata": sized.strata,
        "derivation": sized.derivation,
        "objectives": sized.alternatives,
        "notes": sized.notes,
    }


def _print_sized(screen: Console, sized: "SizedPlan") -> None:
    screen.print(f"{sized.frame_claims:,} claims from {sized.period}; {sized.sample_size:,} would be drawn")
    rows = [
        (each.objective, each.sample_size, each.allowed_errors, _if_clean(each), _why(each))
        for each in sized.alternatives
    ]
    screen.print(output.table(["objective", "n>", "errors allowed>", "rate if clean>", "formula"], rows))
    strata = [(s.name, f"{s.claims:,}", f"{s.paid_cents / 100:,.0f}", f"{s.sample:,}") for s in sized.strata]
    screen.print(output.table(["stratum", "claims>", "paid $>", "sample>"], strata))
    for reason, count in sized.exclusions.items():
        screen.print(f"left out: {count:,} claims {reason}", markup=False)
    for note in sized.notes:
        screen.print(f"note: {note}", markup=False)
    output.next_step(screen, f"auditor plan approve {sized.plan}")


def _if_clean(alternative: "Alternative") -> str:
    limit = alternative.at_most_if_clean
    return "" if limit is None else f"up to {limit:.1%}"


def _why(alternative: "Alternative") -> str:
    return alternative.formula or f"needs {', '.join(name.replace('_', '-') for name in alternative.needs)}"
