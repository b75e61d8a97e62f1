"""`auditor channel`: webhooks, chats and logs that take every alert besides people's mailboxes."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace

if TYPE_CHECKING:
    from auditor.storage.notices import Channel

_KINDS = ["webhook", "slack", "teams", "log"]


@click.group(cls=Group)
def channel() -> None:
    """Send alerts to webhooks, chats and logs besides people's mailboxes. For: administrator."""


@channel.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What takes the messages.")
@click.option("--url", required=True, help="Where: https://..., ${NAME} of the environment, or a file for a log.")
@click.option("--secret", "secret_name", metavar="NAME", help="The environment variable with a webhook's secret.")
@pass_workspace
def add(workspace: Workspace, name: str, kind: str, url: str, secret_name: str | None) -> None:
    """Add a channel; every alert from now on goes to it too. For: administrator."""
    from auditor.domain.notices import ChannelKind
    from auditor.services import channels

    wanted = channels.NewChannel(name=name, kind=ChannelKind(kind), url=url, secret_name=secret_name)
    with workspace.database.write() as session:
        added = channels.add(session, wanted, by=workspace.user, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"channel {added.name} ({added.kind.value}) takes every alert from now on", markup=False)
        output.next_step(screen, f"auditor channel test {added.name}")

    output.answer(_document(added), view)


@channel.command("list")
@pass_workspace
def list_channels(workspace: Workspace) -> None:
    """List the channels in use. For: administrator, officer."""
    from auditor.services import channels

    with workspace.database.read() as session:
        found = channels.in_use(session)

    def view(screen: Console) -> None:
        rows = [
            (c.name, c.kind.value, c.url, c.secret_name or "", f"{c.added_at:%Y-%m-%d}", c.added_by) for c in found
        ]
        screen.print(output.table(["channel", "kind", "address", "secret in", "since", "by"], rows))
        output.next_step(screen, "auditor channel add NAME --kind webhook --url https://... --secret NAME")

    output.answer([_document(each) for each in found], view)


@channel.command()
@click.argument("name")
@pass_workspace
def remove(workspace: Workspace, name: str) -> None:
    """Send nothing more to a channel. For: administrator."""
    from auditor.services import channels

    with workspace.database.write() as session:
        removed = channels.remove(session, name, by=workspace.user, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"channel {removed.name} gets nothing more", markup=False)
        output.next_step(screen, "auditor channel list")

    output.answer(_document(removed), view)


@channel.command()
@click.argument("name")
@pass_workspace
def test(workspace: Workspace, name: str) -> None:
    """Send a channel a message that says it is a test, now. For: administrator."""
    from auditor.mail.channel_tests import ChannelTest, send_test
    from auditor.mail.rules import sender_of

    asked = ChannelTest(name=name, url=workspace.settings.base_url)
    send_test(workspace.database, asked, sender=sender_of(workspace.settings), at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"channel {name} took the test message", markup=False)
        output.next_step(screen, "auditor channel list")

    output.answer({"name": name, "sent": True}, view)


def _document(found: "Channel") -> dict[str, object]:
    names = ("name", "kind", "url", "secret_name", "added_by", "added_at", "removed_at")
    return {name: getattr(found, name) for name in names}
