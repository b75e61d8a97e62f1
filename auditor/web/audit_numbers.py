"""The numbers of an audit's page as text, made once for each content and reader's zone."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from auditor.reports import audit_document
from auditor.services import counted_reports
from auditor.services.counted_reports import Counted
from auditor.web import documents, pages
from auditor.web.visits import Visit

_CERTIFICATE = "certificate"
_BEFORE_CASES = ("decision", "rates", "strata")
_MOST = 64
_lock, _writing = Lock(), Lock()
_made: OrderedDict[tuple[str, str, str], "Numbers"] = OrderedDict()


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The pieces of an audit's page that its numbers make: what stands above the cases, and what below.

    `extend_by` is how many more cases the evidence asks for, None where it asks for none.
    """

    title: str
    extend_by: int | None
    head: str
    above: str
    below: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The pieces, when they were counted, and whether the audit has changed since; none before the first count."""

    numbers: Numbers | None
    counted_at: datetime | None
    behind: bool


def shown(visit: Visit, audit_id: int) -> Shown:
    """The numbers of an audit: those that are kept, when current or being counted again; else counted now."""
    with visit.database.read() as session:
        counted = counted_reports.kept(session, audit_id, at=visit.at)
    behind = counted is None or not counted.current
    if behind and not visit.site.counter.ask(audit_id):
        counted = counted_reports.count(visit.database, audit_id, at=visit.at)
        behind = not counted.current
    if counted is None:
        return Shown(numbers=None, counted_at=None, behind=True)
    return Shown(numbers=_numbers(visit, counted), counted_at=counted.counted_at, behind=behind)


def _numbers(visit: Visit, counted: Counted) -> Numbers:
    paper = documents.paper(visit)
    key = (counted.sha256, paper.time_zone, paper.practice)
    found = _known(key)
    if found is not None:
        return found
    with _writing:  # the others who ask meanwhile take what the first has written
        return _known(key) or _keep(key, _written(visit, counted))


def _known(key: tuple[str, str, str]) -> Numbers | None:
    with _lock:
        if key in _made:
            _made.move_to_end(key)
        return _made.get(key)


def _keep(key: tuple[str, str, str], made: Numbers) -> Numbers:
    with _lock:
        _made[key] = made
        while len(_made) > _MOST:
            _made.popitem(last=False)
    return made


def _written(visit: Visit, counted: Counted) -> Numbers:
    report = counted.report(documents.paper(visit))
    document = audit_document.document(report)
    sections = [section for section in document.sections if section.name != _CERTIFICATE]
    drawings = documents.drawings(document)

    def piece(name: str, **values: object) -> str:
        return pages.fragment(visit, f"audits/{name}.html", document=document, **values, **drawings)

    return Numbers(
        title=document.title,
        extend_by=report.decision.extend_by if report.decision else None,
        head=piece("head"),
        above=piece("above", sections=[section for section in sections if section.name in _BEFORE_CASES]),
        below=piece("below", sections=[section for section in sections if section.name not in _BEFORE_CASES]),
    )
