"""`auditor guideline test`: house rules on their own examples, before they judge anybody's claims."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace

if TYPE_CHECKING:
    from auditor.services.guidelines.house import Tested


@click.command("test", cls=Command)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@pass_workspace
def try_rules(workspace: Workspace, file: Path | None) -> None:
    """Try house rules on their own examples; exit 1 when one does not keep its promise. For: administrator, officer.

    Without FILE, the rules that are shipped and the practice's own file are tried.
    """
    from auditor.services.guidelines import house

    own = workspace.settings.guidelines_path
    files = [file] if file else [house.shipped(), *([own] if own.is_file() else [])]
    found = house.tested(files)
    output.answer(found, lambda screen: _show(screen, found))
    if found.failed:
        sys.exit(1)


def _show(screen: Console, found: "Tested") -> None:
    for name in found.files:
        screen.print(name, markup=False, soft_wrap=True)
    kept = found.examples - len(found.failed)
    screen.print(f"{found.rules:,} rules, {kept:,} of {found.examples:,} examples as promised")
    if found.failed:
        rows = [
            (each.file, each.rule, f"{'fires' if each.must_fire else 'passes'} {each.example}", _did(each.fired))
            for each in found.failed
        ]
        screen.print(output.table(["file", "rule", "example", "did"], rows))


def _did(fired: bool) -> str:
    return "fired" if fired else "did not fire"
