"""`auditor user absence`: when people are away and get no cases."""

from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE

if TYPE_CHECKING:
    from auditor.storage.people import Absence


@click.group(cls=Group)
def absence() -> None:
    """Keep the days on which people are away. For: administrator, officer."""


@absence.command()
@click.argument("name")
@click.option("--from", "first_on", type=DATE, required=True, help="The first day.")
@click.option("--to", "last_on", type=DATE, required=True, help="The last day.")
@pass_workspace
def add(workspace: Workspace, name: str, first_on: date, last_on: date) -> None:
    """Note that a person is away. For: administrator, officer."""
    from auditor.services import absences

    with workspace.database.write() as session:
        _answer([absences.add(session, name, (first_on, last_on), by=workspace.user, at=workspace.now)])


@absence.command()
@click.argument("absence_id", type=int)
@pass_workspace
def remove(workspace: Workspace, absence_id: int) -> None:
    """Take an absence back. For: administrator, officer."""
    from auditor.services import absences

    with workspace.database.write() as session:
        removed = absences.remove(session, absence_id, by=workspace.user, at=workspace.now)
        _answer(absences.listed(session, removed.user.name))


@absence.command("list")
@click.argument("name", required=False)
@click.option("--since", type=DATE, help="Leave out those that ended before this day.")
@pass_workspace
def list_absences(workspace: Workspace, name: str | None, since: date | None) -> None:
    """List absences by their first day. For: administrator, officer."""
    from auditor.services import absences

    with workspace.database.read() as session:
        _answer(absences.listed(session, name, since=since))


def _answer(found: "list[Absence]") -> None:
    rows = [(each.id, each.user.name, each.first_on, each.last_on) for each in found]

    def view(screen: Console) -> None:
        screen.print(output.table(["absence>", "user", "from", "to"], rows))
        output.next_step(screen, "auditor user absence add NAME --from 2026-08-03 --to 2026-08-14")

    output.answer([dict(zip(("absence_id", "user", "first_on", "last_on"), row, strict=True)) for row in rows], view)
