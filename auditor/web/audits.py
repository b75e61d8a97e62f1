"""The officer's pages on audits: the list, one audit from its sentence down to its cases, and its certificate."""

from datetime import date

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from auditor.domain.audits import AuditState, DocumentationStatus
from auditor.domain.people import Role
from auditor.domain.plans import Timing
from auditor.errors import AuditorError, BadInput, NotFound
from auditor.reports import audit_document
from auditor.reports.document import Document
from auditor.services import (
    bill_holds,
    case_lists,
    counted_reports,
    people,
    privilege,
    reassigning,
    reporting,
    samples,
    second_factors,
    signatures,
    source_checks,
    standings,
)
from auditor.services.audits import has_frame, numbered, opening_notes, period, with_plan
from auditor.services.case_lists import CaseState, Page
from auditor.services.counted_reports import Kept
from auditor.storage.audits import Audit
from auditor.web import audit_numbers, documents, forms, pages
from auditor.web.visits import Visit

_CERTIFICATE = "certificate"
_MOST_PAGES = 9_999


def audits(visit: Visit) -> Response:
    """Every audit, the newest first."""
    with visit.database.read() as session:
        found = standings.all_standings(session, reader=visit.me.name)
    return pages.page(visit, "audits/list.html", audits=found[::-1])


def audit(visit: Visit) -> Response:
    """One audit: the sentence first, then what may be done, what it rests on, and its cases."""
    return page_of(visit)


def page_of(visit: Visit, *, refusal: AuditorError | None = None) -> Response:
    """The page of an audit, with the sentence about what could not be done."""
    audit_id = visit.number("audit")
    # What officers decide on is read as of one moment; a second signature asks for all that was signed, streamed.
    with visit.database.read() if visit.is_officer else visit.database.glance() as session:
        kept = counted_reports.kept(session, audit_id, at=visit.at)
        about = _cases(visit, session) | _deeds(visit, session)
        now = None if kept and kept.current else audit_numbers.standing(visit, session, audit_id)
    shown = audit_numbers.shown(visit, audit_id, kept)
    counted = shown.numbers and shown.numbers.standing
    return pages.page(
        visit,
        "audits/audit.html",
        status=refusal.http_status if refusal else 200,
        numbers=shown.numbers,
        counted_at=shown.kept and shown.kept.counted_at,
        shared=_shared(visit, shown.kept),
        behind=shown.behind,
        standing=now if shown.behind else counted,
        content_sha256=shown.kept and shown.kept.content_sha256,
        audit_id=audit_id,
        refusal=forms.sentence(refusal),
        typed=visit.form,
        also=about,
    )


def _shared(visit: Visit, kept: Kept | None) -> dict[int, int]:
    """How many of the claims are in other audits too, as far as the reader may know of those."""
    if kept is None or not kept.shared_claims:
        return {}
    with visit.database.glance() as session:
        return privilege.only_known(session, kept.shared_claims, visit.me.name)


def _deeds(visit: Visit, session: Session) -> dict[str, object]:
    """What may be done with the audit now, and what to know of it besides its numbers."""
    audit_id = visit.number("audit")
    check: dict[str, object] = {"check": source_checks.newest(session, audit_id)}
    if not visit.is_officer:
        return check
    row = with_plan(session, audit_id)
    progress = standings.progress(session, audit_id)
    prebill = row.plan.timing is Timing.PREBILL
    bills = bill_holds.listed(session, audit_id, on=visit.today) if prebill else []
    return check | {
        "audit": row,
        "progress": progress,
        "requested": progress.by_documentation.get(DocumentationStatus.REQUESTED, 0),
        "half_signed": signatures.awaits_second(session, row),
        "holders": reassigning.holders(session, audit_id),
        "reviewers": people.holding(session, Role.AUDITOR),
        "held": [bill for bill in bills if bill.released_at is None],
        "asks_code": second_factors.is_set(session, visit.me.user_id),
        "has_certificate": has_frame(session, audit_id),
        "notes": _notes(session, row, on=visit.today),
    }


def _notes(session: Session, row: Audit, *, on: date) -> tuple[str, ...]:
    """What to know before the draw, and after each round of it."""
    if row.state is AuditState.OPEN:
        return opening_notes(row.plan, period(row), on=on)
    return samples.newest_notes(session, row.id)


def audit_cases(visit: Visit) -> Response:
    """The cases in one state, as a piece of the audit's page."""
    with visit.database.read() as session:
        numbered(session, visit.number("audit"))
        found = _cases(visit, session)
    return HTMLResponse(pages.fragment(visit, "audits/cases.html", audit_id=visit.number("audit"), **found))


def certificate(visit: Visit) -> Response:
    """The certificate of the draw."""
    with visit.database.read() as session:
        document = _document(visit, session)
    section = next((each for each in document.sections if each.name == _CERTIFICATE), None)
    if section is None:
        raise NotFound(f"audit {visit.number('audit')} is not drawn yet, and has no certificate")
    return pages.page(
        visit,
        "audits/certificate.html",
        document=document,
        audit_id=visit.number("audit"),
        section=section,
        also=documents.drawings(document),
    )


def _document(visit: Visit, session: Session) -> Document:
    found = reporting.audit_report(session, visit.number("audit"), paper=documents.paper(visit))
    return audit_document.document(found)


def _cases(visit: Visit, session: Session) -> dict[str, object]:
    page = _page(visit)
    counts = case_lists.states(session, page.audit_id)
    count = sum(counts.values()) if page.state is None else counts[page.state]
    return {
        "cases": case_lists.listed(session, page),
        "states": counts,
        "case_states": list(CaseState),
        "state": page.state,
        "page": page.number,
        "case_count": count,
        "pages": max(1, -(-count // page.size)),
    }


def _page(visit: Visit) -> Page:
    state, number = visit.asked("state"), visit.asked("page") or "1"
    if state and state not in list(CaseState):
        raise BadInput("there is no such state of a case: choose one from the list")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= _MOST_PAGES):
        raise BadInput("there is no such page: begin with the first")
    return Page(audit_id=visit.number("audit"), state=CaseState(state) if state else None, number=int(number))
