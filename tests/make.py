"""Makers: small values and rows with defaults, so that a test names only what it is about.

Those of rows add to the session and flush; what they need and was not given (a source, a plan, an audit)
they make too.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import (
    AuditState,
    DocumentationStatus,
    ReviewPass,
    ReviewStatus,
    SeedSource,
    SelectionMethod,
)
from auditor.domain.chain import sha256_text
from auditor.domain.claims import Claim, ClaimCode, CodingSource, Document, Stage
from auditor.domain.findings import ErrorType, Outcome, Severity
from auditor.domain.people import Role
from auditor.domain.plans import DateBasis, Objective, SamplingUnit
from auditor.services import cases
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, Selection
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.people import User
from auditor.storage.plans import Plan, Source

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
FIRST_ON = date(2025, 10, 1)
LAST_ON = date(2025, 12, 31)
SEED = "5eed" * 16

MAPPING = '[claims]\ntable = "claims"\n[codes]\ntable = "codes"\n'

_numbers = count(1)
_Row = TypeVar("_Row")


def code(code: str = "99214", **fields: Any) -> ClaimCode:
    """A submitted office visit, at $120."""
    given = {"stage": Stage.SUBMITTED, "sequence": 1, "code_system": "CPT", "units": 1, "paid_cents": 12_000}
    return ClaimCode(code=code, **(given | fields))


def claim(claim_id: str = "C-1", **fields: Any) -> Claim:
    """A claim of the AI arm with one visit code and one diagnosis, as drafted and as submitted."""
    visit, diagnosis = code(), code("I10", sequence=2, code_system="ICD-10-CM", units=None, paid_cents=None)
    submitted = (visit, diagnosis)
    given: dict[str, Any] = {
        "coding_source": CodingSource.AI,
        "served_on": date(2025, 11, 3),
        "patient_id": "P-1",
        "patient_age": 61,
        "patient_sex": "F",
        "payer": "Medicare",
        "specialty": "CARD",
        "provider": "DR-1",
        "coder_of_record": None,
        "model_version": "3.1",
        "coded_on": date(2025, 11, 4),
        "paid_cents": 12_000,
        "codes": (*(replace(each, stage=Stage.AI_DRAFT) for each in submitted), *submitted),
        "documents": (Document(title="Visit note", text="Blood pressure 128/78, on lisinopril."),),
    }
    return Claim(claim_id=claim_id, **(given | fields))


def user(session: Session, name: str = "olga", *, roles: tuple[Role, ...] = (Role.OFFICER,), **fields: Any) -> User:
    """A person with a mail address and no password."""
    given: dict[str, Any] = {
        "display_name": name.title(),
        "email": f"{name}@practice.example",
        "roles": [role.value for role in roles],
        "created_at": NOON,
    }
    return _saved(session, User(name=name, **(given | fields)))


def source(session: Session, name: str | None = None, **fields: Any) -> Source:
    """A source with the canonical mapping; nothing is there unless `url` says so."""
    given: dict[str, Any] = {"url": "sqlite:///nowhere.db", "mapping": MAPPING, "added_at": NOON}
    return _saved(session, Source(name=name or f"claims-{next(_numbers)}", **(given | fields)))


def plan(session: Session, name: str | None = None, **fields: Any) -> Plan:
    """An approved plan: discovery at 5 % and 95 %, not stratified."""
    given: dict[str, Any] = {
        "stratify": [],
        "unit": SamplingUnit.CLAIM,
        "date_basis": DateBasis.SERVED,
        "objective": Objective.DISCOVERY,
        "confidence": Fraction(95, 100),
        "tolerable": Fraction(5, 100),
        "auditors": [],
        "blind_share": Fraction(0),
        "second_review_share": Fraction(0),
        "created_by": "olga",
        "created_at": NOON,
        "approved_by": "olga",
        "approved_at": NOON,
    }
    if "source" not in fields and "source_id" not in fields:
        fields["source"] = source(session)
    return _saved(session, Plan(name=name or f"plan-{next(_numbers)}", **(given | fields)))


def audit(session: Session, **fields: Any) -> Audit:
    """A drawn audit of the last quarter of 2025 with a frame of 1,000 claims, one round and no selections yet."""
    given: dict[str, Any] = {
        "first_on": FIRST_ON,
        "last_on": LAST_ON,
        "state": AuditState.DRAWN,
        "seed": SEED,
        "seed_sha256": sha256_text(SEED),
        "seed_source": SeedSource.COMMITTED,
        "opened_by": "olga",
        "opened_at": NOON,
        "drawn_at": NOON,
    }
    if "plan" not in fields and "plan_id" not in fields:
        fields["plan"] = plan(session)
    made = _saved(session, Audit(**(given | fields)))
    if made.state is not AuditState.OPEN:
        frame(session, made)
        sample_round(session, made)
    return made


def frame(session: Session, audit: Audit, **fields: Any) -> SamplingFrame:
    """A frame of 1,000 claims in one stratum."""
    stratum = {"name": "", "claims": 1000, "paid_cents": 12_000_000, "sha256": "0" * 64, "buckets": []}
    given: dict[str, Any] = {
        "query_text": "SELECT claim_id FROM claims",
        "claims": 1000,
        "paid_cents": 12_000_000,
        "sha256": "0" * 64,
        "exclusions": {},
        "strata": [stratum],
        "taken_at": NOON,
    }
    return _saved(session, SamplingFrame(audit=audit, **(given | fields)))


def sample_round(session: Session, audit: Audit, **fields: Any) -> SampleRound:
    """The audit's next round."""
    number = 1 + session.scalar(select(func.count(SampleRound.id)).where(SampleRound.audit_id == audit.id))
    given: dict[str, Any] = {
        "number": number,
        "sample_size": 59,
        "algorithm": "sha256-ticket/1",
        "derivation": {},
        "drawn_by": "olga",
        "drawn_at": NOON,
    }
    made = _saved(session, SampleRound(audit_id=audit.id, **(given | fields)))
    session.refresh(audit, ["rounds"])
    return made


