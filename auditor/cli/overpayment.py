"""`auditor overpayment`: money that is owed back, and the clock that runs (42 CFR 401.305)."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE

if TYPE_CHECKING:
    from auditor.storage.follow_through import Overpayment

_BY = click.option("--by", metavar="U", help="Who acts; default: you.")
_NUMBER = click.argument("number", metavar="OVERPAYMENT", type=int)
_STORED = ("title", "payer", "identified_on", "investigated_from", "quantified_on", "quantified_cents", "method")


class _Dollars(click.ParamType[int]):
    """Dollars as 1,234.50, kept as cents."""

    name = "dollars"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from auditor.services import review_cells

        if isinstance(value, int):
            return value
        try:
            cents = review_cells.cents(str(value).strip())
        except review_cells.BadCell:
            cents = None
        if cents is None:
            self.fail(f"{value!r} is no amount: write it as 1234.50", param, ctx)
        return cents


@click.group(cls=Group)
def overpayment() -> None:
    """Write down what is owed back, and see how long there is to return it. For: officer."""


@overpayment.command()
@click.argument("title")
@click.option("--identified-on", type=DATE, required=True, help="The day on which it was identified.")
@click.option("--audit", "audit_id", type=int, help="The audit that found it.")
@click.option("--payer", help="To whom it is owed.")
@click.option("--investigated-from", type=DATE, help="When the investigation of related ones began, if it did.")
@click.option("--note", help="Kept encrypted.")
@_BY
@pass_workspace
def add(workspace: Workspace, /, by: str | None, **given: Any) -> None:
    """Write an identified overpayment down; its 60 days run from that day. For: officer."""
    from auditor.services.follow_through import overpayments

    with workspace.database.write() as session:
        found = overpayments.Identified(**given)
        _done(workspace, overpayments.identify(session, found, by=by or workspace.user, at=workspace.now))


@overpayment.command()
@_NUMBER
@click.option("--from", "since", type=DATE, required=True, help="The day on which it began.")
@_BY
@pass_workspace
def investigate(workspace: Workspace, number: int, since: date, by: str | None) -> None:
    """A good-faith investigation of related ones suspends the clock, to day 180 at most. For: officer."""
    from auditor.services.follow_through import overpayments

    with workspace.database.write() as session:
        _done(
            workspace,
            overpayments.investigate(session, number, since=since, by=by or workspace.user, at=workspace.now),
        )


@overpayment.command()
@_NUMBER
@click.option("--dollars", type=_Dollars(), required=True, help="What is owed in all; 0 when nothing is.")
@click.option("--method", required=True, help="How it was found: claim by claim, extrapolated (how, limit) ...")
@click.option("--on", type=DATE, help="The day on which it was calculated; default: today.")
@_BY
@pass_workspace
def quantify(workspace: Workspace, /, number: int, on: date | None, by: str | None, **given: Any) -> None:
    """Say what is owed in all; a suspension ends with it. For: officer."""
    from auditor.services.follow_through import overpayments

    amount = overpayments.Quantified(cents=given["dollars"], method=given["method"], on=on or workspace.today)
    with workspace.database.write() as session:
        _done(workspace, overpayments.quantify(session, number, amount, by=by or workspace.user, at=workspace.now))


@overpayment.command()
@_NUMBER
@click.option("--dollars", type=_Dollars(), required=True, help="What was reported and returned.")
@click.option("--on", type=DATE, help="The day on which it was; default: today.")
@click.option("--more-than-owed", is_flag=True, help="More was returned than is owed, and that is meant.")
@_BY
@pass_workspace
def refund(workspace: Workspace, /, number: int, on: date | None, by: str | None, **given: Any) -> None:
    """Say that it was reported and returned; its clock ends. For: officer."""
    from auditor.services.follow_through import overpayments

    paid = overpayments.Refunded(
        cents=given["dollars"], on=on or workspace.today, more_than_owed=given["more_than_owed"]
    )
    with workspace.database.write() as session:
        _done(workspace, overpayments.refund(session, number, paid, by=by or workspace.user, at=workspace.now))


@overpayment.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that are still owed, or still to be quantified.")
@pass_workspace
def list_overpayments(workspace: Workspace, only_open: bool) -> None:
    """List overpayments with the days that are left, the most urgent first. For: officer."""
    from auditor.services.follow_through import overpayments

    today = workspace.today
    with workspace.database.read() as session:
        rows = overpayments.every(session, open_on=today if only_open else None)
        found = [overpayment_document(each, today) for each in rows]

    def view(screen: Console) -> None:
        names = ("overpayment", "clock", "identified_on", "due_on", "time", "title")
        shown = [[(each | {"time": _time(each)})[name] for name in names] for each in found]
        screen.print(output.table(["overpayment>", "clock", "identified", "due", "time>", "title"], shown))
        output.next_step(
            screen,
            f"auditor overpayment show {found[0]['overpayment']}" if found else "auditor overpayment add TITLE",
        )

    output.answer(found, view)


@overpayment.command()
@_NUMBER
@pass_workspace
def show(workspace: Workspace, number: int) -> None:
    """Show one overpayment with every step of it. For: officer."""
    from auditor.services.follow_through import overpayments

    names = ("number", "values", "note", "by", "at")
    with workspace.database.read() as session:
        found = overpayments.numbered(session, number)
        steps = [{name: getattr(entry, name) for name in names} for entry in found.entries]
        document = {**overpayment_document(found, workspace.today), "steps": steps}
    output.answer(document, lambda screen: _show(screen, document))


def overpayment_document(found: "Overpayment", on: date) -> dict[str, Any]:
    """An overpayment as `--json` prints it, with its clock as of a day."""
    from auditor.services.follow_through import overpayments

    clock = overpayments.clock(found)
    return {
        "overpayment": found.id,
        "audit": found.audit_id,
        **{name: getattr(found, name) for name in (*_STORED, "refunded_on", "refunded_cents")},
        "clock": clock.state(on),
        "suspended_until": clock.suspended_until,
        "due_on": clock.due_on,
        "days_left": clock.days_left(on) if clock.is_open(on) else None,
    }


def _show(screen: Console, document: dict[str, Any]) -> None:
    about = {name: value for name, value in document.items() if name != "steps" and value is not None}
    screen.print(output.table(["", ""], [_words(name, value) for name, value in about.items()]))
    rows: list[tuple[object, ...]] = []
    before: dict[str, object] = {}
    for step in document["steps"]:
        changed = {name: value for name, value in step["values"].items() if value != before.get(name)}
        what = "; ".join(": ".join(_words(name, value)) for name, value in changed.items())
        rows.append((step["number"], what, step["note"] or "", step["by"], output.moment(step["at"])))
        before = step["values"]
    screen.print(output.table(["step>", "what", "note", "by!", "at!"], rows))
    output.next_step(screen, "auditor overpayment list --open")


def _time(document: dict[str, Any]) -> str:
    """How long there is, or for how long it is overdue; nothing where nothing is owed."""
    from auditor.domain.repayment_clock import time_left

    return "" if document["days_left"] is None else time_left(document["days_left"])


def _words(name: str, value: object) -> tuple[str, str]:
    """A name and a value as people read them: cents as dollars."""
    is_cents = name.endswith("_cents") and isinstance(value, int)
    said = (
        output.dollars(value) if is_cents and isinstance(value, int) else "nothing" if value is None else str(value)
    )
    return name.removesuffix("_cents").replace("_", " "), said


def _done(workspace: Workspace, changed: "Overpayment") -> None:
    document = overpayment_document(changed, workspace.today)

    def view(screen: Console) -> None:
        left = ", ".join(filter(None, (f"due {document['due_on']}", _time(document))))
        screen.print(f"overpayment {changed.id} is {document['clock']}: {left}", markup=False)
        output.next_step(screen, "auditor overpayment list --open")

    output.answer(document, view)
