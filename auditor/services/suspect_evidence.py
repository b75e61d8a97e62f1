"""What the cases that an alert ordered have shown so far: its evidence to confirm, dismiss or resolve by."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertMove
from auditor.domain.audits import ReviewStatus, SelectionMethod
from auditor.domain.scoring import own_stage, score_case
from auditor.services import cases
from auditor.services.alert_audits import reason
from auditor.services.finding_rows import findings_of_audits
from auditor.stats.proportion import clopper_pearson
from auditor.storage.alert_steps import AlertStep
from auditor.storage.audits import Selection
from auditor.storage.cases import AuditCase


@dataclass(frozen=True, kw_only=True)
class SuspectEvidence:
    """The ordered cases of one audit: how many, how many are reviewed, how many of those are wrong.

    `low` and `high` bound the share wrong among all claims that show what the alert tells of (Clopper-Pearson, 95 %);
    None while nothing is reviewed. `case_ids` are ours, in the order of the pick.
    """

    audit_id: int
    cases: int
    done: int
    errors: int
    low: float | None
    high: float | None
    case_ids: tuple[int, ...]


def evidence(session: Session, alert_id: int) -> list[SuspectEvidence]:
    """One entry for each audit that the alert has ordered cases in, in that order."""
    question = select(AlertStep.audit_id).where(
        AlertStep.alert_id == alert_id, AlertStep.move == AlertMove.AUDIT_ORDERED
    )
    ordered = session.scalars(question.order_by(AlertStep.id))
    return [_shown(session, alert_id, audit_id) for audit_id in dict.fromkeys(ordered) if audit_id is not None]


def _shown(session: Session, alert_id: int, audit_id: int) -> SuspectEvidence:
    question = (
        select(AuditCase)
        .join(AuditCase.selection)
        .where(AuditCase.audit_id == audit_id, Selection.method == SelectionMethod.TARGETED)
        .where(Selection.reason == reason(alert_id))
        .order_by(AuditCase.number)
    )
    found = list(session.scalars(question))
    done = [case for case in found if case.review_status is ReviewStatus.DONE]
    errors = _errors(session, audit_id, done)
    interval = clopper_pearson(errors, len(done), confidence=0.95) if done else None
    return SuspectEvidence(
        audit_id=audit_id,
        cases=len(found),
        done=len(done),
        errors=errors,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        case_ids=tuple(case.id for case in found),
    )


def _errors(session: Session, audit_id: int, done: Sequence[AuditCase]) -> int:
    findings = findings_of_audits(session, [audit_id])
    wrong = 0
    for case in done:
        score = score_case(cases.coded(case), findings.get(case.id, ()), case.documentation_status)
        if score is None:
            raise ValueError(f"case {case.id} is done and has no score")
        wrong += score.stages[own_stage(case.coding_source, score.stages)].is_error
    return wrong
