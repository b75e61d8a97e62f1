"""`auditor db`: check, back up, restore and upgrade our own database."""

import sys
from pathlib import Path

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def db() -> None:
    """Check, back up, restore and upgrade the database. For: administrator."""


@db.command()
@pass_workspace
def check(workspace: Workspace) -> None:
    """Read every page, reference and log entry; exit 1 when something is wrong. For: administrator."""
    from auditor.services import installation

    checked = installation.check(workspace.settings.database, key_path=workspace.settings.key_path)

    def view(screen: Console) -> None:
        rows = [
            ("database", checked.database),
            ("revision", f"{checked.revision} (newest: {checked.newest})"),
            ("log", f"{checked.log_entries:,} entries"),
        ]
        screen.print(output.table(["", ""], rows))
        for problem in checked.problems:
            screen.print(f"problem: {problem}", markup=False, soft_wrap=True)
        output.next_step(screen, "auditor db restore FILE" if checked.problems else "auditor db backup FILE")

    output.answer(checked, view)
    if checked.problems:
        sys.exit(1)


@db.command()
@click.argument("file", type=_FILE)
@pass_workspace
def backup(workspace: Workspace, file: Path) -> None:
    """Copy the database into FILE while it is in use; keep the key apart. For: administrator."""
    from auditor.services import backups

    size_bytes = backups.backup(workspace.database, file)
    key = workspace.settings.key_path

    def view(screen: Console) -> None:
        screen.print(f"{size_bytes:,} bytes written to {file}", soft_wrap=True)
        screen.print(
            f"The copy is worth nothing without the key {key}: keep that too, in another place.", soft_wrap=True
        )
        output.next_step(screen, "auditor log checkpoint --out FILE")

    output.answer({"file": str(file.resolve()), "size_bytes": size_bytes, "key": str(key)}, view)


@db.command()
@click.argument("file", type=_FILE)
@pass_workspace
def restore(workspace: Workspace, file: Path) -> None:
    """Put a backup in the place of the database; what was there is kept beside it. For: administrator."""
    from auditor.services import backups, installation

    database = installation.connect(workspace.settings.database, key_path=workspace.settings.key_path)
    kept = backups.restore(database, file, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"restored from {file}; what was there before: {kept}", soft_wrap=True)
        output.next_step(screen, "auditor db check")

    output.answer({"restored_from": str(file.resolve()), "kept": str(kept)}, view)


@db.command()
@pass_workspace
def upgrade(workspace: Workspace) -> None:
    """Bring the tables to the newest revision; keeps what is there. For: administrator."""
    from auditor.services import installation

    settings = workspace.settings
    database = installation.connect(settings.database, key_path=settings.key_path)
    before, after = installation.upgrade(database)

    def view(screen: Console) -> None:
        same = before == after
        screen.print(f"at revision {after}" + ("" if same else f", from {before}"))
        output.next_step(screen, "auditor db check")

    output.answer({"from": before, "revision": after}, view)
