"""The reviewer's pages: the queue, and one case after another."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.domain.audits import DocumentationStatus
from auditor.domain.findings import ErrorType, Severity
from auditor.errors import BadInput
from auditor.services import blind_coding, case_access, findings, review_queue, source_checks, waiting_reviews
from auditor.services.guidelines import case_violations, code_search, editions
from auditor.services.guidelines.code_search import FoundCode
from auditor.services.review_queue import CaseInHand, CodesInHand
from auditor.storage.guidelines import Edition
from auditor.web import case_rows, document_marks, pages
from auditor.web.visits import Visit

CODE_SYSTEMS = ("ICD-10-CM", "CPT", "HCPCS", "ICD-10-PCS", "MS-DRG")
_LINKS = ("https://", "http://")


def queue(visit: Visit) -> Response:
    """What waits for this reviewer."""
    with visit.database.glance() as session:
        found = waiting_reviews.queue(session, by=visit.me.name)
    return pages.page(visit, "review/queue.html", queue=found)


def next_case(visit: Visit) -> Response:
    """On to the next case, after the one that is named; to the queue when nothing waits."""
    after = visit.asked("after")
    if after and not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise BadInput("the case to go on from is no number: go back to the queue")
    with visit.database.read() as session:
        here = findings.case_of(session, int(after)) if after else None
        found = (
            waiting_reviews.following(session, here, by=visit.me.name)
            if here
            else waiting_reviews.first(session, by=visit.me.name)
        )
    return RedirectResponse(f"/cases/{found}" if found else "/review", status_code=303)


def case(visit: Visit) -> Response:
    """One case: documentation beside codes; coded blind first, the codes are not in the page."""
    with visit.database.glance() as session:
        seat = case_access.open_seat(session, visit.number("case"), visit.me)
        shown = review_queue.in_hand(session, seat)
        coding = blind_coding.of_seat(session, seat) if seat.case.blind else None
        lists = editions.imported(session)
        rows = case_rows.rows(shown, terms(session, shown, lists))
        news = source_checks.of_case(session, shown.audit_id, shown.number)
        if shown.hidden:  # nothing of the codes is in the page, violations least of all
            return bench(visit, "review/blind.html", shown, rows=rows, coding=coding, news=news)
        own_rules = visit.site.settings.guidelines_path
        judgement = case_violations.of_case(session, seat.case, lists, own_rules=own_rules)
    return bench(visit, "review/case.html", shown, rows=rows, coding=coding, news=news, judgement=judgement)


def bench(visit: Visit, template: str, shown: CaseInHand, **values: object) -> Response:
    """A page with a case on it, and what its forms choose from."""
    return pages.page(
        visit,
        template,
        case=shown,
        systems=CODE_SYSTEMS,
        error_types=list(ErrorType),
        severities=list(Severity),
        documentation=list(DocumentationStatus),
        pieces=lambda text: document_marks.pieces(text, shown.evidence),
        is_link=lambda url: cast(str, url or "").startswith(_LINKS),
        also=values,
    )


def terms(session: Session, shown: CodesInHand, lists: Sequence[Edition]) -> Mapping[tuple[str, str], FoundCode]:
    """The titles of the codes on a page, from the lists in force on the day of service."""
    codes = {(code.code_system, code.code) for code in shown.lines.values()}
    codes |= {(each.code_system, each.correct_code) for each in shown.findings if each.correct_code}
    return code_search.known(session, codes, lists, on=shown.served_on)
