"""What an audit report writes down: types of error, records that were not produced, signatures."""

from collections.abc import Sequence
from dataclasses import replace

from auditor.domain.audits import NoteKind
from auditor.reports import figures, measure_tables
from auditor.reports.document import Block, Cell, Column, Kind, Paragraph, Section, Table, Tone, cell
from auditor.reports.model import AuditReport, Remark, Signature
from auditor.reports.words import say

SIGNATURES = "signatures"
_SHEET = "audit"


def errors(report: AuditReport) -> Section:
    """Types of error, most frequent first."""
    columns = (
        Column(title="Type of error", weight=4),
        Column(title="Errors", kind=Kind.NUMBER, weight=2),
        Column(title="Variances", kind=Kind.NUMBER, weight=2),
        Column(title="Cases", kind=Kind.NUMBER, weight=2),
    )
    sorted_types = sorted(report.error_types, key=lambda each: (-each.material, -each.variances, each.error_type))
    rows = tuple(
        (
            cell(each.error_type.replace("_", " ")),
            cell(figures.count(each.material), strong=True),
            cell(figures.count(each.variances)),
            cell(figures.count(each.cases)),
        )
        for each in sorted_types
    )
    empty = say(_SHEET, "no_errors" if report.progress.done else "no_findings")
    note = say(_SHEET, "errors_note", report=report)
    table = Table(caption="Findings by type of error", columns=columns, rows=rows, note=note, empty=empty)
    return Section(name="errors", title="What went wrong", blocks=(table,))


def times(report: AuditReport) -> Section:
    """How long a review took, with how many were timed."""
    told = report.review_times
    titles = ("Finished reviews", "Timed (n)", "Minutes, average", "Minutes, median", "Hours together")
    measured = (told.mean_minutes, told.median_minutes, told.total_hours)
    row = (
        cell(figures.count(told.finished)),
        cell(figures.count(told.timed)),
        *(cell(figures.decimal(each)) for each in measured if each is not None),
    )
    table = Table(
        caption="How long a review took",
        columns=tuple(Column(title=title, kind=Kind.NUMBER) for title in titles),
        rows=(row,) if told.timed else (),
        note=say(_SHEET, "times_note"),
        empty=say(_SHEET, "times_none", times=told),
    )
    return Section(name="times", title="Time per case", blocks=(table,))


def missing(report: AuditReport) -> Section:
    """Records that were not produced, by case number, and how many are still awaited."""
    blocks: list[Block] = []
    if report.missing_records:
        columns = (Column(title="Case"), Column(title="Stratum", weight=5))
        rows = tuple(
            (cell(figures.count(record.case_number)), cell(record.stratum or "all claims"))
            for record in report.missing_records
        )
        note = say(_SHEET, "missing_note")
        blocks.append(Table(caption="Cases without a record", columns=columns, rows=rows, note=note))
    else:
        blocks.append(Paragraph(text=say(_SHEET, "missing_none")))
    if report.progress.requested:
        blocks.append(Paragraph(text=say(_SHEET, "missing_requested", report=report)))
    blocks += _remarks(report.remarks, NoteKind.NOT_PRODUCED, report.time_zone)
    return Section(name="records", title="Records not produced", blocks=tuple(blocks))


def signatures(report: AuditReport) -> Section:
    """Who signed, what that meant, whether it still holds, and figures that were signed beside those of now."""
    signed = signatures_now(report.signatures, report.remarks, report.time_zone)
    return replace(signed, blocks=(*signed.blocks, *_as_signed(report)))


def signatures_now(signed: Sequence[Signature], remarks: Sequence[Remark], zone: str) -> Section:
    """Who signed, what that meant, and whether it still holds: what needs no figure of the audit."""
    columns = (
        Column(title="Signed by", weight=3),
        Column(title="Meaning", weight=4),
        Column(title="When", weight=3),
        Column(title="State", weight=2),
        Column(title="Content SHA-256", kind=Kind.CODE, weight=4),
    )
    rows = tuple(_signature(signature, zone) for signature in signed)
    table = Table(
        caption="Who signed",
        columns=columns,
        rows=rows,
        note=say(_SHEET, "signatures_note"),
        empty=say(_SHEET, "signatures_none"),
    )
    blocks = (table, *_remarks(remarks, NoteKind.REOPENED, zone))
    return Section(name=SIGNATURES, title="Signatures", blocks=blocks)


def _as_signed(report: AuditReport) -> list[Block]:
    """The figures of each tainted signature beside those of now."""
    return [
        measure_tables.side_by_side(
            signature.figures,
            report.figures,
            heads=("As signed", "Now"),
            caption=say(_SHEET, "as_signed", signature=signature),
            note=say(_SHEET, "as_signed_note", signed=figures.moment(signature.signed_at, report.time_zone)),
        )
        for signature in report.signatures
        if signature.tainted and signature.figures
    ]


def _remarks(remarks: Sequence[Remark], kind: NoteKind, zone: str) -> list[Block]:
    """Why cases were closed or the audit reopened, in the words of whoever did it."""
    return [
        Paragraph(text=say(_SHEET, "remark", remark=remark, written=figures.moment(remark.written_at, zone)))
        for remark in remarks
        if remark.kind is kind
    ]


def _signature(signature: Signature, zone: str) -> tuple[Cell, ...]:
    signer = f"{signature.signer}, {signature.credential}" if signature.credential else signature.signer
    state = Cell(text="tainted", tone=Tone.ALARM) if signature.tainted else Cell(text="holds", tone=Tone.QUIET)
    return (
        cell(signer),
        cell(signature.meaning),
        cell(figures.moment(signature.signed_at, zone)),
        state,
        cell(signature.content_sha256),
    )
