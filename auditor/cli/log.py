"""`auditor log`: prove the event log, export it, write checkpoints."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace, wants_json

if TYPE_CHECKING:
    from auditor.domain.checkpoints import Checkpoint

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def log() -> None:
    """Prove the event log, export it, write checkpoints. For: officer, administrator."""


@log.command()
@click.option("--checkpoint", "checkpoint_file", type=_FILE, help="A checkpoint file, or a mail that carries one.")
@pass_workspace
def verify(workspace: Workspace, checkpoint_file: Path | None) -> None:
    """Recompute the whole chain and compare findings with it; exit 1 when anything was changed. For: officer."""
    from auditor.services import finding_ties
    from auditor.services import log as event_log

    seen = _read(checkpoint_file) if checkpoint_file else None
    with workspace.database.read() as session:
        verified = event_log.verify(event_log.stream(session), checkpoint=seen)
        verified = event_log.with_problems(verified, finding_ties.problems(session))

    def view(screen: Console) -> None:
        screen.print(f"{verified.entries:,} entries, {'intact' if verified.intact else 'NOT INTACT'}")
        if verified.problems:
            rows = [(each.number or "–", each.problem) for each in verified.problems]
            screen.print(output.table(["entry>", "problem"], rows))
        screen.print(f"head: {verified.head}", soft_wrap=True)
        if verified.intact and not seen:
            screen.print("Without a checkpoint, entries cut off the end do not show.")
        output.next_step(
            screen, "auditor log checkpoint --out FILE" if verified.intact else "auditor db restore FILE"
        )

    output.answer(verified, view)
    if not verified.intact:
        sys.exit(1)


@log.command()
@click.option("--case", "case_id", type=int, help="Only views of one case.")
@click.option("--user", help="Only what one person was shown.")
@pass_workspace
def views(workspace: Workspace, case_id: int | None, user: str | None) -> None:
    """List who was shown which case, the newest first. For: officer, administrator."""
    from auditor.services import view_log

    wanted = view_log.Wanted(case_id=case_id, user_name=user)
    with workspace.database.read() as session:
        found = view_log.listed(session, wanted, most=None)
    rows = [(each.at, each.user_name, each.case_id, each.route, each.address) for each in found]

    def view(screen: Console) -> None:
        shown = [(f"{at:%Y-%m-%d %H:%M:%S}", *rest) for at, *rest in rows]
        screen.print(output.table(["when (UTC)", "who", "case>", "by", "from"], shown))
        output.next_step(screen, "auditor log views --case CASE --user NAME")

    output.answer([dict(zip(("at", "user", "case_id", "route", "address"), row, strict=True)) for row in rows], view)


@log.command()
@click.option("--out", type=_FILE, help="Write it there; else it is printed.")
@pass_workspace
def checkpoint(workspace: Workspace, out: Path | None) -> None:
    """Write number and hash of the newest entry, to be kept elsewhere as a witness. For: officer."""
    import json

    from auditor.services import log as event_log

    with workspace.database.read() as session:
        head = event_log.checkpoint(session)
    document = {"number": head.number, "sha256": head.sha256, "at": workspace.now}
    if out:
        out.write_text(json.dumps({**document, "at": workspace.now.isoformat()}) + "\n", encoding="utf-8")

    def view(screen: Console) -> None:
        screen.print(str(head), soft_wrap=True)
        output.next_step(screen, f"auditor log verify --checkpoint {out or 'FILE'}")

    output.answer(document, view)


@log.command()
@click.option("--out", type=_FILE, help="Write it there; else it goes to standard output.")
@pass_workspace
def export(workspace: Workspace, out: Path | None) -> None:
    """Write the log as JSON lines, each with the exact texts that were hashed. For: officer."""
    from auditor.services import log as event_log

    database = workspace.database
    with database.read() as session, click.open_file(str(out or "-"), "w", encoding="utf-8") as file:
        head = event_log.checkpoint(session)
        for line in _written(event_log.lines(event_log.stream(session)), as_one=wants_json() and out is None):
            file.write(line + "\n")
    with database.write() as session:
        event_log.note_export(session, head, by=workspace.user, at=workspace.now)
    if out:
        output.answer(
            {"entries": head.number, "sha256": head.sha256, "out": str(out)}, lambda screen: _said(screen, head)
        )


def _written(lines: Iterator[str], *, as_one: bool) -> Iterator[str]:
    """The lines by themselves, or as one JSON list where one document was asked for."""
    if not as_one:
        yield from lines
        return
    before = "["
    for line in lines:
        yield before + line
        before = ","
    yield "]" if before == "," else "[]"


def _said(screen: Console, head: "Checkpoint") -> None:
    screen.print(f"{head.number:,} entries written")
    output.next_step(screen, "auditor log checkpoint --out FILE")


def _read(file: Path) -> "Checkpoint":
    from auditor.domain.checkpoints import read_checkpoint
    from auditor.errors import BadInput

    try:
        return read_checkpoint(file.read_text(encoding="utf-8"), place=str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read: name a checkpoint file") from error
