"""`auditor ruling`: written answers to questions of coding, at hand beside the codes that they speak of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace

if TYPE_CHECKING:
    from auditor.storage.rulings import Ruling

_BY = click.option("--by", metavar="U", help="Who acts; by default who is at the keyboard.")


@click.group(cls=Group)
def ruling() -> None:
    """Write, find and withdraw rulings. For: officer, auditor."""


@ruling.command()
@click.option("--question", required=True, help="What was asked; nothing of a patient.")
@click.option("--answer", required=True, help="What holds from now on.")
@click.option("--code", "codes", multiple=True, required=True, help="A code that it speaks of, or its beginning.")
@click.option("--citation", help="What it rests on: a guideline with its section.")
@click.option("--case", "case_id", type=int, help="The case that it came up in, by its number.")
@click.option("--replaces", type=int, help="The ruling whose place it takes.")
@_BY
@pass_workspace
def add(workspace: Workspace, /, by: str | None, **given: Any) -> None:
    """Put a ruling on record. For: officer, auditor."""
    from auditor.services import rulings

    with workspace.database.write() as session:
        made = rulings.write(session, rulings.Draft(**given), by=by or workspace.user, at=workspace.now)
        _answer([made])


@ruling.command("list")
@click.option("--text", default="", help="Only rulings that hold every one of these words.")
@click.option("--code", default="", help="Only rulings that speak of this code.")
@click.option("--all", "withdrawn", is_flag=True, help="Also those that no longer hold.")
@pass_workspace
def list_rulings(workspace: Workspace, text: str, code: str, withdrawn: bool) -> None:
    """Find rulings by word or code. For: officer, auditor."""
    from auditor.services import rulings

    with workspace.database.read() as session:
        _answer(rulings.found(session, text=text, code=code, withdrawn=withdrawn))


@ruling.command()
@click.argument("number", type=int)
@pass_workspace
def show(workspace: Workspace, number: int) -> None:
    """Read one ruling. For: officer, auditor."""
    from auditor.services import rulings

    with workspace.database.read() as session:
        _answer([rulings.numbered(session, number)])


@ruling.command()
@click.argument("number", type=int)
@_BY
@pass_workspace
def withdraw(workspace: Workspace, number: int, by: str | None) -> None:
    """Take a ruling out of force; findings keep their link. For: officer, auditor."""
    from auditor.services import rulings

    with workspace.database.write() as session:
        _answer([rulings.withdraw(session, number, by=by or workspace.user, at=workspace.now)])


def _answer(found: "Sequence[Ruling]") -> None:
    keys = (
        "id",
        "question",
        "answer",
        "citation",
        "case_id",
        "written_by",
        "written_at",
        "withdrawn_at",
        "replaced_by",
    )
    documents = [
        {key: getattr(each, key) for key in keys} | {"codes": [code.code for code in each.codes]} for each in found
    ]

    def view(screen: Console) -> None:
        for each in documents:
            state = f" · replaced by {each['replaced_by']}" if each["replaced_by"] else ""
            ended = " · withdrawn" if each["withdrawn_at"] and not state else ""
            screen.print(f"Ruling {each['id']} · {' '.join(each['codes'])}{state}{ended}", style="bold", markup=False)
            screen.print(f"{each['question']}\n{each['answer']}", markup=False)
            screen.print(
                f"{each['written_by']}, {each['written_at']:%Y-%m-%d}  {each['citation'] or ''}\n", style="dim"
            )
        if not documents:
            screen.print("no ruling speaks of this")
        output.next_step(screen, "auditor review record CASE --ruling N")

    output.answer(documents, view)
