"""Lays out the officer's desk as a document: each question with its proof or what is wrong, then coverage."""

from auditor.reports import figures
from auditor.reports.desk_model import CoverageRow, DeskLine, OfficerDesk
from auditor.reports.document import Cell, Column, Document, Fact, Kind, Section, Table, Tone, cell
from auditor.reports.words import say

_SHEET = "desk"
_UNKNOWN = "–"
_STATES = {True: ("holds", Tone.QUIET), False: ("does not hold", Tone.ALARM), None: ("not proven", Tone.UNDECIDED)}


def document(desk: OfficerDesk) -> Document:
    """The desk in reading order."""
    return Document(
        kind="Readiness report",
        title=say(_SHEET, "title"),
        practice=desk.practice,
        subtitle=say(_SHEET, "subtitle", desk=desk),
        status=_status(desk),
        lede=(lede(desk),),
        front=(),
        sections=(
            Section(name="lines", title="What would be asked", blocks=(_lines(desk),)),
            Section(name="coverage", title="What was audited", blocks=(_coverage(desk),)),
        ),
        foot=(
            Fact(term="As recorded on", value=figures.moment(desk.as_of, desk.time_zone)),
            Fact(term="Event log entry", value=figures.count(desk.checkpoint.number)),
            Fact(term="Checkpoint", value=desk.checkpoint.sha256, kind=Kind.CODE),
        ),
        as_of=desk.as_of,
    )


def lede(desk: OfficerDesk) -> str:
    """The desk in a sentence."""
    wrong = sum(line.holds is False for line in desk.lines)
    unknown = sum(line.holds is None for line in desk.lines)
    return say(_SHEET, "some_fail" if wrong else "all_hold", wrong=wrong, unknown=unknown, lines=len(desk.lines))


def coverage_note(desk: OfficerDesk) -> str:
    """What the table of coverage sets against what."""
    return say(_SHEET, "coverage_note", desk=desk)


def name(line: DeskLine) -> str:
    """What a line claims."""
    return say(_SHEET, f"name_{line.key}")


def sentence(line: DeskLine, zone: str) -> str:
    """Its proof, or what is wrong."""
    return say(_SHEET, line.key, f=line.facts, holds=line.holds, zone=zone)


def state(line: DeskLine) -> Cell:
    """Whether it holds, with its shape."""
    text, tone = _STATES[line.holds]
    return Cell(text=text, tone=tone)


def _status(desk: OfficerDesk) -> Cell:
    if any(line.holds is False for line in desk.lines):
        return Cell(text="not ready", tone=Tone.ALARM)
    return Cell(text="ready", tone=Tone.QUIET)


def _lines(desk: OfficerDesk) -> Table:
    columns = (
        Column(title="What must hold", weight=4),
        Column(title="State", weight=2),
        Column(title="Proof, or what is wrong", weight=6),
        Column(title="Command", kind=Kind.CODE, weight=4),
    )
    rows = tuple(
        (cell(name(line)), state(line), cell(sentence(line, desk.time_zone)), cell(line.command))
        for line in desk.lines
    )
    return Table(caption="If the OIG called today", columns=columns, rows=rows)


def _coverage(desk: OfficerDesk) -> Table:
    heads = ("Claims", "In plans", "Drawn", "Reviewed", "Of all", "Signed")
    columns = (
        Column(title="By"),
        Column(title="Value", weight=3),
        *(Column(title=title, kind=Kind.NUMBER) for title in heads),
    )
    return Table(
        caption="Coverage by arm, payer and specialty",
        columns=columns,
        rows=tuple((cell(row.field), cell(row.value.replace("_", " ")), *numbers(row)) for row in desk.coverage),
        note=coverage_note(desk),
        empty=say(_SHEET, "coverage_empty", desk=desk),
    )


def numbers(row: CoverageRow) -> tuple[Cell, ...]:
    """Claims, their share in plans, cases drawn and reviewed, their share of all claims, and cases signed."""
    planned = Cell(text="no plan", tone=Tone.ALARM) if row.claims and not row.planned else _share(row.share_planned)
    drawn = cell(figures.count(row.drawn))
    if row.claims and row.planned and not row.drawn:
        drawn = Cell(text="none", tone=Tone.WATCH)
    claims = cell(_UNKNOWN if row.claims is None else figures.count(row.claims))
    reviewed, signed = cell(figures.count(row.reviewed)), cell(figures.count(row.signed))
    return claims, planned, drawn, reviewed, _share(row.share_reviewed), signed


def _share(share: float | None) -> Cell:
    return cell(_UNKNOWN if share is None else figures.percent(share))
