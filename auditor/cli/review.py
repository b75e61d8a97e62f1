"""`auditor review`: the next case, its findings, and the review file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output, review_screen
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.review_options import VerdictOptions, blind_code, verdicts_of
from auditor.domain.audits import DocumentationStatus
from auditor.domain.findings import ErrorType, Severity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from auditor.services.findings import Review

_BY = click.option("--by", metavar="U", help="Who reviewed; by default who is at the keyboard.")
_CODE_HELP = "A code of your own, as in CPT:99214, CPT:99214-25,LT or HCPCS:J1100*4; once for each."
_VERDICTS = ("agree", "agree_all", "change", "add", "delete", "modifier", "units", "resequence", "allowed")
_WHY = ("error_type", "severity", "root_cause", "citation", "rationale")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def review() -> None:
    """Review cases one after another, or by spreadsheet. For: auditor, compliance officer."""


@review.command()
@click.argument("audit", type=int)
@click.option("--out", required=True, type=_FILE, help="F.xlsx or F.csv.")
@pass_workspace
def export(workspace: Workspace, audit: int, out: Path) -> None:
    """Write the review file of an audit, one row a code. For: auditor, compliance officer."""
    from auditor.services import review_file

    with workspace.database.read() as session:
        done = review_file.export(session, audit, out)

    def view(screen: Console) -> None:
        screen.print(f"{done.cases} cases, {done.rows} rows: {done.file}", markup=False, soft_wrap=True)
        if done.blind:
            screen.print(
                f"{done.blind} cases are coded blind first: write your own codes into their rows of stage `blind`,"
                " import, and export again",
                markup=False,
            )
        output.next_step(screen, f"auditor review import {audit} {done.file} --by U")

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
        name = _reviewer(workspace, session, by)
        done = review_file.import_sheet(session, audit, sheet, by=name, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(
            f"{done.recorded} cases recorded with {done.versions} findings, {done.unchanged} unchanged,"
            f" {done.pending} pending",
            markup=False,
        )
        if done.blind_locked:
            screen.print(f"{done.blind_locked} blind codings locked: a new export shows the codes to judge")
        onward = f"review export {audit} --out F.xlsx" if done.blind_locked else f"metric audit {audit}"
        output.next_step(screen, f"auditor {onward}")

    output.answer(done, view)


@review.command("next")
@_BY
@click.option("--audit", type=int, help="Only cases of this audit.")
@pass_workspace
def next_case(workspace: Workspace, by: str | None, audit: int | None) -> None:
    """Show the next pending case: its codes and its documents. For: auditor."""
    from auditor.services import review_queue

    with workspace.database.read() as session:
        name = _reviewer(workspace, session, by)
        case = review_queue.next_case(session, by=name, audit_id=audit)
    output.answer(case, lambda screen: review_screen.show_case(screen, case, name))


@review.command()
@click.argument("case", type=int)
@click.option("--agree-all", is_flag=True, help="Agree with every code that no other option names.")
@click.option("--agree", multiple=True, metavar="LINE", help="Agree with this code.")
@click.option("--change", multiple=True, metavar="LINE=CODE", help="Another code is right.")
@click.option("--add", multiple=True, metavar="SYSTEM:CODE", help="A code is missing.")
@click.option("--delete", multiple=True, metavar="LINE", help="The code should not be there.")
@click.option("--modifier", multiple=True, metavar="LINE=25,LT", help="Other modifiers are right; `none` for none.")
@click.option("--units", multiple=True, metavar="LINE=N", help="Another number of units is right.")
@click.option("--resequence", multiple=True, metavar="LINE=PLACE", help="The code belongs elsewhere in the order.")
@click.option("--allowed", multiple=True, metavar="LINE=DOLLARS", help="The correct allowed amount.")
@click.option("--error-type", type=click.Choice(list(ErrorType), case_sensitive=False))
@click.option("--severity", type=click.Choice(list(Severity), case_sensitive=False))
@click.option("--root-cause")
@click.option("--citation", help="The guideline that was applied.")
@click.option("--rationale", help="Why; for every verdict of this call but agreement.")
@click.option("--documentation", type=click.Choice(list(DocumentationStatus), case_sensitive=False))
@click.option("--unfinished", is_flag=True, help="Keep what was found; the case stays pending.")
@click.option("--reason", help="Why an earlier finding is corrected.")
@click.option("--revision", type=int, help="The revision that was looked at; refused when the case moved on.")
@_BY
@pass_workspace
def record(workspace: Workspace, /, case: int, by: str | None, **given: Any) -> None:
    """Record what was found on a case; what stands on other codes is kept. For: auditor."""
    from auditor.services import findings

    with workspace.database.write() as session:
        name = _reviewer(workspace, session, by)
        done = findings.record(session, case, _review(session, case, given), by=name, at=workspace.now)
    output.answer(done, lambda screen: review_screen.show_recorded(screen, done, by))


@review.command()
@click.argument("case", type=int)
@click.option("--code", "codes", multiple=True, required=True, metavar="SYSTEM:CODE", help=_CODE_HELP)
@_BY
@pass_workspace
def blind(workspace: Workspace, case: int, codes: tuple[str, ...], by: str | None) -> None:
    """Lock your own codes of a case that is coded blind; then its codes are shown. For: auditor."""
    from auditor.services import blind_coding, findings

    own = [blind_code(option) for option in codes]
    with workspace.database.write() as session:
        name = _reviewer(workspace, session, by)
        held = findings.case_of(session, case, lock=True)
        done = blind_coding.lock(session, held, own, by=name, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"case {case}: {len(done.codes)} codes locked", markup=False)
        output.next_step(screen, f"auditor review next --by {name}")

    output.answer(done, view)


def _reviewer(workspace: Workspace, session: "Session", by: str | None) -> str:
    """Who reviews: the person that `--by` names, else who is at the keyboard."""
    from auditor.services import people

    return people.reviewer(session, by) if by else workspace.user


def _review(session: "Session", case_id: int, given: Mapping[str, Any]) -> "Review":
    """The whole judgement that a call of `record` stands for."""
    from auditor.services import cases, findings, review_queue
    from auditor.services.verdicts import Why, judge

    claim = cases.thaw(findings.case_of(session, case_id))
    stage = review_queue.stage_under_review(claim)
    typed = VerdictOptions(**{name: given[name] for name in _VERDICTS})
    why = Why(**{name: given[name] for name in _WHY})
    documentation = given["documentation"]
    standing = () if documentation is DocumentationStatus.NOT_PRODUCED else findings.current(session, case_id)
    return findings.Review(
        findings=judge(claim, stage, standing, verdicts_of(typed, claim, stage), why),
        documentation_status=documentation,
        finished=not given["unfinished"],
        reason=given["reason"],
        revision=given["revision"],
    )
