"""Lays out the certificate of the draw: frame, seed, algorithm in words, rounds, and how to draw it all again."""

from auditor.domain.audits import SeedSource
from auditor.reports import figures
from auditor.reports.derivations import derivation
from auditor.reports.document import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Kind,
    Listing,
    Paragraph,
    Section,
    Table,
    cell,
)
from auditor.reports.model import AuditReport, Certificate
from auditor.reports.templates import source
from auditor.reports.words import say

_SHEET = "certificate"
_TICKET_SHOWN = 16
_MOST_SELECTIONS = 500
_ID_WORDS = {"claim": "claim's id", "line": "claim's id, a number sign and the line number"}


def section(certificate: Certificate, report: AuditReport) -> Section:
    """The certificate as the report's last part."""
    zone = report.time_zone
    blocks: list[Block] = [
        Paragraph(text=_opening(certificate)),
        Facts(rows=_frame(certificate, zone)),
        _exclusions(certificate),
        Paragraph(text=say(_SHEET, certificate.seed_source.value)),
        Facts(rows=_seed(certificate, zone)),
        Paragraph(text=say(_SHEET, "algorithm", certificate=certificate, id_words=_ID_WORDS[certificate.unit])),
        _rounds(certificate, zone),
        Paragraph(text=say(_SHEET, "recompute")),
        Listing(caption="Drawing it again", text=_recompute(certificate)),
        _abandoned(certificate, zone),
        _selections(certificate),
    ]
    return Section(name="certificate", title="Certificate of the draw", blocks=tuple(blocks), own_page=True)


def _opening(certificate: Certificate) -> str:
    size = certificate.rounds[-1].sample_size
    units = f"{certificate.unit}{'' if size == 1 else 's'}"
    return say(_SHEET, "opening", certificate=certificate, sizes=figures.count(size), units=units)


def _frame(certificate: Certificate, zone: str) -> tuple[Fact, ...]:
    return (
        Fact(term="Population", value=certificate.query_text, kind=Kind.CODE),
        Fact(term="Claims in frame", value=figures.count(certificate.frame_claims)),
        Fact(term="Paid in frame", value=figures.dollars(certificate.frame_paid_cents)),
        Fact(term="Frame taken", value=figures.moment(certificate.frame_taken_at, zone)),
        Fact(term="Frame SHA-256", value=certificate.frame_sha256, kind=Kind.CODE),
    )


def _exclusions(certificate: Certificate) -> Table:
    columns = (Column(title="Left out of the frame", weight=5), Column(title="Claims", kind=Kind.NUMBER))
    rows = tuple(
        (cell(reason), cell(figures.count(claims))) for reason, claims in sorted(certificate.exclusions.items())
    )
    return Table(caption="Exclusions", columns=columns, rows=rows, empty=say(_SHEET, "no_exclusions"))


def _seed(certificate: Certificate, zone: str) -> tuple[Fact, ...]:
    committed = certificate.seed_source is SeedSource.COMMITTED
    return (
        Fact(term="Seed", value=certificate.seed, kind=Kind.CODE),
        Fact(term="SHA-256 of the seed", value=certificate.seed_sha256, kind=Kind.CODE),
        Fact(
            term="Committed" if committed else "Supplied by hand",
            value=figures.moment(certificate.committed_at, zone),
        ),
        Fact(term="Revealed", value=figures.moment(certificate.revealed_at, zone)),
    )


def _rounds(certificate: Certificate, zone: str) -> Table:
    columns = (
        Column(title="Round", kind=Kind.NUMBER, weight=2),
        Column(title="Sample so far", kind=Kind.NUMBER, weight=3),
        Column(title="How the size was derived", weight=8),
        Column(title="Algorithm", kind=Kind.CODE, weight=4),
        Column(title="Drawn", weight=4),
    )
    rows = tuple(
        (
            cell(figures.count(drawn.number)),
            cell(figures.count(drawn.sample_size), strong=True),
            cell(derivation(drawn.derivation)),
            cell(drawn.algorithm),
            cell(f"{figures.moment(drawn.drawn_at, zone)} by {drawn.drawn_by}"),
        )
        for drawn in certificate.rounds
    )
    note = say(_SHEET, "extension") if len(rows) > 1 else ""
    return Table(caption="Rounds", columns=columns, rows=rows, note=note)


def _recompute(certificate: Certificate) -> str:
    """The ten lines, with this audit's seed as data in its place."""
    return source("report/recompute.txt").replace("SEED", repr(certificate.seed)).rstrip("\n")


def _abandoned(certificate: Certificate, zone: str) -> Table:
    columns = (
        Column(title="Audit", kind=Kind.NUMBER),
        Column(title="Opened", weight=3),
        Column(title="Abandoned", weight=3),
        Column(title="Why", weight=4),
        Column(title="SHA-256 of its seed", kind=Kind.CODE, weight=5),
    )
    rows = tuple(
        (
            cell(figures.count(draw.audit_id)),
            cell(figures.moment(draw.opened_at, zone)),
            cell(figures.moment(draw.abandoned_at, zone)),
            cell(draw.reason),
            cell(draw.seed_sha256),
        )
        for draw in certificate.abandoned
    )
    return Table(caption="Abandoned draws", columns=columns, rows=rows, empty=say(_SHEET, "no_abandoned"))


def _selections(certificate: Certificate) -> Table:
    columns = (
        Column(title="Stratum", weight=6),
        Column(title="Order", kind=Kind.NUMBER, weight=4),
        Column(title="Case", kind=Kind.NUMBER, weight=3),
        Column(title="Ticket begins with", kind=Kind.CODE, weight=10),
        Column(title="Chance", kind=Kind.NUMBER, weight=4),
    )
    in_order = sorted(certificate.selections, key=lambda drawn: (drawn.stratum, drawn.draw_order))
    shown = in_order[:_MOST_SELECTIONS]
    rows = tuple(
        (
            cell(drawn.stratum or "all claims"),
            cell(figures.count(drawn.draw_order)),
            cell("–" if drawn.case_number is None else figures.count(drawn.case_number)),
            cell(drawn.ticket[:_TICKET_SHOWN]),
            _chance(drawn.probability),
        )
        for drawn in shown
    )
    note = say(_SHEET, "selections_note")
    if len(shown) < len(certificate.selections):
        note = f"{say(_SHEET, 'selections_cut', shown=len(shown), all=len(certificate.selections))} {note}"
    return Table(caption="The sample", columns=columns, rows=rows, note=note, folded=True)


def _chance(probability: float | None) -> Cell:
    return cell("–" if probability is None else figures.percent(probability))
