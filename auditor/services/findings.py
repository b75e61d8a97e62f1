"""Records what a reviewer found on a case: new versions, never an update, with one event.

What is recorded is the whole judgement of a review pass; a line that is no longer in it is withdrawn, and
stays readable. Does not know where findings come from: the page, the terminal and the review file all call this.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session, joinedload, load_only

from auditor.domain.audits import INDEPENDENT, DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.chain import digest
from auditor.domain.claims import Claim
from auditor.domain.events import Event, EventKind
from auditor.domain.findings import CodeFinding, Outcome
from auditor.domain.review_checks import Fault, faults
from auditor.domain.settled_findings import settle
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import audits, blind_coding, cases, documentation_requests, identifiers, seats, second_reviews
from auditor.services.finding_rows import (
    AllNewest,
    Newest,
    as_kept,
    newest_versions,
    rows_to_write,
    standing_findings,
)
from auditor.services.seats import Seat, Work
from auditor.storage import asking, history
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.plans import Plan
from auditor.storage.review_work import FurtherReview
from auditor.storage.rulings import Ruling

_CASE = (
    select(AuditCase)
    .where(AuditCase.id == bindparam("case_id"))
    .options(
        joinedload(AuditCase.audit, innerjoin=True).options(
            load_only(Audit.state, Audit.privileged, Audit.plan_id),
            joinedload(Audit.plan, innerjoin=True).load_only(Plan.coding_source, Plan.auditors),
        )
    )
)
_LOCKED_CASE = _CASE.with_for_update(of=AuditCase).execution_options(populate_existing=True)
_NEW = insert(cast(Table, Finding.__table__))
_UNPRODUCED = "where the record was not produced no code can be agreed with or corrected: leave the outcomes empty"


@dataclass(frozen=True, kw_only=True)
class Review:
    """The whole judgement of one review pass of a case.

    `documentation_status` None keeps what the case says. `finished` False leaves the case pending and allows
    gaps. `revision` is what the reviewer saw: when the case has moved on since, nothing is recorded.
    """

    findings: tuple[CodeFinding, ...]
    documentation_status: DocumentationStatus | None = None
    review_pass: ReviewPass = ReviewPass.FIRST
    finished: bool = True
    reason: str | None = None
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What a recording came to; `versions` counts new rows, 0 when nothing differed from what was there."""

    case_id: int
    revision: int
    versions: int
    review_status: ReviewStatus
    documentation_status: DocumentationStatus


Refusal = Callable[[Claim, Review], None]
"""Raises BadInput, in its own words, for a review with faults."""


def record(session: Session, case_id: int, review: Review, *, by: str, at: datetime) -> Recorded:
    """Record a review; BadInput names contradictions, Conflict a signed audit or another reviewer's newer work."""
    case = case_of(session, case_id, lock=True)
    seat = seats.seat_for(session, case, review.review_pass, name=by)
    newest = newest_versions(session, case_id)
    return keep(session, seat, settle_review(session, seat, review, newest), newest, at=at)


def settle_review(
    session: Session, seat: Seat, review: Review, newest: AllNewest, *, refuse: Refusal | None = None
) -> Review:
    """A review from the seat at a case that is locked already, in the form in which it may be kept.

    `newest` is what was found on the case so far, in all its reviews.
    """
    case, work, by = seat.case, seat.work, seat.name
    audits.hold_for_review(session, case.audit_id)
    if review.review_pass is not ReviewPass.REBUTTED:
        _refuse_own_coding(session, case, by)
        _refuse_after_rebuttal(case, newest)
    if review.revision is not None and review.revision != work.revision:
        raise Conflict(
            f"case {case.id} was changed by someone else while you worked on it: look at it again"
            f" (you saw revision {review.revision}, it is at {work.revision})"
        )
    if review.findings and blind_coding.hides(session, seat):
        raise Conflict(
            f"case {case.id} is coded blind first: lock your own codes with"
            f" `auditor review blind {case.id} --code SYSTEM:CODE`, then judge"
        )
    documentation = review.documentation_status or work.documentation_status
    settled = replace(review, findings=settle(review.findings), documentation_status=documentation)
    claim = cases.thaw(case)
    if refuse is not None:
        refuse(claim, settled)
    elif problems := review_faults(claim, settled):
        raise BadInput(f"case {case.id} cannot be recorded: {problems[0].reason}")
    _check_ruling(session, settled)
    return settled


def keep(session: Session, seat: Seat, settled: Review, newest: AllNewest, *, at: datetime) -> Recorded:
    """Keep a settled review; `newest` is what was found on the case so far."""
    done = _save(session, seat, settled, newest[settled.review_pass], at=at)
    if settled.review_pass in INDEPENDENT:
        second_reviews.compare(session, seat.case, seat.further)
    return done


