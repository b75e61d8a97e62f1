"""Which case a reviewer looks at next, and what may be shown of it: never who or what coded it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.claims import Claim, ClaimCode, Document, Stage
from auditor.domain.findings import CodeFinding
from auditor.domain.scoring import reviewed_stage
from auditor.services import audits, cases, findings
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase


@dataclass(frozen=True, kw_only=True)
class CaseInHand:
    """A case as its reviewer sees it. `lines` are the codes under review; their stage is not told, nor is the arm."""

    case_id: int
    audit_id: int
    number: int
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


def next_case(session: Session, *, by: str, audit_id: int | None = None) -> CaseInHand | None:
    """The next pending case assigned to a person, or to nobody; None when all are done or wait for documents."""
    if audit_id is not None:
        audits.numbered(session, audit_id)
    case = session.scalars(_pending(by, audit_id).limit(1)).first()
    return in_hand(session, case) if case else None


def case_in_hand(session: Session, case_id: int) -> CaseInHand:
    """One case as its reviewer sees it."""
    return in_hand(session, findings.case_of(session, case_id))


def in_hand(session: Session, case: AuditCase) -> CaseInHand:
    """A case as its reviewer sees it, with how far its audit has come."""
    claim = cases.thaw(case)
    stage = stage_under_review(claim)
    of_audit = select(func.count(AuditCase.id)).where(AuditCase.audit_id == case.audit_id)
    return CaseInHand(
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
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
        lines=claim.lines(stage),
        findings=tuple(f for f in findings.current(session, case.id) if f.stage is stage),
        documents=claim.documents,
    )


def stage_under_review(claim: Claim) -> Stage:
    """The stage that is judged line by line: what was submitted, else what the claim has."""
    return reviewed_stage(claim.coding_source, set(claim.stages))


def _pending(by: str, audit_id: int | None) -> Select[AuditCase]:
    question = (
        select(AuditCase)
        .join(AuditCase.audit)
        .where(
            Audit.state == AuditState.DRAWN,
            AuditCase.review_status == ReviewStatus.PENDING,
            AuditCase.documentation_status != DocumentationStatus.REQUESTED,
            or_(AuditCase.assigned_to == by, AuditCase.assigned_to.is_(None)),
        )
        .order_by(AuditCase.assigned_to.is_(None), AuditCase.audit_id, AuditCase.number)
    )
    return question if audit_id is None else question.where(AuditCase.audit_id == audit_id)
