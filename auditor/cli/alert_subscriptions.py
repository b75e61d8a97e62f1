"""`auditor alert subscribe`: how a person is told of alerts."""

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace


@click.command(cls=Command)
@click.argument("user")
@click.option("--drift", type=click.Choice(["now", "weekly", "never"]), help="How to be told of drift.")
@click.option("--operational", type=click.Choice(["now", "weekly", "never"]), help="How to be told of the machinery.")
@pass_workspace
def subscribe(workspace: Workspace, user: str, drift: str | None, operational: str | None) -> None:
    """Say how a person is told of alerts: at once, weekly, never. For: administrator, manager, officer."""
    from auditor.domain.alerts import AlertKind
    from auditor.domain.notices import Delivery
    from auditor.services import subscriptions

    asked = {AlertKind.DRIFT: drift, AlertKind.OPERATIONAL: operational}
    wanted = {kind: Delivery(text) for kind, text in asked.items() if text}
    with workspace.database.write() as session:
        found = subscriptions.choose(session, user, wanted, by=workspace.user, at=workspace.now)

    def view(screen: Console) -> None:
        for kind, delivery in found.items():
            screen.print(f"{user} is told of {kind.value} alerts: {delivery.value}")
        output.next_step(screen, "auditor channel list")

    output.answer({"user": user, "deliveries": found}, view)
