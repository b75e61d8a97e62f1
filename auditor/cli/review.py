"""`auditor review`: the next case, its findings, and the review file."""

from pathlib import Path
from shlex import quote
from typing import Any

import click
from rich.console import Console

from auditor.cli import output, review_screen
from auditor.cli.commands import TERMINAL, Group, Workspace, pass_workspace
from auditor.cli.review_further import FURTHER
from auditor.cli.review_options import review_of, reviewer, verdict_options

_BY = click.option("--by", metavar="U", help="Who reviewed; by default who is at the keyboard.")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def review() -> None:
    """Review cases one after another, or by spreadsheet. For: auditor, compliance officer."""


for _each in FURTHER:
    review.add_command(_each)


@review.command()
@click.argument("audit", type=int)
@click.option("--out", required=True, type=_FILE, help="F.xlsx or F.csv.")
@click.option("--by", metavar="U", help="Only U's own reviews, first and second ones; by default every first review.")
@pass_workspace
def export(workspace: Workspace, audit: int, out: Path, by: str | None) -> None:
    """Write the review file of an audit, one row a code. For: auditor, compliance officer.

    With --by it holds a person's own reviews and nothing of anybody else's: that is the file for second reviews.
    """
    from auditor.services import people, review_file, view_log

    with workspace.database.write() as session:
        own = people.reviewer(session, by) if by else None
        viewer = view_log.Viewer(name=own or workspace.user, address=TERMINAL, route="auditor review export")
        view_log.note_audit(session, audit, viewer, at=workspace.now, seats_of=own)
    with workspace.database.read() as session:
        done = review_file.export(session, audit, out, reviewer=own)

    def view(screen: Console) -> None:
        screen.print(f"{done.cases} cases, {done.rows} rows: {done.file}", markup=False, soft_wrap=True)
        if done.blind:
            screen.print(
                f"{done.blind} cases are coded blind first: write your own codes into their rows of stage `blind`,"
                " import, and export again",
                markup=False,
            )
        output.next_step(screen, f"auditor review import {audit} {quote(done.file)} --by {own or 'U'}")

    output.answer(done, view)


@review.command("import")
@click.argument("audit", type=int)
@click.argument("file", type=_FILE)
@_BY
@pass_workspace
def import_file(workspace: Workspace, audit: int, file: Path, by: str | None) -> None:
    """Record every review of a filled-in file, or none of it. For: auditor, compliance officer."""
    from auditor.services import review_file, review_sheets

    sheet = review_sheets.read(file)
    with workspace.database.write() as session:
        name = reviewer(workspace, session, by)
        done = review_file.import_sheet(session, audit, sheet, by=name, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(
            f"{done.recorded} cases recorded with {done.versions} findings, {done.unchanged} unchanged,"
            f" {done.pending} pending",
            markup=False,
        )
        if done.blind_locked:
            screen.print(f"{done.blind_locked} blind codings locked: a new export shows the codes to judge")
        again = f"review export {audit} --out F.xlsx" + (f" --by {done.reviewer}" if done.reviewer else "")
        onward = again if done.blind_locked else f"metric audit {audit}"
        output.next_step(screen, f"auditor {onward}")

    output.answer(done, view)


@review.command("next")
@_BY
@click.option("--audit", type=int, help="Only cases of this audit.")
@pass_workspace
def next_case(workspace: Workspace, by: str | None, audit: int | None) -> None:
    """Show the next pending case: its codes and its documents. For: auditor."""
    from auditor.services import review_queue, view_log

    with workspace.database.write() as session:
        name = reviewer(workspace, session, by)
        case = review_queue.next_case(session, by=name, audit_id=audit)
        if case is not None:
            viewer = view_log.Viewer(name=name, address=TERMINAL, route="auditor review next")
            view_log.note(session, case.case_id, viewer, at=workspace.now)
    output.answer(case, lambda screen: review_screen.show_case(screen, case, name))


@review.command()
@click.argument("case", type=int)
@verdict_options
@_BY
@pass_workspace
def record(workspace: Workspace, /, case: int, by: str | None, **given: Any) -> None:
    """Record what was found on a case; what stands on other codes is kept. For: auditor."""
    from auditor.services import findings, seats

    with workspace.database.write() as session:
        name = reviewer(workspace, session, by)
        seat = seats.seat_of(session, findings.case_of(session, case, lock=True), name=name)
        seats.refuse_decided(seat)
        done = findings.record(session, case, review_of(session, seat, given), by=name, at=workspace.now)
    output.answer(done, lambda screen: review_screen.show_recorded(screen, done, by))
