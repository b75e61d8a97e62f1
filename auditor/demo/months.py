"""The work of one month: audits opened, drawn, reviewed by the simulated auditors, and signed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.demo import auditors
from auditor.demo.practice import AI_PLAN, HUMAN_PLAN, OFFICER, Practice, morning
from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.chain import sha256_text
from auditor.domain.people import Role
from auditor.domain.plans import Period
from auditor.services import adjudication, audits, blind_coding, cases, drawing, findings, seats, signatures
from auditor.services.blind_coding import BlindCode
from auditor.services.seats import Seat
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

REVIEW_DAYS = 7
_JUDGE = frozenset({Role.OFFICER})
MEANING = "reviewed and approved as final"


def month_before(day: date) -> Period:
    """The calendar month that ended before a day."""
    last = day.replace(day=1) - timedelta(days=1)
    return Period(first_on=last.replace(day=1), last_on=last)


def months_ending_in(first_on: date, last_on: date) -> list[date]:
    """The first days of months that lie in a span: when the month before is due for its audit."""
    days = (last_on - first_on).days + 1
    return [day for n in range(days) if (day := first_on + timedelta(days=n)).day == 1]


def audit_month(practice: Practice, due_on: date) -> list[int]:
    """Audit the month before a day under both plans; gives the numbers of the audits."""
    numbers = []
    for plan in (AI_PLAN, HUMAN_PLAN):
        audit_id = _draw(practice, plan, month_before(due_on), due_on)
        _review(practice, audit_id, due_on)
        _sign(practice, audit_id, due_on)
        numbers.append(audit_id)
    return numbers


def _draw(practice: Practice, plan: str, period: Period, due_on: date) -> int:
    """Open and draw; the seed comes from the demo's own, so that every run draws the same."""
    seed = sha256_text(f"{practice.seed},{plan},{period.first_on.isoformat()}")
    opening = audits.Opening(plan=plan, period=period, seed=seed)
    at = morning(due_on)
    with practice.database.write() as session:
        audit_id = audits.open_audit(session, opening, by=OFFICER, at=at).id
    request = drawing.DrawRequest(audit_id=audit_id)
    drawing.draw(practice.database, request, by=OFFICER, at=at, environment=practice.settings.environment)
    return audit_id


def _review(practice: Practice, audit_id: int, due_on: date) -> None:
    """Every case reviewed by the auditors whom it was given to, spread over a week; differences are then decided."""
    with practice.database.write() as session:
        question = select(AuditCase).where(
            AuditCase.audit_id == audit_id, AuditCase.review_status == ReviewStatus.PENDING
        )
        waiting = list(session.scalars(question.order_by(AuditCase.number)))
        second = {row.case_id: row.assigned_to or "ada" for row in _second_reviews(session, audit_id)}
        for place, case in enumerate(waiting):
            at = morning(due_on) + timedelta(hours=2 + REVIEW_DAYS * 24 * place / len(waiting))
            _record(session, practice, seats.seat_of(session, case, name=case.assigned_to or "ada"), at=at)
            if case.id in second:
                _record(session, practice, seats.seat_of(session, case, name=second[case.id]), at=at)
        decided_at = morning(due_on) + timedelta(days=REVIEW_DAYS)
        for dispute in adjudication.disputes(session, name=OFFICER, roles=_JUDGE):
            seat = adjudication.seat(session, dispute.case_id, name=OFFICER, roles=_JUDGE, lock=True)
            _record(session, practice, seat, at=decided_at)


def _second_reviews(session: Session, audit_id: int) -> Sequence[FurtherReview]:
    of_audit = select(FurtherReview).join(FurtherReview.case).where(AuditCase.audit_id == audit_id)
    return session.scalars(of_audit.where(FurtherReview.review_pass == ReviewPass.SECOND)).all()


def _record(session: Session, practice: Practice, seat: Seat, *, at: datetime) -> None:
    """What the person in a seat finds; where a case is coded blind, first the codes that the record supports."""
    claim = cases.coded(seat.case)
    truth = practice.truth[claim.claim_id]
    found = auditors.review(claim, truth, auditor=seat.name, seed=practice.seed)
    if found is not None and blind_coding.hides(session, seat):
        own = [
            BlindCode(code_system=each.code_system, code=each.code, modifiers=tuple(filter(None, [each.modifiers])))
            for each in truth.encounter.codes
        ]
        blind_coding.lock(session, seat, own, by=seat.name, at=at)
    review = findings.Review(
        findings=found or (),
        documentation_status=DocumentationStatus.NOT_PRODUCED if found is None else None,
        review_pass=seat.review_pass,
    )
    findings.record(session, seat.case.id, review, by=seat.name, at=at)


def _sign(practice: Practice, audit_id: int, due_on: date) -> None:
    signing = signatures.Signing(audit_id=audit_id, signer=OFFICER, meaning=MEANING)
    with practice.database.write() as session:
        signatures.sign_off(session, signing, at=morning(due_on + timedelta(days=REVIEW_DAYS + 1)))
