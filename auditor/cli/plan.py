"""`auditor plan`: what is audited, how often, and what its sample must show. What it prints is in `plan_views`."""

from datetime import date
from shlex import quote
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output, plan_options, plan_views, proofs
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE, OneOf
from auditor.cli.typed_passwords import PASSWORD_STDIN
from auditor.domain.plans import Objective, Period, SizingQuestion

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from auditor.domain.plan_sheets import PlanSheet
    from auditor.services.plans import NewPlan
    from auditor.storage.plans import Plan

_QUESTION = ("objective", "confidence", "tolerable", "expected", "half_width", "variation", "size")


@click.group(cls=Group)
def plan() -> None:
    """Create, size and approve audit plans. For: officer."""


@plan.command()
@click.argument("name")
@click.option("--source", required=True, help="The claims database, by the name it was added under.")
@click.option("--objective", type=OneOf(Objective), required=True, help="What the sample has to show.")
@plan_options.content
@pass_workspace
def create(workspace: Workspace, /, name: str, **given: Any) -> None:
    """Say what is audited and what the sample must show. For: officer."""
    from auditor.services import plans, sizing

    told = plan_options.told(given)
    question = {key: told.pop(key) for key in _QUESTION if key in told}
    question.setdefault("confidence", sizing.usual_confidence(question["objective"]))
    new = plans.NewPlan(name=name, question=SizingQuestion(**question), **told)
    plan_options.refuse_silent_past(new, given, workspace.today)
    _try(workspace, new)
    with workspace.database.write() as session:
        created = plans.create(session, new, by=workspace.user, at=workspace.now)
        sheet = _sheet(workspace, session, created)
    _answer(sheet, f"auditor plan size {quote(name)} --from DATE --to DATE")


@plan.command()
@click.argument("name")
@click.option("--name", "new_name", metavar="TEXT", help="Another name.")
@click.option("--source", help="Another claims database.")
@click.option("--objective", type=OneOf(Objective), help="What the sample has to show.")
@plan_options.content
@pass_workspace
def change(workspace: Workspace, /, name: str, new_name: str | None, **given: Any) -> None:
    """Change a plan that nobody has approved yet; what is not named stays. For: officer."""
    from dataclasses import replace

    from auditor.services import plans

    told = plan_options.told(given)
    asked = {key: told.pop(key) for key in _QUESTION if key in told}
    with workspace.database.read() as session:
        before = plans.content(plans.named(session, name))
        new = replace(before, name=new_name or name, question=replace(before.question, **asked), **told)
    plan_options.refuse_silent_past(new, given, workspace.today)
    _try(workspace, new)
    with workspace.database.write() as session:
        changed = plans.change(session, name, new, by=workspace.user, at=workspace.now)
        sheet = _sheet(workspace, session, changed)
    _answer(sheet, f"auditor plan size {quote(sheet.plan)} --from DATE --to DATE")


@plan.command("list")
@pass_workspace
def list_plans(workspace: Workspace) -> None:
    """List the plans. For: officer."""
    from auditor.services import plan_sheets

    with workspace.database.read() as session:
        found = plan_sheets.sheets(session, on=workspace.today)
    output.answer([plan_views.document(each) for each in found], lambda screen: plan_views.listed(screen, found))


@plan.command()
@click.argument("name")
@pass_workspace
def show(workspace: Workspace, name: str) -> None:
    """Show one plan in full. For: officer, auditor."""
    from auditor.services import plans

    with workspace.database.read() as session:
        sheet = _sheet(workspace, session, plans.named(session, name))
    opening = f"auditor audit open {quote(name)} --from DATE --to DATE"
    _answer(sheet, opening if sheet.approved_at else f"auditor plan approve {quote(name)}")


@plan.command()
@click.argument("name")
@click.option("--from", "first_on", type=DATE, required=True, help="First day.")
@click.option("--to", "last_on", type=DATE, required=True, help="Last day, included.")
@pass_workspace
def size(workspace: Workspace, name: str, first_on: date, last_on: date) -> None:
    """Count the plan's claims and say how many each objective takes. For: officer."""
    from auditor.services import plan_sizes

    period = Period(first_on=first_on, last_on=last_on)
    settings = workspace.settings
    prices = plan_sizes.Prices(
        hour_cents=round(settings.costs.auditor_hour * 100), case_minutes=settings.costs.case_minutes
    )
    sized = plan_sizes.size(
        workspace.database, name=name, period=period, prices=prices, environment=settings.environment
    )
    output.answer(plan_views.sized_document(sized), lambda screen: plan_views.sized(screen, sized))


