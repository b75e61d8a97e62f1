"""`auditor user identifier`: under which coder and provider numbers people stand in claims."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace

if TYPE_CHECKING:
    from auditor.storage.people import PersonIdentifier

_FIELD = click.argument("field", type=click.Choice(["coder_of_record", "provider"]))


@click.group(cls=Group)
def identifier() -> None:
    """Say under which numbers people stand in claims, besides their user name. For: administrator."""


@identifier.command()
@click.argument("name")
@_FIELD
@click.argument("value")
@pass_workspace
def add(workspace: Workspace, name: str, field: str, value: str) -> None:
    """Claims with that coder or provider are this person's work: seen, argued and not reviewed by them.

    For: administrator.
    """
    from auditor.services import identifiers
    from auditor.services.identifiers import Identifier

    with workspace.database.write() as session:
        kept = Identifier(field=field, value=value)
        _answer([identifiers.add(session, name, kept, by=workspace.user, at=workspace.now)])


@identifier.command()
@click.argument("name")
@_FIELD
@click.argument("value")
@pass_workspace
def remove(workspace: Workspace, name: str, field: str, value: str) -> None:
    """Take an identifier off a person. For: administrator."""
    from auditor.services import identifiers
    from auditor.services.identifiers import Identifier

    with workspace.database.write() as session:
        kept = Identifier(field=field, value=value)
        identifiers.remove(session, name, kept, by=workspace.user, at=workspace.now)
        _answer(identifiers.listed(session, name))


@identifier.command("list")
@click.argument("name", required=False)
@pass_workspace
def list_identifiers(workspace: Workspace, name: str | None) -> None:
    """List identifiers of one person or of all. For: administrator."""
    from auditor.services import identifiers

    with workspace.database.read() as session:
        _answer(identifiers.listed(session, name))


def _answer(found: "list[PersonIdentifier]") -> None:
    document = [{"user": each.user_name, "field": each.field, "value": each.value} for each in found]

    def view(screen: Console) -> None:
        rows = [(each.user_name, each.field, each.value) for each in found]
        screen.print(output.table(["user", "field of a claim", "value"], rows))
        output.next_step(screen, "auditor user identifier add NAME coder_of_record VALUE")

    output.answer(document, view)