def selection(session: Session, audit: Audit, claim_id: str = "C-1", **fields: Any) -> Selection:
    """A claim drawn in the audit's newest round: 59 of 1,000."""
    order = 1 + session.scalar(select(func.count(Selection.id)).where(Selection.audit_id == audit.id))
    given: dict[str, Any] = {
        "round_id": audit.rounds[-1].id,
        "item_id": claim_id,
        "stratum": "",
        "draw_order": order,
        "ticket": sha256_text(f"{audit.seed},{claim_id}"),
        "drawn": 59,
        "population": 1000,
        "method": SelectionMethod.PROBABILITY,
    }
    return _saved(session, Selection(audit_id=audit.id, claim_id=claim_id, **(given | fields)))


def case(session: Session, audit: Audit, claim: Claim, **fields: Any) -> AuditCase:
    """The case of a claim: drawn now unless a selection is given, not reviewed yet, documentation complete."""
    if "selection" not in fields:
        fields["selection"] = selection(session, audit, claim.claim_id)
    number = 1 + session.scalar(select(func.count(AuditCase.id)).where(AuditCase.audit_id == audit.id))
    frozen = cases.freeze(claim)
    given: dict[str, Any] = {
        "number": number,
        "coding_source": claim.coding_source,
        "model_version": claim.model_version,
        "claim": frozen.claim,
        "protected": frozen.protected,
        "claim_sha256": frozen.sha256,
        "blind": False,
        "documentation_status": DocumentationStatus.COMPLETE,
        "review_status": ReviewStatus.PENDING,
    }
    return _saved(session, AuditCase(audit_id=audit.id, **(given | fields)))


def finding(session: Session, case: AuditCase, **fields: Any) -> Finding:
    """The first version of a finding: the visit code, one level too high."""
    given: dict[str, Any] = {
        "review_pass": ReviewPass.FIRST,
        "stage": Stage.SUBMITTED,
        "line": "1",
        "version": 1,
        "code_system": "CPT",
        "code_submitted": "99214",
        "outcome": Outcome.CHANGE,
        "correct_code": "99213",
        "error_type": ErrorType.UPCODED,
        "severity": Severity.MATERIAL,
        "found_by": "anna",
        "found_at": NOON,
    }
    return _saved(session, Finding(case_id=case.id, **(given | fields)))


def _saved(session: Session, row: _Row) -> _Row:
    session.add(row)
    session.flush()
    return row
