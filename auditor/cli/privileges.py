"""`auditor audit privilege`: who may know of an audit that counsel directs."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import NAMES

if TYPE_CHECKING:
    from auditor.services.privilege import Privilege


@click.command(cls=Command)
@click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))
@click.option("--names", type=NAMES, help="The users who may know of it, and nobody else; comma-separated.")
@click.option("--lift", is_flag=True, help="Let everybody know of it again whose role covers it.")
@pass_workspace
def privilege(workspace: Workspace, audit_id: int, names: tuple[str, ...] | None, lift: bool) -> None:
    """Show or change who may know of a counsel-directed audit. For: officer."""
    if lift and names:
        raise click.UsageError("give --names or --lift, not both")
    found = (
        _changed(workspace, audit_id, names or (), lift=lift)
        if lift or names is not None
        else _shown(workspace, audit_id)
    )

    def view(screen: Console) -> None:
        told = f"known to {', '.join(found.names)} only" if found.privileged else "not privileged"
        screen.print(f"audit {found.audit_id}: {told}", markup=False)
        output.next_step(screen, f"auditor audit status {found.audit_id}")

    output.answer(found, view)


def _shown(workspace: Workspace, audit_id: int) -> "Privilege":
    from auditor.services import privilege as privileges

    with workspace.database.read() as session:
        return privileges.of_audit(session, audit_id)


def _changed(workspace: Workspace, audit_id: int, names: tuple[str, ...], *, lift: bool) -> "Privilege":
    from auditor.services import privilege as privileges

    with workspace.database.write() as session:
        if lift:
            return privileges.lift(session, audit_id, by=workspace.user, at=workspace.now)
        return privileges.protect(session, audit_id, names, by=workspace.user, at=workspace.now)
