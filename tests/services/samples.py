"""Audits with reviewed cases, in few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import Claim, Stage
from auditor.services import findings
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.services.review_queue import stage_under_review
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from tests import make
from tests.domain.judgements import judged

Verdicts = Mapping[str, dict[str, Any]]


def drawn_audit(session: Session, strata: Mapping[str, int], **plan: Any) -> Audit:
    """A drawn audit whose frame has these strata with their sizes."""
    audit = make.audit(session, plan=make.plan(session, **plan))
    assert audit.frame is not None
    audit.frame.strata = [{"name": name, "claims": claims} for name, claims in strata.items()]
    audit.frame.claims = sum(strata.values())
    return audit


def draw(
    session: Session, audit: Audit, stratum: str, claims: Sequence[Claim], *, population: int
) -> list[AuditCase]:
    """All claims drawn from a stratum."""
    made = []
    for claim in claims:
        selection = make.selection(
            session, audit, claim.claim_id, stratum=stratum, drawn=len(claims), population=population
        )
        made.append(make.case(session, audit, claim, selection=selection))
    return made


def review(
    session: Session,
    case: AuditCase,
    verdicts: Verdicts | None = None,
    *,
    stage: Stage | None = None,
    documentation: DocumentationStatus = DocumentationStatus.COMPLETE,
    by: str = "anna",
) -> None:
    """Findings on the stage under review: agreement but for these verdicts."""
    claim = thaw(case)
    missing = documentation is DocumentationStatus.NOT_PRODUCED
    found = () if missing else judged(claim, stage or stage_under_review(claim), **(verdicts or {}))
    findings.record(session, case.id, Review(findings=found, documentation_status=documentation), by=by, at=make.NOON)
