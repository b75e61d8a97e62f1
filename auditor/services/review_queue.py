"""Which case a reviewer looks at next, and what may be shown of it: never who or what coded it.

First and second reviews stand in one queue, in one order, and look alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    func,
    literal,
    not_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.claims import Claim, ClaimCode, Document, Stage
from auditor.domain.findings import CodeFinding
from auditor.domain.scoring import reviewed_stage
from auditor.services import audits, blind_coding, case_evidence, cases, findings, privilege, query_documents, seats
from auditor.services.case_evidence import Evidence
from auditor.services.seats import Seat
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.plans import Plan
from auditor.storage.review_work import FurtherReview


@dataclass(frozen=True, kw_only=True)
class CodesInHand:
    """How a case stands. `lines` are the codes under review; their stage is not told, nor is the arm.

    On a case that is coded blind first, `hidden` holds until that coding is locked, and there are no lines till then.
    `evidence` is by line, and empty where it would tell who coded.
    """

    hidden: bool
    revision: int
    documentation_status: DocumentationStatus
    review_status: ReviewStatus
    served_on: date
    lines: dict[str, ClaimCode]
    findings: tuple[CodeFinding, ...]
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True, kw_only=True)
class CaseInHand(CodesInHand):
    """A case as its reviewer sees it; `done` counts the cases of the audit that this reviewer has finished."""

    case_id: int
    audit_id: int
    number: int
    cases: int
    done: int
    seconds_spent: int
    claim_type: str | None
    specialty: str | None
    place_of_service: str | None
    patient_age: int | None
    patient_sex: str | None
    documents: tuple[Document, ...]


@dataclass(frozen=True, kw_only=True)
class QueuedCase:
    """A case in a queue: our own numbers and its state, nothing of the claim."""

    case_id: int
    audit_id: int
    number: int
    blind: bool
    begun: bool
    mine: bool
    documentation_status: DocumentationStatus


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What a person has to review: the first of the cases that wait, and those that wait for documents themselves."""

    waiting: tuple[QueuedCase, ...]
    waiting_count: int
    paused: tuple[QueuedCase, ...]
    done_count: int


def next_seat(session: Session, *, by: str, audit_id: int | None = None) -> Seat | None:
    """The next review that waits for a person, or for nobody in particular; None when all are done or paused."""
    if audit_id is not None:
        audits.numbered(session, audit_id)
    waiting = _pending(by)
    question = select(waiting.c.case_id).where(_is_ready(waiting))
    if audit_id is not None:
        question = question.where(waiting.c.audit_id == audit_id)
    found = session.scalar(question.order_by(*_order(waiting)).limit(1))
    return seats.seat_of(session, findings.case_of(session, found), name=by) if found else None


def next_case(session: Session, *, by: str, audit_id: int | None = None) -> CaseInHand | None:
    """The next case that waits for a person, as its reviewer sees it."""
    seat = next_seat(session, by=by, audit_id=audit_id)
    return in_hand(session, seat) if seat else None


def first_waiting(session: Session, *, by: str) -> int | None:
    """The number of the first case that waits for a person."""
    waiting = _pending(by)
    return session.scalar(_first(waiting, _is_ready(waiting)))


def following(session: Session, case: AuditCase, *, by: str) -> int | None:
    """The number of the case to go on with after this one: the next of the same audit, else the first that waits."""
    waiting = _pending(by)
    ready = and_(_is_ready(waiting), waiting.c.case_id != case.id)
    after = and_(ready, waiting.c.audit_id == case.audit_id, waiting.c.number > case.number)
    onward = select(waiting.c.case_id).where(after).order_by(waiting.c.number).limit(1)
    return session.scalar(onward) or session.scalar(_first(waiting, ready))


def queue(session: Session, *, by: str, most: int = 50) -> Queue:
    """A person's queue."""
    waiting = _pending(by)
    ready = _is_ready(waiting)
    count = select(func.count()).select_from(waiting).where(ready)
    return Queue(
        waiting=_queued(session, waiting, ready, most),
        waiting_count=session.scalar(count) or 0,
        paused=_queued(session, waiting, not_(ready), most),
        done_count=seats.done_by(session, by),
    )


