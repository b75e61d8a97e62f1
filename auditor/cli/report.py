"""`auditor report`: an audit or a drift as page or as PDF, both from the same numbers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE, OneOf
from auditor.domain.periods import Every
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.reports.document import Document
    from auditor.services.reporting import Paper

_OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="F.html|F.pdf",
    help="Where to write it; the ending says as what.",
)


@click.group(cls=Group)
def report() -> None:
    """Write reports of audits and of drift. For: officer, manager."""


@report.command()
@click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))
@_OUT
@pass_workspace
def audit(workspace: Workspace, audit_id: int, out: Path | None) -> None:
    """Report one audit with its certificate; with --json, its numbers. For: officer."""
    from auditor.reports import audit_document
    from auditor.services import reporting

    write = _writer(out)
    with workspace.database.read() as session:
        found = reporting.audit_report(session, audit_id, paper=_paper(workspace))
    _answer(found, audit_document.document(found), write)


@report.command()
@click.argument("alert_id", metavar="[ALERT]", type=click.IntRange(min=1), required=False)
@click.option("--source", help="Only this claims source.")
@click.option("--as-of", "day", type=DATE, help="The day to report of; default: today.")
@_OUT
@pass_workspace
def drift(workspace: Workspace, alert_id: int | None, source: str | None, day: date | None, out: Path | None) -> None:
    """Report one alert, or what all monitors said of a day. For: manager, officer."""
    from auditor.reports import drift_document
    from auditor.services import drift_reporting

    if alert_id is not None and (source or day):
        raise BadInput("a report is of one ALERT, or of a day with --source and --as-of: leave one of them out")
    write, paper = _writer(out), _paper(workspace)
    with workspace.database.read() as session:
        if alert_id is not None:
            found = drift_reporting.alert_report(session, alert_id, paper=paper)
            document = drift_document.alert_document(found, found.alerts[0])
        else:
            asked = drift_reporting.DriftQuestion(as_of=day or workspace.today, source=source)
            found = drift_reporting.day_report(session, asked, paper=paper)
            document = drift_document.document(found)
    _answer(found, document, write)


@report.command()
@click.option("--as-of", "day", type=DATE, help="The day to report of; default: today.")
@_OUT
@pass_workspace
def readiness(workspace: Workspace, day: date | None, out: Path | None) -> None:
    """Report the officer's desk: what would hold if an outside auditor called. For: officer."""
    from auditor.reports import desk_document
    from auditor.services.desks import officer

    write = _writer(out)
    sight = officer.Sight(on=day or workspace.today, at=workspace.now)
    with workspace.database.read() as session:
        found = officer.officer_desk(session, sight, paper=_paper(workspace))
    _answer(found, desk_document.document(found), write)


@report.command()
@click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="F.zip",
    help="Where to write it.",
)
@click.option(
    "--without-frame", is_flag=True, help="Leave out the list of the frame's units; the source is not asked."
)
@pass_workspace
def binder(workspace: Workspace, audit_id: int, out: Path, without_frame: bool) -> None:
    """One zip for an outside reviewer, with a verifier; it holds ids of claims and patients. For: officer."""
    from auditor.services.binder import build

    if out.suffix.lower() != ".zip":
        raise BadInput(f"{out} must end in .zip")
    request = build.BinderRequest(audit_id=audit_id, paper=_paper(workspace), with_frame=not without_frame)
    environment = workspace.settings.environment
    made = build.build(workspace.database, request, by=workspace.user, at=workspace.now, environment=environment)
    try:
        out.write_bytes(made.data)
    except OSError as error:
        raise BadInput(f"{out} cannot be written ({error.strerror}): name a file in a folder of yours") from error
    document = {"audit_id": audit_id, "out": str(out), "files": made.files, "sha256": made.sha256}
    document["manifest_sha256"] = made.manifest_sha256

    def view(screen: Console) -> None:
        screen.print(f"{len(made.files)} files written: {out}", markup=False, soft_wrap=True)
        screen.print(
            f"SHA-256 {made.sha256}; of the manifest, which is logged: {made.manifest_sha256}", soft_wrap=True
        )
        output.next_step(screen, "unpack it, and run python verify.py in it")

    output.answer(document, view)


@report.command()
@click.option("--metric", "name", required=True, metavar="M", help="claim_error_rate, cia_error_rate ...")
@click.option("--plan", metavar="P", help="Only audits of this plan.")
@click.option("--by", metavar="F", help="Split by arm, model_version, payer, specialty, code_section ...")
@click.option("--every", type=OneOf(Every), default=Every.MONTH, help="The steps of time.")
@_OUT
@pass_workspace
def trend(workspace: Workspace, /, name: str, out: Path | None, **given: Any) -> None:
    """Report one metric over time, AI beside human, split by a field. For: officer, manager."""
    from auditor.reports import trend_document
    from auditor.services.metric_trend import TrendQuestion
    from auditor.services.trend_reporting import trend_report

    write = _writer(out)
    question = TrendQuestion(metric=name, **given)
    with workspace.database.read() as session:
        found = trend_report(session, question, paper=_paper(workspace), at=workspace.now)
    _answer(found, trend_document.document(found), write)


def _paper(workspace: Workspace) -> "Paper":
    from auditor.services.reporting import Paper

    return Paper(practice=workspace.settings.practice, time_zone=workspace.settings.time_zone)


def _writer(out: Path | None) -> "Callable[[Document], Path | None]":
    """What writes the file; the ending is checked before anything is gathered."""
    ending = out.suffix.lower() if out else ""
    if out is None or ending not in (".html", ".pdf"):
        if out is not None:
            raise BadInput(f"{out} must end in .html or .pdf: the ending says as what the report is written")
        return lambda document: None  # noqa: ARG005

    def write(document: "Document") -> Path:
        from auditor.reports import html, pdf

        made = html.html(document).encode() if ending == ".html" else pdf.pdf(document)
        try:
            out.write_bytes(made)
        except OSError as error:
            raise BadInput(f"{out} cannot be written ({error.strerror}): name a file in a folder of yours") from error
        return out

    return write


def _answer(found: object, document: "Document", write: "Callable[[Document], Path | None]") -> None:
    written = write(document)

    def view(screen: Console) -> None:
        screen.print(document.title, style="bold", markup=False)
        for sentence in document.lede:
            screen.print(sentence, markup=False)
        if written is None:
            output.next_step(screen, "the same command with --out report.html or --out report.pdf")
        else:
            screen.print(f"written: {written}", markup=False, soft_wrap=True)

    output.answer(found, view)
