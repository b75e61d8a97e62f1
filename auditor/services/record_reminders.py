"""Reminds of records that were asked for and have not come, and asks officers for a decision in the end.

Whoever asked is told the day before a record is due, when it is overdue, and a week later; that last mail goes to
the compliance officers too, except to who reviews the same case: it would tell them that somebody else does.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.domain.queries import RequestState
from auditor.domain.record_mails import RecordOccasion, record_occasion
from auditor.services import audits, documentation_requests, people, privilege, seats
from auditor.services.letters import Letter, post
from auditor.services.notices import Letterhead
from auditor.storage.people import User
from auditor.storage.queries import DocumentationRequest

KIND = "record_request"


def remind(session: Session, *, letterhead: Letterhead, on: date, at: datetime) -> int:
    """Queue what is due on a day, each thing once; how many mails."""
    everyone = [user for user in people.everyone(session) if user.email and not user.disabled_at]
    queued = 0
    for request in documentation_requests.listed(session, state=RequestState.REQUESTED):
        occasion = record_occasion(request.due_on, on)
        if occasion is None or not audits.is_under_review(request.case.audit):
            continue
        for user in _readers(session, request, occasion, everyone):
            queued += post(session, _letter(request, occasion, user, letterhead), at=at)
    return queued


def _readers(
    session: Session, request: DocumentationRequest, occasion: RecordOccasion, everyone: list[User]
) -> Iterator[User]:
    undecided = occasion is RecordOccasion.UNDECIDED
    for user in everyone:
        officer = undecided and Role.OFFICER in user.roles
        if user.name == request.requested_by or (officer and _may_know(session, request, user)):
            yield user


def _may_know(session: Session, request: DocumentationRequest, user: User) -> bool:
    case = request.case
    reviewers = {case.assigned_to, *(each.assigned_to for each in seats.further_reviews(session, case.id).values())}
    if user.name in reviewers:
        return False
    return not case.audit.privileged or user.name in privilege.of_audit(session, case.audit_id).names


def _letter(request: DocumentationRequest, occasion: RecordOccasion, user: User, letterhead: Letterhead) -> Letter:
    content = {
        "occasion": occasion,
        "recipient_name": user.display_name,
        "practice": letterhead.practice,
        "mine": user.name == request.requested_by,
        "asked_by": request.requested_by,
        "audit_id": request.case.audit_id,
        "case_number": request.case.number,
        "due_on": request.due_on,
        "url": f"{letterhead.base_url.rstrip('/')}/cases/{request.case_id}/queries",
    }
    return Letter(
        key=f"record-{request.id}-{occasion}-{request.due_on}-{user.id}",
        kind=KIND,
        recipient=str(user.email),
        content=content,
        born_at=request.requested_at,
        mail_domain=letterhead.mail_domain,
    )
