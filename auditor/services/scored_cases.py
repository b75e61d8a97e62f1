"""The reviewed cases of audits with their scores: what every metric and every monitor of audited errors counts.

Targeted picks are left out here, once for all. Knows no estimate.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus, SelectionMethod
from auditor.domain.claims import Claim, CodingSource, Stage
from auditor.domain.overpayment import PaymentDifference, payment_difference
from auditor.domain.rebuttals import RebuttalState
from auditor.domain.sampled_lines import line_only
from auditor.domain.scoring import CaseScore, StageScore, own_stage, score_case
from auditor.services import cases, query_facts, second_opinions
from auditor.services.case_states import NOTHING_SAID, CaseState, ReviewState, case_states
from auditor.services.finding_rows import FINAL, findings_of_audits
from auditor.services.query_facts import QueryFacts
from auditor.services.second_opinions import OpinionPair
from auditor.storage.audits import Selection
from auditor.storage.cases import AuditCase
from auditor.storage.follow_through import Rebuttal


@dataclass(frozen=True, kw_only=True)
class ScoredCase:
    """A case that was drawn by chance. `score` is None while it is pending; `payment` is None without amounts.

    `waits` tells that it is pending for an answer or a record.

    `drawn` of `population` units of its stratum were selected; `rebuttals` are the decisions on those of the case,
    `pair` what two reviews of it came to, None where it was reviewed but once.
    """

    case_id: int
    audit_id: int
    claim_id: str
    arm: CodingSource
    model_version: str | None
    stratum: str
    drawn: int
    population: int
    draw_order: int
    claim: Claim
    score: CaseScore | None
    payment: PaymentDifference | None
    rebuttals: tuple[RebuttalState, ...] = ()
    blind: bool = False
    pair: OpinionPair | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    waits: bool = False
    queries: QueryFacts = query_facts.NONE

    @property
    def own_stage(self) -> Stage:
        """The stage that shows this arm's own work."""
        return own_stage(self.arm, self.score.stages if self.score else self.claim.stages)

    def stage_score(self, stage: Stage | None = None) -> StageScore | None:
        """The score of a stage, by default the arm's own; None when pending or when the claim lacks the stage."""
        return self.score.stages.get(stage or self.own_stage) if self.score else None


def scored_cases(
    session: Session,
    audit_ids: Iterable[int],
    *,
    before: datetime | None = None,
    passes: Sequence[ReviewPass] = FINAL,
) -> list[ScoredCase]:
    """The probability cases of audits, in draw order, scored; `before` looks back at what was known then.

    Looking back, reviews and records are as they stood at that moment, and rebuttals and queries as they stand now.
    `passes` says whose judgement counts: `finding_rows.SETTLED` leaves rebuttals out.
    """
    wanted = list(audit_ids)
    findings = findings_of_audits(session, wanted, before=before, passes=passes)
    decided = _decided_rebuttals(session, wanted)
    pairs = second_opinions.pairs(session, wanted, before=before)
    asked = query_facts.of_audits(session, wanted)
    states = None if before is None else case_states(session, wanted, before=before)
    question = (
        select(AuditCase)
        .join(AuditCase.selection)
        .options(contains_eager(AuditCase.selection), defer(AuditCase.protected))
        .where(AuditCase.audit_id.in_(wanted), Selection.method == SelectionMethod.PROBABILITY)
        .order_by(AuditCase.audit_id, Selection.round_id, Selection.draw_order, Selection.stratum, AuditCase.id)
    )
    found = []
    for case in session.scalars(question):
        standing = _standing(case, states)
        claim, own = cases.coded(case), findings.get(case.id, ())
        if case.selection.line_number is not None:
            claim, own = line_only(claim, own, case.selection.line_number)
        score = score_case(claim, own, standing.documentation) if standing.done else None
        scored = _scored(case, claim, score)
        found.append(
            replace(
                scored,
                rebuttals=decided.get(case.id, ()),
                pair=pairs.get(case.id),
                queries=asked.get(case.id, query_facts.NONE),
                waits=not standing.done and standing.documentation is DocumentationStatus.REQUESTED,
                reviewed_by=standing.reviewed_by,
                reviewed_at=standing.reviewed_at,
            )
        )
    return found


def _standing(case: AuditCase, states: Mapping[int, CaseState] | None) -> ReviewState:
    """How the review of a case stands, and what counts of its record; `states` is how things stood at a moment."""
    if states is not None:
        then = states.get(case.id, NOTHING_SAID)
        return replace(then.of(ReviewPass.FIRST), documentation=then.documentation)
    return ReviewState(
        documentation=case.documentation_status,
        done=case.review_status is ReviewStatus.DONE,
        reviewed_by=case.reviewed_by,
        reviewed_at=case.reviewed_at,
    )


def _decided_rebuttals(session: Session, audit_ids: Sequence[int]) -> Mapping[int, tuple[RebuttalState, ...]]:
    states = [state for state in RebuttalState if state.is_decided]
    question = select(Rebuttal.case_id, Rebuttal.state).join(AuditCase, AuditCase.id == Rebuttal.case_id)
    question = question.where(AuditCase.audit_id.in_(audit_ids), Rebuttal.state.in_(states))
    found: dict[int, tuple[RebuttalState, ...]] = {}
    for case_id, state in session.execute(question):
        found[case_id] = (*found.get(case_id, ()), state)
    return found


def _scored(case: AuditCase, claim: Claim, score: CaseScore | None) -> ScoredCase:
    selection = case.selection
    if selection.drawn is None or not selection.population:
        raise ValueError(f"selection {selection.id} was drawn by chance and has no probability")
    return ScoredCase(
        case_id=case.id,
        audit_id=case.audit_id,
        claim_id=selection.claim_id,
        arm=case.coding_source,
        model_version=case.model_version,
        stratum=selection.stratum,
        drawn=selection.drawn,
        population=selection.population,
        draw_order=selection.draw_order,
        blind=case.blind,
        claim=claim,
        score=score,
        payment=payment_difference(claim, score) if score else None,
    )
