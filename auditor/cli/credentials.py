"""`auditor user credential`: what people are certified in, and until when."""

from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE

if TYPE_CHECKING:
    from auditor.storage.people import Credential


@click.group(cls=Group)
def credential() -> None:
    """Keep people's certificates (CPC, CCS, CRC ...). For: administrator."""


@credential.command("set")
@click.argument("name")
@click.argument("title")
@click.option("--expires", type=DATE, help="Its last good day; without it, it does not end.")
@click.option("--number", help="The number on the certificate.")
@pass_workspace
def set_credential(workspace: Workspace, name: str, title: str, expires: date | None, number: str | None) -> None:
    """Note a certificate, or another last day of one. For: administrator."""
    from auditor.services import credentials
    from auditor.services.credentials import Certificate

    held = Certificate(title=title, expires_on=expires, certificate_number=number)
    with workspace.database.write() as session:
        _answer([credentials.hold(session, name, held, by=workspace.user, at=workspace.now)])


@credential.command()
@click.argument("name")
@click.argument("title")
@pass_workspace
def remove(workspace: Workspace, name: str, title: str) -> None:
    """Take a certificate off a person. For: administrator."""
    from auditor.services import credentials

    with workspace.database.write() as session:
        credentials.remove(session, name, title, by=workspace.user, at=workspace.now)
        _answer(credentials.listed(session, name))


@credential.command("list")
@click.argument("name", required=False)
@pass_workspace
def list_credentials(workspace: Workspace, name: str | None) -> None:
    """List certificates, the expired too. For: administrator, officer."""
    from auditor.services import credentials

    with workspace.database.read() as session:
        _answer(credentials.listed(session, name))


def _answer(held: "list[Credential]") -> None:
    rows = [(each.user.name, each.title, each.certificate_number, each.expires_on) for each in held]

    def view(screen: Console) -> None:
        shown = [(name, title, number, expires or "no end") for name, title, number, expires in rows]
        screen.print(output.table(["user", "certificate", "number", "good until"], shown))
        output.next_step(screen, "auditor user credential set NAME CPC --expires 2027-06-30")

    keys = ("user", "title", "certificate_number", "expires_on")
    output.answer([dict(zip(keys, row, strict=True)) for row in rows], view)