def in_hand(session: Session, seat: Seat) -> CaseInHand:
    """A case as its reviewer sees it, with how far its audit has come."""
    case, claim = seat.case, cases.thaw(seat.case)
    return CaseInHand(
        **vars(codes_in_hand(session, seat)),
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
        cases=session.scalar(select(func.count(AuditCase.id)).where(AuditCase.audit_id == case.audit_id)) or 0,
        done=seats.done_by(session, seat.name, audit_id=case.audit_id),
        seconds_spent=seat.work.seconds_spent,
        claim_type=claim.claim_type,
        specialty=claim.specialty,
        place_of_service=claim.place_of_service,
        patient_age=claim.patient_age,
        patient_sex=claim.patient_sex,
        documents=(*claim.documents, *query_documents.of_case(session, case.id)),
    )


def codes_in_hand(session: Session, seat: Seat) -> CodesInHand:
    """How a case stands, as its reviewer may see it."""
    case, work = seat.case, seat.work
    claim = cases.thaw(case)
    stage, hidden = stage_under_review(claim), blind_coding.hides(session, seat)
    standing = () if hidden else findings.current(session, case.id, seat.review_pass)
    return CodesInHand(
        hidden=hidden,
        revision=work.revision,
        documentation_status=work.documentation_status,
        review_status=work.review_status,
        served_on=claim.served_on,
        lines={} if hidden else {line: _shown(code) for line, code in claim.lines(stage).items()},
        findings=tuple(each for each in standing if each.stage is stage),
        evidence={} if hidden or not case_evidence.may_be_shown(case) else case_evidence.evidence(claim, stage),
    )


def _shown(code: ClaimCode) -> ClaimCode:
    """A code without what tells who coded it."""
    return replace(code, stage=Stage.SUBMITTED, confidence=None, evidence=None)


def stage_under_review(claim: Claim) -> Stage:
    """The stage that is judged line by line: what was submitted, else what the claim has."""
    return reviewed_stage(claim.coding_source, set(claim.stages))


@lru_cache(maxsize=512)
def _pending(by: str) -> Subquery:
    """The pending reviews of a person, first and second ones, and those of nobody unless the person coded them."""
    own_coding = type_coerce(AuditCase.claim, Text).icontains(f'"coder_of_record":"{by}"', autoescape=True)
    mine = _reviews(AuditCase, of_somebody=True).where(AuditCase.assigned_to == by)
    anybody = Audit.plan.has(Plan.credentials == {})  # where certificates are asked for, an officer gives cases out
    nobodys = _reviews(AuditCase, of_somebody=False).where(AuditCase.assigned_to.is_(None), not_(own_coding), anybody)
    second = (
        _reviews(FurtherReview, of_somebody=True)
        .join(AuditCase, AuditCase.id == FurtherReview.case_id)
        .where(FurtherReview.assigned_to == by, FurtherReview.review_pass == ReviewPass.SECOND)
    )
    open_to_them = and_(audits.under_review(), privilege.known_to(by))
    parts = [part.join(Audit, Audit.id == AuditCase.audit_id).where(open_to_them) for part in (mine, nobodys, second)]
    return union_all(*parts).subquery("waiting")


def _reviews(
    work: type[AuditCase] | type[FurtherReview], *, of_somebody: bool
) -> "Select[int, int, int, bool, bool, bool, DocumentationStatus]":
    columns = (
        AuditCase.id.label("case_id"),
        AuditCase.audit_id,
        AuditCase.number,
        AuditCase.blind,
        (work.revision > 0).label("begun"),
        literal(of_somebody).label("mine"),
        work.documentation_status,
    )
    return select(*columns).select_from(work).where(work.review_status == ReviewStatus.PENDING)


def _is_ready(waiting: Subquery) -> ColumnElement[bool]:
    return waiting.c.documentation_status != DocumentationStatus.REQUESTED


def _order(waiting: Subquery) -> "tuple[ColumnElement[object], ...]":
    return waiting.c.mine.desc(), waiting.c.audit_id, waiting.c.number


def _first(waiting: Subquery, which: ColumnElement[bool]) -> "Select[int]":
    return select(waiting.c.case_id).where(which).order_by(*_order(waiting)).limit(1)


def _queued(session: Session, waiting: Subquery, which: ColumnElement[bool], most: int) -> tuple[QueuedCase, ...]:
    rows = session.execute(select(waiting).where(which).order_by(*_order(waiting)).limit(most))
    return tuple(
        QueuedCase(
            case_id=row.case_id,
            audit_id=row.audit_id,
            number=row.number,
            blind=bool(row.blind),
            begun=bool(row.begun),
            mine=bool(row.mine),
            documentation_status=row.documentation_status,
        )
        for row in rows
    )
