"""Lays out an audit report: the sentence first, then the figures it rests on, then how the sample came about."""

from collections.abc import Sequence

from auditor.domain.audits import AuditState
from auditor.reports import (
    audit_decision,
    audit_figures,
    audit_records,
    certificate_document,
    figures,
    metric_words,
    rebuttal_section,
)
from auditor.reports.document import Cell, Document, Fact, Kind, Notice, Section, Tone
from auditor.reports.model import AuditReport, Signature
from auditor.reports.words import say

_SHEET = "audit"


def document(report: AuditReport) -> Document:
    """The report in reading order."""
    return Document(
        kind="Audit report",
        title=say(_SHEET, "title", report=report),
        practice=report.practice,
        subtitle=say(_SHEET, "subtitle", report=report, days=figures.days(report.first_on, report.last_on)),
        status=status(report.state, report.signatures),
        lede=_lede(report),
        front=(*notices(report.state, report.signatures, report.time_zone), audit_figures.key_figures(report)),
        sections=tuple(_sections(report)),
        foot=_foot(report),
        as_of=report.as_of,
    )


def _lede(report: AuditReport) -> tuple[str, ...]:
    figure = report.headline
    name = metric_words.headline_name(figure)
    rate = metric_words.sentence(figure)
    finished = report.progress.done == report.progress.drawn
    sentences = [
        say(_SHEET, "progress", report=report),
        say(
            _SHEET,
            "headline",
            figure=figure,
            name=name,
            rate=rate,
            finished=finished,
            basis=metric_words.basis(figure),
        ),
    ]
    if report.decision is not None and report.state is AuditState.DRAWN:
        return (*sentences, audit_decision.sentence(report.decision))
    verdict = audit_figures.verdict(report)
    if verdict and report.tolerable is not None:
        sentences.append(say(_SHEET, f"verdict_{verdict}", tolerable=report.tolerable))
    return tuple(sentences)


def status(state: AuditState, signatures: Sequence[Signature]) -> Cell:
    """The state of an audit in a word; a signature that no longer holds is said first."""
    if state is AuditState.ABANDONED:
        return Cell(text="abandoned", tone=Tone.ALARM)
    if any(signature.tainted for signature in signatures):
        return Cell(text="tainted", tone=Tone.ALARM)
    if state is AuditState.SIGNED:
        return Cell(text="signed", tone=Tone.QUIET)
    return Cell(text="draft", tone=Tone.UNDECIDED)


def notices(state: AuditState, signatures: Sequence[Signature], zone: str) -> tuple[Notice, ...]:
    """What a reader must know before any number: that nobody has signed, or whose signature no longer holds."""
    found = []
    if state is AuditState.ABANDONED:
        found.append(_notice("abandoned", Tone.ALARM))
    elif state is not AuditState.SIGNED and not signatures:
        found.append(_notice("unsigned", Tone.UNDECIDED))
    return (*found, *(_tainted(signature, zone) for signature in signatures if signature.tainted))


def _tainted(signature: Signature, zone: str) -> Notice:
    tainted = signature.tainted_at and figures.moment(signature.tainted_at, zone)
    signed = figures.moment(signature.signed_at, zone)
    text = say(_SHEET, "tainted", signature=signature, signed=signed, tainted=tainted)
    return Notice(tone=Tone.ALARM, title=say(_SHEET, "tainted_title"), text=text)


def _notice(name: str, tone: Tone) -> Notice:
    return Notice(tone=tone, title=say(_SHEET, f"{name}_title"), text=say(_SHEET, name))


def _sections(report: AuditReport) -> list[Section]:
    sections = [audit_figures.rates(report)]
    if report.decision is not None:
        sections.insert(0, audit_decision.section(report.decision))
    if report.strata:
        sections.append(audit_figures.strata(report))
    sections.append(audit_records.errors(report))
    if report.rebuttals is not None:
        sections.append(rebuttal_section.section(report.rebuttals))
    if report.history:
        sections.append(audit_figures.history(report))
    sections += [audit_records.missing(report), audit_records.times(report), audit_records.signatures(report)]
    if report.certificate is not None:
        sections.append(certificate_document.section(report.certificate, report))
    return sections


def _foot(report: AuditReport) -> tuple[Fact, ...]:
    return (
        Fact(term="As recorded on", value=figures.moment(report.as_of, report.time_zone)),
        Fact(term="Event log entry", value=figures.count(report.checkpoint.number)),
        Fact(term="Checkpoint", value=report.checkpoint.sha256, kind=Kind.CODE),
    )
