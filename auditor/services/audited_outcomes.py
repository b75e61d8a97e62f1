"""Audited outcomes as 0 and 1, in the order in which cases were drawn: what monitors of audited errors read.

The order is that of the draw, never that of completion: whoever parks the doubtful cases must not delay an alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.domain.claims import CodingSource, Stage
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, code_group, normal_code
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.storage.audits import Audit
from auditor.storage.plans import Plan


@dataclass(frozen=True, kw_only=True)
class AuditedOutcome:
    """One finished case that was drawn by chance, on the stage that shows its arm's own work.

    `documentation_missing` outcomes count as errors in rates; streams of coding errors leave them out.
    `overpaid_cents` is paid minus correct of the claim as billed, None where unknown; `code_group` the family of its
    first procedure; `confidence` what the AI stated, from 0 to 1; `opinions` whether the first and second reviewer
    found an error, where there were two.
    """

    case_id: int
    audit_id: int
    source_id: int
    stratum: str
    arm: CodingSource
    model_version: str | None
    stage: Stage
    reviewed_at: datetime
    served_on: date
    coded_on: date | None
    provider: str | None
    error: bool
    overcoded: bool
    undercoded: bool
    documentation_missing: bool
    overpaid_cents: int | None
    selection_probability: float
    auditor: str | None = None
    specialty: str | None = None
    payer: str | None = None
    code_group: str | None = None
    confidence: float | None = None
    paid_cents: int | None = None
    opinions: tuple[bool, bool] | None = None


def audited_outcomes(
    session: Session,
    *,
    source_id: int | None = None,
    before: datetime | None = None,
    audit_ids: Sequence[int] | None = None,
) -> tuple[AuditedOutcome, ...]:
    """All outcomes of a source (or of all), by the end of the audit's period, then in draw order.

    `before` gives what was known earlier than a moment, `audit_ids` looks at these audits only.
    """
    sources = audits_in_order(session, source_id=source_id)
    order = [audit_id for audit_id in sources if audit_ids is None or audit_id in audit_ids]
    found: list[AuditedOutcome] = []
    for audit_id in order:  # one after another, so that the findings of one alone lie in memory
        cases = scored_cases(session, [audit_id], before=before)
        found += [_outcome(case, sources[audit_id]) for case in cases if case.score and case.reviewed_at]
    return tuple(found)


def audits_in_order(session: Session, *, source_id: int | None = None) -> dict[int, int]:
    """The drawn audits and the source of each, by the end of their periods."""
    question = (
        select(Audit.id, Plan.source_id)
        .join(Plan, Plan.id == Audit.plan_id)
        .where(Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED]))
        .order_by(Audit.last_on, Audit.id)
    )
    if source_id is not None:
        question = question.where(Plan.source_id == source_id)
    return {audit_id: source for audit_id, source in session.execute(question)}  # noqa: C416  (typed rows)


def coding_outcomes(outcomes: Sequence[AuditedOutcome]) -> tuple[AuditedOutcome, ...]:
    """The outcomes that say something about coding: those with a record."""
    return tuple(outcome for outcome in outcomes if not outcome.documentation_missing)


def _outcome(case: ScoredCase, source_id: int) -> AuditedOutcome:
    score = case.stage_score()
    if case.score is None or score is None or case.reviewed_at is None:
        raise ValueError(f"case {case.case_id} is pending")
    return AuditedOutcome(
        case_id=case.case_id,
        audit_id=case.audit_id,
        source_id=source_id,
        stratum=case.stratum,
        arm=case.arm,
        model_version=case.model_version,
        stage=score.stage,
        reviewed_at=case.reviewed_at,
        served_on=case.claim.served_on,
        coded_on=case.claim.coded_on,
        provider=case.claim.provider,
        error=score.is_error,
        overcoded=score.overcoded,
        undercoded=score.undercoded,
        documentation_missing=case.score.documentation_missing,
        overpaid_cents=case.payment.overpaid_cents if case.payment else None,
        selection_probability=case.drawn / case.population,
        auditor=case.reviewed_by,
        specialty=case.claim.specialty,
        payer=case.claim.payer,
        code_group=_first_procedure(case, score.stage),
        confidence=case.claim.ai_confidence,
        opinions=(case.pair.first.in_error, case.pair.second.in_error) if case.pair else None,
        paid_cents=case.claim.paid_cents if case.claim.paid_cents is not None else case.claim.allowed_cents,
    )


def _first_procedure(case: ScoredCase, stage: Stage) -> str | None:
    """The family of the claim's first procedure, which says what kind of claim it is."""
    names = ((code_family(each.code_system), normal_code(each.code)) for each in case.claim.stage(stage))
    return next((code_group(family, code) for family, code in names if family == PROCEDURE_FAMILY), None)
