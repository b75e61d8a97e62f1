"""The reviewer's pages: the queue, and one case after another."""

from typing import cast

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.domain.audits import DocumentationStatus
from auditor.domain.findings import ErrorType, Severity
from auditor.errors import BadInput
from auditor.services import blind_coding, case_access, findings, review_queue
from auditor.services.review_queue import CaseInHand
from auditor.storage.cases import AuditCase
from auditor.web import case_rows, pages
from auditor.web.visits import Visit

CODE_SYSTEMS = ("ICD-10-CM", "CPT", "HCPCS", "ICD-10-PCS", "MS-DRG")
_LINKS = ("https://", "http://")


def queue(visit: Visit) -> Response:
    """What waits for this reviewer."""
    with visit.database.read() as session:
        found = review_queue.queue(session, by=visit.me.name)
    return pages.page(visit, "review/queue.html", queue=found)


def next_case(visit: Visit) -> Response:
    """On to the next case, after the one that is named; to the queue when nothing waits."""
    after = visit.asked("after")
    if after and not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise BadInput("the case to go on from is no number: go back to the queue")
    with visit.database.read() as session:
        here = findings.case_of(session, int(after)) if after else None
        found = (
            review_queue.following(session, here, by=visit.me.name)
            if here
            else review_queue.first_waiting(session, by=visit.me.name)
        )
    return RedirectResponse(f"/cases/{found}" if found else "/review", status_code=303)


def case(visit: Visit) -> Response:
    """One case: documentation beside codes; coded blind first, the codes are not in the page."""
    with visit.database.read() as session:
        row = case_access.open_case(session, visit.number("case"), visit.me)
        shown = review_queue.in_hand(session, row)
        coding = blind_coding.of_case(session, row.id) if row.blind else None
    template = "review/blind.html" if shown.hidden else "review/case.html"
    return pages.page(
        visit,
        template,
        case=shown,
        rows=case_rows.rows(shown),
        coding=coding,
        systems=CODE_SYSTEMS,
        error_types=list(ErrorType),
        severities=list(Severity),
        documentation=list(DocumentationStatus),
        is_link=lambda url: cast(str, url or "").startswith(_LINKS),
    )


def codes(visit: Visit, session: Session, row: AuditCase) -> tuple[CaseInHand, str]:
    """The codes of a case as they stand, and as the piece of page that shows them."""
    shown = review_queue.in_hand(session, row)
    return shown, pages.fragment(visit, "review/codes.html", rows=case_rows.rows(shown))
