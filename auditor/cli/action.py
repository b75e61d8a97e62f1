"""`auditor action`: corrective actions, and whether they helped."""

from datetime import date
from shlex import quote
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import metric_views, output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE
from auditor.domain.corrective_actions import CHECK_DAYS
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.services.follow_through.effects import Effect
    from auditor.storage.follow_through import CorrectiveAction

_BY = click.option("--by", metavar="U", help="Who acts; default: you.")
_NUMBER = click.argument("number", metavar="ACTION", type=int)
_FIELDS = ("title", "education_topic", "field", "value", "owner", "due_on", "state", "added_by", "added_at")
_DONE = ("done_by", "done_at", "check_first_on", "check_last_on", "checked_by", "checked_at")


@click.group(cls=Group)
def action() -> None:
    """Give corrective actions, follow them, check their effect. For: officer, manager."""


@action.command()
@click.argument("title")
@click.option("--owner", required=True, metavar="U", help="The user who sees to it.")
@click.option("--due", "due_on", type=DATE, required=True, help="The last day on which it is to be done.")
@click.option("--topic", "education_topic", help="What is taught, where it is education.")
@click.option("--audit", "audit_id", type=int, help="The audit that it follows from; its plan is checked again.")
@click.option("--of", "of", metavar="FIELD=VALUE", help="Whose coding: coder_of_record=anna, specialty=CARD ...")
@click.option("--check-days", type=int, default=CHECK_DAYS, help="Days of claims that the check looks at; 0: none.")
@click.option("--note", help="Kept encrypted.")
@_BY
@pass_workspace
def add(workspace: Workspace, /, by: str | None, of: str | None, **given: Any) -> None:
    """Give somebody an action until a day. The title stands in mails: nothing of a patient. For: officer, manager."""
    from auditor.services.follow_through import actions

    field, mark, value = (of or "").partition("=")
    if of and not (mark and field and value):
        raise BadInput("--of takes a field and its value, as in coder_of_record=anna")
    new = actions.NewAction(**given, field=field or None, value=value or None)
    with workspace.database.write() as session:
        added = actions.add(session, new, by=by or workspace.user, at=workspace.now)
        _done(added)
        if doubt := actions.doubt(session, added):
            click.echo(f"note: {doubt}", err=True)


@action.command()
@_NUMBER
@click.option("--owner", metavar="U", help="Another owner.")
@click.option("--due", "due_on", type=DATE, help="Another last day.")
@click.option("--topic", "education_topic", help="Another topic.")
@click.option("--note", help="Kept encrypted.")
@_BY
@pass_workspace
def update(workspace: Workspace, /, number: int, by: str | None, **given: Any) -> None:
    """Change an open action; what it said before stays readable. For: officer, manager."""
    from auditor.services.follow_through import actions

    with workspace.database.write() as session:
        change = actions.Update(**given)
        _done(actions.update(session, number, change, by=by or workspace.user, at=workspace.now))


@action.command()
@_NUMBER
@click.option("--note", help="Kept encrypted.")
@_BY
@pass_workspace
def done(workspace: Workspace, number: int, note: str | None, by: str | None) -> None:
    """Say that it was done; its follow-up audit is planned. For: everyone."""
    from auditor.services.follow_through import actions

    with workspace.database.write() as session:
        _done(actions.done(session, number, note=note, by=by or workspace.user, at=workspace.now))


@action.command()
@_NUMBER
@click.option("--reason", required=True, help="Kept encrypted.")
@_BY
@pass_workspace
def cancel(workspace: Workspace, number: int, reason: str, by: str | None) -> None:
    """Give an open action up. For: officer, manager."""
    from auditor.services.follow_through import actions

    with workspace.database.write() as session:
        _done(actions.cancel(session, number, note=reason, by=by or workspace.user, at=workspace.now))


@action.command()
@_NUMBER
@click.option("--verdict", type=click.Choice(["effective", "not_effective"]), help="Close it with this verdict.")
@click.option("--note", help="Kept encrypted.")
@_BY
@pass_workspace
def check(workspace: Workspace, number: int, verdict: str | None, note: str | None, by: str | None) -> None:
    """Compare the error rate with that of the follow-up audit; close it with a verdict. For: officer, manager."""
    from auditor.services.follow_through import actions, effects

    with workspace.database.write() as session:
        found = actions.numbered(session, number)
        effect = effects.effect(session, found)
        if verdict is not None:
            said = actions.Verdict(effective=verdict == "effective", note=note)
            found = actions.judge(session, number, said, by=by or workspace.user, at=workspace.now)
        document = {**action_document(found), "effect": effect}
    output.answer(document, lambda screen: _effect(screen, effect, found))


@action.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those to be done, or done and to be checked.")
@click.option("--owner", metavar="U", help="Only those of this user.")
@pass_workspace
def list_actions(workspace: Workspace, only_open: bool, owner: str | None) -> None:
    """List actions, those that are not closed first. For: officer, manager."""
    from auditor.services.follow_through import actions

    with workspace.database.read() as session:
        found = [action_document(each) for each in actions.every(session, only_open=only_open, owner=owner)]

    def view(screen: Console) -> None:
        names = ("action", "state", "due_on", "owner", "check_last_on", "title")
        rows = [[each[name] for name in names] for each in found]
        screen.print(output.table(["action>", "state", "due", "owner", "checked until", "title"], rows))
        output.next_step(screen, f"auditor action done {found[0]['action']}" if found else "auditor action add TITLE")

    output.answer(found, view)


def action_document(found: "CorrectiveAction") -> dict[str, object]:
    """An action as `--json` prints it."""
    plan = found.check_plan.name if found.check_plan else None
    values: dict[str, object] = {name: getattr(found, name) for name in (*_FIELDS, *_DONE)}
    return {"action": found.id, "audit": found.audit_id, **values, "check_plan": plan}


def _done(changed: "CorrectiveAction") -> None:
    document = action_document(changed)

    def view(screen: Console) -> None:
        due: date = changed.due_on
        screen.print(f"action {changed.id} is {changed.state}: {changed.title}, due {due}", markup=False)
        if changed.check_plan:
            waits = "" if changed.check_plan.approved_at else "; it opens once an officer has approved its plan"
            screen.print(f"follow-up audit planned: {changed.check_plan.name}{waits}", markup=False, soft_wrap=True)
        output.next_step(screen, _next(changed))

    output.answer(document, view)


def _next(changed: "CorrectiveAction") -> str:
    plan = changed.check_plan
    if plan is not None and plan.approved_at is None:
        return f"auditor plan approve {quote(plan.name)}"
    return "auditor action list --open"


def _effect(screen: Console, effect: "Effect", found: "CorrectiveAction") -> None:
    metric_views.table(screen, [effect.before, effect.after], None)
    change = effect.difference
    if change.estimate is not None and change.low is not None and change.high is not None:
        points = [f"{100 * value:+.1f}" for value in (change.estimate, change.low, change.high)]
        screen.print(f"difference {points[0]} points, {points[1]} to {points[2]}: {effect.shown.replace('_', ' ')}")
    if not effect.finished:
        screen.print("the follow-up audit is still under review: this is what it shows so far")
    output.next_step(screen, f"auditor action check {found.id} --verdict effective|not_effective")
