"""`auditor user second-factor`: set up, confirm or remove a person's second factor."""

import secrets

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace


@click.command("second-factor", cls=Command)
@click.argument("name")
@click.option("--begin", is_flag=True, help="Make a key for an authenticator; nothing changes until --confirm.")
@click.option(
    "--confirm", metavar="CODE", help="A code of the key: one is asked for from now on; prints recovery codes."
)
@click.option("--remove", is_flag=True, help="Ask for the password alone again.")
@pass_workspace
def second_factor(workspace: Workspace, name: str, begin: bool, confirm: str | None, remove: bool) -> None:
    """Show or change a person's second factor. For: administrator."""
    from auditor.services import people, second_factors

    document: dict[str, object] = {"user": name}
    with workspace.database.write() as session:
        user = people.named(session, name)
        if begin:
            document["key"] = second_factors.begin(session, name, secrets.token_bytes(second_factors.SECRET_BYTES))
        elif confirm:
            codes = [secrets.token_hex(8) for _ in range(second_factors.RECOVERY_CODES)]
            second_factors.confirm(session, name, confirm, codes, at=workspace.now)
            document["recovery_codes"] = codes
        elif remove:
            second_factors.remove(session, name, by=workspace.user, at=workspace.now)
        session.flush()
        document["on"] = second_factors.is_set(session, user.id)

    def view(screen: Console) -> None:
        for key, value in document.items():
            screen.print(f"{key}: {', '.join(value) if isinstance(value, list) else value}", markup=False)
        output.next_step(
            screen, f"auditor user second-factor {name} --confirm CODE" if begin else "auditor user list"
        )

    output.answer(document, view)