@plan.command()
@click.argument("name")
@click.option(
    "--by", metavar="U", help="An officer, who gives their password; the operating-system user if not given."
)
@PASSWORD_STDIN
@pass_workspace
def approve(workspace: Workspace, name: str, by: str | None, password_stdin: bool) -> None:
    """Approve a plan, so that audits of it may open; it never changes again. For: officer."""
    from auditor.services import plans

    with workspace.database.read() as session:
        plans.refuse_approved(plans.named(session, name))
    approver = proofs.officer(workspace, by, stdin=password_stdin) if by else workspace.user
    with workspace.database.write() as session:
        approved = plans.approve(session, name=name, by=approver, at=workspace.now)
        sheet = _sheet(workspace, session, approved)
    _answer(sheet, f"auditor audit open {quote(name)} --from DATE --to DATE")


@plan.command()
@click.argument("name")
@pass_workspace
def retire(workspace: Workspace, name: str) -> None:
    """End a plan: no audit of it opens any more, open ones go on. For: officer."""
    from auditor.services import plans

    with workspace.database.write() as session:
        retired = plans.retire(session, name=name, by=workspace.user, at=workspace.now)
        sheet = _sheet(workspace, session, retired)
    _answer(sheet, "auditor plan list")


@plan.command()
@click.option("--year", "which", type=click.IntRange(1970, 2199), help="This year, unless given.")
@pass_workspace
def calendar(workspace: Workspace, which: int | None) -> None:
    """Show what falls due in a year, and where each audit stands. For: officer, manager."""
    from auditor.services import schedule

    today = workspace.today
    chosen = which or today.year
    with workspace.database.read() as session:
        slots = schedule.slots(session, date(chosen, 1, 1), date(chosen, 12, 31), on=today)
    output.answer({"year": chosen, "audits": slots}, lambda screen: plan_views.calendar(screen, slots))


@plan.command()
@click.option("--months", type=click.IntRange(1, 24), default=3, show_default=True, help="How far ahead.")
@pass_workspace
def forecast(workspace: Workspace, months: int) -> None:
    """Say how many hours of review wait for whom, by measured minutes a case. For: officer, manager."""
    from auditor.services import workload

    minutes = workspace.settings.costs.case_minutes
    with workspace.database.read() as session:
        found = workload.forecast(session, on=workspace.today, months=months, case_minutes=minutes)
    output.answer(found, lambda screen: plan_views.forecast(screen, found))


@plan.command()
@click.argument("user")
@click.option("--new", "renew", is_flag=True, help="Make a new address; the old one shows nothing any more.")
@pass_workspace
def feed(workspace: Workspace, user: str, renew: bool) -> None:
    """Print the address of a person's calendar of audits. For: everyone."""
    from auditor.services import calendar_feeds

    with workspace.database.write() as session:
        key = workspace.database.link_key
        token = calendar_feeds.token(session, user, key=key, at=workspace.now, renew=renew)
    address = f"{workspace.settings.base_url.rstrip('/')}/calendar/{token}"
    output.answer({"user": user, "url": address}, lambda screen: screen.print(address, soft_wrap=True, markup=False))


def _try(workspace: Workspace, new: "NewPlan") -> None:
    """Refuse what the source refuses; where it does not answer the plan is made all the same."""
    from auditor.services import plan_trials

    if note := plan_trials.untried(workspace.database, new, environment=workspace.settings.environment):
        click.echo(f"note: {note}", err=True)


def _sheet(workspace: Workspace, session: "Session", row: "Plan") -> "PlanSheet":
    from auditor.services import plan_sheets

    return plan_sheets.sheet(session, row, on=workspace.today)


def _answer(sheet: "PlanSheet", next_step: str) -> None:
    def view(screen: Console) -> None:
        plan_views.plan(screen, sheet)
        output.next_step(screen, next_step)

    output.answer(plan_views.document(sheet), view)
