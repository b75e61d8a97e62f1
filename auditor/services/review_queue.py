"""Which case a reviewer looks at next, and what may be shown of it: never who or what coded it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import Select, Text, and_, func, not_, or_, select, type_coerce
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.claims import Claim, ClaimCode, Document, Stage
from auditor.domain.findings import CodeFinding
from auditor.domain.scoring import reviewed_stage
from auditor.services import audits, blind_coding, cases, findings, privilege
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase

_Columns = TypeVarTuple("_Columns")


@dataclass(frozen=True, kw_only=True)
class CaseInHand:
    """A case as its reviewer sees it. `lines` are the codes under review; their stage is not told, nor is the arm.

    On a case that is coded blind first, `hidden` holds until that coding is locked, and there are no lines till then.
    """

    case_id: int
    audit_id: int
    number: int
    hidden: bool
    cases: int
    done: int
    revision: int
    documentation_status: DocumentationStatus
    review_status: ReviewStatus
    served_on: date
    claim_type: str | None
    specialty: str | None
    place_of_service: str | None
    patient_age: int | None
    patient_sex: str | None
    lines: dict[str, ClaimCode]
    findings: tuple[CodeFinding, ...]
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


def next_case(session: Session, *, by: str, audit_id: int | None = None) -> CaseInHand | None:
    """The next pending case assigned to a person, or to nobody; None when all are done or wait for documents."""
    if audit_id is not None:
        audits.numbered(session, audit_id)
    case = session.scalars(_in_order(_ready(_pending(by, audit_id))).limit(1)).first()
    return in_hand(session, case) if case else None


def first_waiting(session: Session, *, by: str) -> int | None:
    """The number of the first case that waits for a person."""
    return session.scalar(_in_order(_ready(_pending(by, None))).with_only_columns(AuditCase.id).limit(1))


def following(session: Session, case: AuditCase, *, by: str) -> int | None:
    """The number of the case to go on with after this one: the next of the same audit, else the first that waits."""
    ready = _ready(_pending(by, None)).where(AuditCase.id != case.id).with_only_columns(AuditCase.id)
    after = ready.where(AuditCase.audit_id == case.audit_id, AuditCase.number > case.number)
    return session.scalar(after.order_by(AuditCase.number).limit(1)) or session.scalar(_in_order(ready).limit(1))


def queue(session: Session, *, by: str, most: int = 50) -> Queue:
    """A person's queue."""
    pending = _pending(by, None)
    paused = pending.where(AuditCase.documentation_status == DocumentationStatus.REQUESTED)
    done = select(func.count(AuditCase.id)).where(AuditCase.reviewed_by == by)
    count = _ready(pending).with_only_columns(func.count(AuditCase.id))
    return Queue(
        waiting=_queued(session, _ready(pending), by, most),
        waiting_count=session.scalar(count) or 0,
        paused=_queued(session, paused, by, most),
        done_count=session.scalar(done) or 0,
    )


def case_in_hand(session: Session, case_id: int) -> CaseInHand:
    """One case as its reviewer sees it."""
    return in_hand(session, findings.case_of(session, case_id))


def in_hand(session: Session, case: AuditCase) -> CaseInHand:
    """A case as its reviewer sees it, with how far its audit has come."""
    claim = cases.thaw(case)
    stage, hidden = stage_under_review(claim), blind_coding.hides(session, case)
    of_audit = select(func.count(AuditCase.id)).where(AuditCase.audit_id == case.audit_id)
    return CaseInHand(
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
        hidden=hidden,
        cases=session.scalar(of_audit) or 0,
        done=session.scalar(of_audit.where(AuditCase.review_status == ReviewStatus.DONE)) or 0,
        revision=case.revision,
        documentation_status=case.documentation_status,
        review_status=case.review_status,
        served_on=claim.served_on,
        claim_type=claim.claim_type,
        specialty=claim.specialty,
        place_of_service=claim.place_of_service,
        patient_age=claim.patient_age,
        patient_sex=claim.patient_sex,
        lines={} if hidden else claim.lines(stage),
        findings=() if hidden else tuple(f for f in findings.current(session, case.id) if f.stage is stage),
        documents=claim.documents,
    )


def stage_under_review(claim: Claim) -> Stage:
    """The stage that is judged line by line: what was submitted, else what the claim has."""
    return reviewed_stage(claim.coding_source, set(claim.stages))


def _pending(by: str, audit_id: int | None) -> Select[AuditCase]:
    """Pending cases of a person, or of nobody unless the person coded them."""
    own_coding = type_coerce(AuditCase.claim, Text).icontains(f'"coder_of_record":"{by}"', autoescape=True)
    question = (
        select(AuditCase)
        .join(AuditCase.audit)
        .where(
            Audit.state == AuditState.DRAWN,
            privilege.known_to(by),
            AuditCase.review_status == ReviewStatus.PENDING,
            or_(AuditCase.assigned_to == by, and_(AuditCase.assigned_to.is_(None), not_(own_coding))),
        )
    )
    return question if audit_id is None else question.where(AuditCase.audit_id == audit_id)


def _ready(question: Select[AuditCase]) -> Select[AuditCase]:
    return question.where(AuditCase.documentation_status != DocumentationStatus.REQUESTED)


def _in_order(question: Select[*_Columns]) -> Select[*_Columns]:
    return question.order_by(AuditCase.assigned_to.is_(None), AuditCase.audit_id, AuditCase.number)


def _queued(session: Session, question: Select[AuditCase], by: str, most: int) -> tuple[QueuedCase, ...]:
    columns = (
        AuditCase.id,
        AuditCase.audit_id,
        AuditCase.number,
        AuditCase.blind,
        AuditCase.revision > 0,
        AuditCase.assigned_to == by,
        AuditCase.documentation_status,
    )
    rows = session.execute(_in_order(question).with_only_columns(*columns).limit(most))
    return tuple(
        QueuedCase(
            case_id=row[0],
            audit_id=row[1],
            number=row[2],
            blind=row[3],
            begun=bool(row[4]),
            mine=bool(row[5]),
            documentation_status=row[6],
        )
        for row in rows
    )