def case_of(session: Session, case_id: int, *, lock: bool = False) -> AuditCase:
    """A case by its number in our tables, with what a review asks of its audit and plan; NotFound without one."""
    case = session.scalar(_LOCKED_CASE if lock else _CASE, {"case_id": case_id})
    if case is None:
        raise NotFound(audits.UNKNOWN_CASE.format(case_id))
    return case


def current(session: Session, case_id: int, review_pass: ReviewPass = ReviewPass.FIRST) -> tuple[CodeFinding, ...]:
    """The findings of a case that stand, in their order."""
    return standing_findings(newest_versions(session, case_id)[review_pass])


def review_faults(claim: Claim, review: Review) -> list[Fault]:
    """Everything that keeps a review from being recorded."""
    if review.documentation_status is DocumentationStatus.NOT_PRODUCED:
        kept = [finding for finding in review.findings if finding.outcome is not Outcome.DELETE]
        unproduced = [Fault(stage=finding.stage, line=finding.line, reason=_UNPRODUCED) for finding in kept]
        return unproduced + faults(claim, review.findings, finished=False)
    found = faults(claim, review.findings, finished=review.finished)
    pending = not review.finished or review.documentation_status is DocumentationStatus.REQUESTED
    if not found and not review.findings and claim.codes and not pending:
        found = [Fault(stage=None, line=None, reason="there is no finding in this review: judge at least one stage")]
    return found


def _refuse_own_coding(session: Session, case: AuditCase, by: str) -> None:
    if identifiers.is_own_coding(session, case, by):
        raise Forbidden(f"case {case.id} is the coding of {by}: another auditor reviews it")


def _refuse_after_rebuttal(case: AuditCase, newest: AllNewest) -> None:
    """What was decided on a rebuttal rests on the findings as they were: they are not changed under it."""
    if any(not row.withdrawn for row in newest[ReviewPass.REBUTTED].values()):
        raise Conflict(
            f"case {case.id} was decided on a rebuttal: escalate that with `auditor rebuttal escalate` to change it"
        )


def _check_ruling(session: Session, review: Review) -> None:
    for number in {finding.ruling for finding in review.findings if finding.ruling is not None}:
        if session.get(Ruling, number) is None:
            raise BadInput(f"there is no ruling {number}: `auditor ruling list` shows them")


def _save(session: Session, seat: Seat, review: Review, newest: Newest, *, at: datetime) -> Recorded:
    case, work, by = seat.case, seat.work, seat.name
    rows = rows_to_write(review.findings, newest, review.review_pass)
    status = _status(review)
    if rows or (status, review.documentation_status) != (work.review_status, work.documentation_status):
        if review.review_pass is not ReviewPass.REBUTTED and review.documentation_status:
            documentation_requests.follow(session, seat, review.documentation_status, at=at)
        work.revision += 1
        if review.review_pass is not ReviewPass.REBUTTED:
            _mark(case, work, status, review)
            _date(work, status, by=by, at=at)
        history.record(session, _event(seat, review, len(rows)), at=at)
        if rows:
            of_all = {"case_id": case.id, "found_by": by, "found_at": at, "reason": review.reason}
            asking.insert(session, _NEW, [row | of_all for row in rows])
    return Recorded(
        case_id=case.id,
        revision=work.revision,
        versions=len(rows),
        review_status=work.review_status,
        documentation_status=work.documentation_status,
    )


def _status(review: Review) -> ReviewStatus:
    requested = review.documentation_status is DocumentationStatus.REQUESTED
    return ReviewStatus.DONE if review.finished and not requested else ReviewStatus.PENDING


def _mark(case: AuditCase, work: Work, status: ReviewStatus, review: Review) -> None:
    """What an adjudication says of the record is what counts; what the first review had said is kept with it."""
    work.documentation_status = review.documentation_status or work.documentation_status
    if isinstance(work, FurtherReview) and work.review_pass is ReviewPass.ADJUDICATED:
        work.replaced_documentation = work.replaced_documentation or case.documentation_status
        decided = status is ReviewStatus.DONE
        case.documentation_status = work.documentation_status if decided else work.replaced_documentation


def _date(work: Work, status: ReviewStatus, *, by: str, at: datetime) -> None:
    """The moment of a review is that of its first completion: a later correction has its own in the findings."""
    if status is ReviewStatus.PENDING:
        work.reviewed_by = work.reviewed_at = None
    elif work.review_status is ReviewStatus.PENDING:
        work.reviewed_by, work.reviewed_at = by, at
    work.review_status = status


def _event(seat: Seat, review: Review, versions: int) -> Event:
    case, work = seat.case, seat.work
    kept = tuple(as_kept(finding) for finding in review.findings)  # what a check of the log will read again
    body = {
        "audit": case.audit_id,
        "case": case.id,
        "review_pass": review.review_pass,
        "revision": work.revision,
        "versions": versions,
        "documentation_status": work.documentation_status,
        "review_status": work.review_status,
        "findings_sha256": digest({"claim_sha256": case.claim_sha256, "findings": kept}),
    }
    return Event(kind=EventKind.CASE_REVIEWED, by=seat.name, body=body)
