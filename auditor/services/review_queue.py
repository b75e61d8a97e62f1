"""The case that a reviewer has in hand, and what may be shown of it: never who or what coded it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus
from auditor.domain.claims import Claim, ClaimCode, Document, Stage
from auditor.domain.findings import CodeFinding
from auditor.domain.scoring import reviewed_stage
from auditor.services import (
    audits,
    blind_coding,
    case_evidence,
    cases,
    findings,
    query_documents,
    seats,
    waiting_reviews,
)
from auditor.services.case_evidence import Evidence
from auditor.services.seats import Seat


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


def next_seat(session: Session, *, by: str, audit_id: int | None = None) -> Seat | None:
    """The next review that waits for a person, or for nobody in particular; None when all are done or paused."""
    if audit_id is not None:
        audits.numbered(session, audit_id)
    found = waiting_reviews.first(session, by=by, audit_id=audit_id)
    return seats.seat_of(session, findings.case_of(session, found), name=by) if found else None


def next_case(session: Session, *, by: str, audit_id: int | None = None) -> CaseInHand | None:
    """The next case that waits for a person, as its reviewer sees it."""
    seat = next_seat(session, by=by, audit_id=audit_id)
    return in_hand(session, seat) if seat else None


def in_hand(session: Session, seat: Seat) -> CaseInHand:
    """A case as its reviewer sees it, with how far its audit has come."""
    case, claim = seat.case, cases.thaw(seat.case)
    every, done = seats.share_of_audit(session, seat.name, case.audit_id)
    return CaseInHand(
        **vars(codes_in_hand(session, seat)),
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
        cases=every,
        done=done,
        seconds_spent=seat.work.seconds_spent,
        claim_type=claim.claim_type,
        specialty=claim.specialty,
        place_of_service=claim.place_of_service,
        patient_age=claim.patient_age,
        patient_sex=claim.patient_sex,
        documents=(*claim.documents, *query_documents.of_case(session, case.id)),
    )


def codes_in_hand(session: Session, seat: Seat, *, standing: tuple[CodeFinding, ...] | None = None) -> CodesInHand:
    """How a case stands, as its reviewer may see it; `standing` are its findings where they are known already."""
    case, work = seat.case, seat.work
    claim = cases.thaw(case)
    stage, hidden = stage_under_review(claim), blind_coding.hides(session, seat)
    if hidden:
        standing = ()
    elif standing is None:
        standing = findings.current(session, case.id, seat.review_pass)
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
    if code.stage is Stage.SUBMITTED and code.confidence is None and code.evidence is None:
        return code
    return replace(code, stage=Stage.SUBMITTED, confidence=None, evidence=None)


def stage_under_review(claim: Claim) -> Stage:
    """The stage that is judged line by line: what was submitted, else what the claim has."""
    return reviewed_stage(claim.coding_source, set(claim.stages))
