"""The numbers of an audit's page as text, made once for each content and reader's zone."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy.orm import Session

from auditor.reports import audit_document, audit_records
from auditor.reports.document import Cell, Notice
from auditor.reports.templates import environment
from auditor.services import audit_notes, counted_reports, signatures
from auditor.services.audits import numbered
from auditor.services.counted_reports import Counted, Fresh, Kept
from auditor.services.reporting import Paper
from auditor.storage.database import Database
from auditor.web import documents
from auditor.web.visits import Visit

_CERTIFICATE = "certificate"
_BEFORE_CASES = ("decision", "rates", "strata")
_MOST = 64
_lock, _writing = Lock(), Lock()
_known: "OrderedDict[tuple[str, Paper], Numbers]" = OrderedDict()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether an audit is signed and its signatures hold: in a word, in notices before any number, and in full."""

    status: Cell
    notices: tuple[Notice, ...]
    signed: str


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The pieces of an audit's page that its numbers make: what stands above the cases, what below, and the foot.

    `extend_by` is how many more cases the evidence asks for, None where it asks for none.
    """

    title: str
    subtitle: str
    lede: tuple[str, ...]
    standing: Standing
    extend_by: int | None
    above: str
    below: str
    foot: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The pieces, what is known of their count, and whether the audit has changed since; none before the first."""

    numbers: Numbers | None
    kept: Kept | None
    behind: bool


@dataclass(frozen=True, kw_only=True)
class Made:
    """What the process that counts has made: a report, and its pieces for the readers of a paper."""

    fresh: Fresh
    paper: Paper
    numbers: Numbers


def shown(visit: Visit, audit_id: int, kept: Kept | None) -> Shown:
    """The numbers of an audit: those that are kept, when current or being counted again; else counted now."""
    paper = documents.paper(visit)
    counted: Counted | None = None
    behind = kept is None or not kept.current
    if behind and not visit.site.counter.ask(audit_id, paper):
        kept = counted = counted_reports.count(visit.database, audit_id, at=visit.at)
        behind = not counted.current
    if kept is None:
        return Shown(numbers=None, kept=None, behind=True)
    found = _found(kept.sha256, paper)
    if found is None:
        with _writing:  # the others who ask meanwhile take what the first has written
            found = _found(kept.sha256, paper) or _write(visit.database, counted, audit_id, paper)
    return Shown(numbers=found, kept=kept, behind=behind)


def standing(visit: Visit, session: Session, audit_id: int) -> Standing:
    """What is on record at this moment, for a page whose numbers are of before."""
    audit, signed = numbered(session, audit_id), signatures.flagged(session, audit_id)
    section = audit_records.signatures_now(signed, audit_notes.remarks(session, audit), visit.time_zone)
    return Standing(
        status=audit_document.status(audit.state, signed),
        notices=audit_document.notices(audit.state, signed, visit.time_zone),
        signed=_piece("part", section=section, **documents.drawn(())),
    )


def make(database: Database, audit_id: int, paper: Paper) -> Made:
    """Count an audit, and write its numbers for a reader: for the process that counts, which keeps nothing.

    It gives way to all others, and they would wait for it while it is in the middle of writing.
    """
    made = counted_reports.fresh(database, audit_id, at=datetime.now(UTC))
    return Made(fresh=made, paper=paper, numbers=_written(made, paper))


def take(made: Made) -> None:
    """Have the pieces at hand that were made in another process."""
    _remember(made.fresh.sha256, made.paper, made.numbers)


def keep(database: Database, made: Made) -> None:
    """Keep the report that was made in another process, once its pieces are at hand."""
    counted_reports.keep(database, made.fresh)


def _remember(sha256: str, paper: Paper, numbers: Numbers) -> None:
    with _lock:
        _known[sha256, paper] = numbers
        while len(_known) > _MOST:
            _known.popitem(last=False)


def _found(sha256: str, paper: Paper) -> Numbers | None:
    with _lock:
        if (sha256, paper) in _known:
            _known.move_to_end((sha256, paper))
        return _known.get((sha256, paper))


def _write(database: Database, counted: Counted | None, audit_id: int, paper: Paper) -> Numbers:
    if counted is None:
        with database.read() as session:
            counted = counted_reports.read(session, audit_id)
    numbers = _written(counted, paper)
    _remember(counted.sha256, paper, numbers)
    return numbers


def _written(counted: Counted | Fresh, paper: Paper) -> Numbers:
    report = counted.report(paper)
    document = audit_document.document(report)
    sections = {section.name: section for section in document.sections if section.name != _CERTIFICATE}
    signed, drawings = sections.pop(audit_records.SIGNATURES), documents.drawings(document)
    return Numbers(
        title=document.title,
        subtitle=document.subtitle,
        lede=document.lede,
        standing=Standing(
            status=document.status,
            notices=tuple(each for each in document.front if isinstance(each, Notice)),
            signed=_piece("part", section=signed, **drawings),
        ),
        extend_by=report.decision.extend_by if report.decision else None,
        above=_piece(
            "above",
            front=[each for each in document.front if not isinstance(each, Notice)],
            sections=[section for name, section in sections.items() if name in _BEFORE_CASES],
            **drawings,
        ),
        below=_piece(
            "below", sections=[section for name, section in sections.items() if name not in _BEFORE_CASES], **drawings
        ),
        foot=_piece("foot", foot=document.foot),
    )


def _piece(name: str, **values: object) -> str:
    return environment().get_template(f"web/audits/{name}.html").render(**values)
