"""What a review file holds: the first reviews of a whole audit, or a reviewer's own, first and second ones alike.

A reviewer's own file holds nothing that the other review of a case found, and does not tell which of the two it is.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from auditor.domain.audits import ReviewPass, ReviewStatus
from auditor.domain.findings import CodeFinding
from auditor.services import blind_coding, cases
from auditor.services.blind_coding import NOTHING, Coding
from auditor.services.finding_rows import findings_of_audits
from auditor.services.review_rows import ReviewCase
from auditor.services.seats import Work, is_reviewed_by
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

Found = Mapping[ReviewPass, Mapping[int, tuple[CodeFinding, ...]]]
Codings = Mapping[ReviewPass, Mapping[int, Coding]]


def of_audit(session: Session, audit_id: int, *, reviewer: str | None = None) -> dict[int, ReviewCase]:
    """The cases of a file by their numbers in our tables, in the order of the audit."""
    second = _second_reviews(session, audit_id)
    passes = (ReviewPass.FIRST, ReviewPass.SECOND) if reviewer else (ReviewPass.FIRST,)
    found = {each: findings_of_audits(session, [audit_id], passes=(each,)) for each in passes}
    codings = {each: blind_coding.of_audit(session, audit_id, each) for each in passes}
    held = {}
    for case in _cases(session, audit_id, reviewer):
        work = _work(case, second.get(case.id), reviewer)
        held[case.id] = _held(case, work, found, codings, reviewer)
    return held


def second_of(session: Session, audit_id: int, name: str) -> frozenset[int]:
    """The cases of which a person has the second review."""
    return frozenset(case for case, row in _second_reviews(session, audit_id).items() if row.assigned_to == name)


def pending(session: Session, audit_id: int, *, reviewer: str | None = None) -> int:
    """How many of these reviews are not done."""
    second = _second_reviews(session, audit_id)
    works = (_work(case, second.get(case.id), reviewer) for case in _cases(session, audit_id, reviewer))
    return sum(work.review_status is ReviewStatus.PENDING for work in works)


def _cases(session: Session, audit_id: int, reviewer: str | None) -> list[AuditCase]:
    question = select(AuditCase).where(AuditCase.audit_id == audit_id).options(defer(AuditCase.protected))
    if reviewer is not None:
        question = question.where(is_reviewed_by(reviewer))
    return list(session.scalars(question.order_by(AuditCase.number)))


def _second_reviews(session: Session, audit_id: int) -> dict[int, FurtherReview]:
    question = select(FurtherReview).join(FurtherReview.case).where(AuditCase.audit_id == audit_id)
    of_second = question.where(FurtherReview.review_pass == ReviewPass.SECOND)
    return {row.case_id: row for row in session.scalars(of_second)}


def _work(case: AuditCase, second: FurtherReview | None, reviewer: str | None) -> Work:
    """Which review of a case a file holds."""
    return second if second is not None and second.assigned_to == reviewer else case


def _held(case: AuditCase, work: Work, found: Found, codings: Codings, reviewer: str | None) -> ReviewCase:
    review_pass = ReviewPass.FIRST if work is case else ReviewPass.SECOND
    return ReviewCase(
        case_id=case.id,
        claim=cases.coded(case),
        documentation_status=work.documentation_status,
        findings=found[review_pass].get(case.id, ()),
        blind=case.blind,
        coding=codings[review_pass].get(case.id, NOTHING),
        review_pass=review_pass,
        reviewer=reviewer or "",
    )
