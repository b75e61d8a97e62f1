"""Every metric of an audit, each defined once: screen, mail, report and export all ask here.

Numbers are of the frame that was drawn from, weighted by selection probability; docs/metrics.md has the formulas.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.claims import Stage
from auditor.domain.overpayment import billed_stage
from auditor.errors import Conflict
from auditor.services import audits, metric_reviewers
from auditor.services.finding_rows import FINAL
from auditor.services.metric_agreement import draft_agreement
from auditor.services.metric_claims import case_accuracy, documentation_gaps, stage_shares
from auditor.services.metric_codes import code_ratios
from auditor.services.metric_difference import arm_difference
from auditor.services.metric_dollars import dollar_rates
from auditor.services.metric_parts import ALL, SampleFacts, parts_of
from auditor.services.metric_queries import error_bounds, query_rates
from auditor.services.metric_rebuttals import upheld_rebuttals
from auditor.services.metric_rows import OWN, Metric, Part
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.storage.audits import Audit

METRICS = (
    "claim_error_rate",
    "ai_human_difference",
    "code_over_code_accuracy",
    "case_over_case_accuracy",
    "overcoding_rate",
    "undercoding_rate",
    "cia_error_rate",
    "cia_error_rate_net",
    "documentation_gap_rate",
    "claim_error_rate_best",
    "claim_error_rate_worst",
    "missed_query_rate",
    "query_response_rate",
    "overturn_rate",
    "rebuttal_upheld_rate",
    "ai_human_agreement",
    "ai_human_agreement_kappa",
    "ai_human_agreement_ac1",
    metric_reviewers.TWO_PHASE,
    *metric_reviewers.VERDICT,
    *metric_reviewers.CODES,
    metric_reviewers.ANCHORING,
)


def audit_metrics(
    session: Session, audit_id: int, *, passes: Sequence[ReviewPass] = FINAL, sliced: bool = True
) -> list[Metric]:
    """All metrics of an audit, headline rows first: the whole, each arm by its own stage.

    `passes` says whose judgement counts: by default what was upheld against a finding goes before it. Without
    `sliced` they are those of the whole sample alone.
    """
    audit = audits.numbered(session, audit_id)
    if audit.frame is None:
        raise Conflict(f"audit {audit_id} is not drawn yet: run `auditor audit draw {audit_id}`")
    return sample_metrics(scored_cases(session, [audit_id], passes=passes), facts_of(audit), sliced=sliced)


def claim_error_rates(
    session: Session, drawn: Sequence[Audit], *, known: Sequence[ScoredCase] = ()
) -> dict[int, list[Metric]]:
    """The claim error rate of each drawn audit as `audit_metrics` has it: of the whole, then of each arm.

    `known` are the cases of one of them, where they were read already.
    """
    cases: dict[int, list[ScoredCase]] = {audit.id: [] for audit in drawn}
    read = [case for case in known if case.audit_id in cases]
    for case in (*read, *scored_cases(session, cases.keys() - {case.audit_id for case in read})):
        cases[case.audit_id].append(case)
    return {
        audit.id: [_claim_error_rate(part) for part in parts_of(cases[audit.id], facts_of(audit), sliced=False)]
        for audit in drawn
    }


def _claim_error_rate(part: Part) -> Metric:
    return stage_shares(part, None, own_label(part))["claim_error_rate"]


def facts_of(audit: Audit) -> SampleFacts:
    """What an audit's plan and frame say of its sample."""
    strata = audit.frame.strata if audit.frame else []
    return SampleFacts(
        frames={(audit.id, str(each["name"])): int(str(each["claims"])) for each in strata},
        one_arm=audit.plan.coding_source,
        stratified_by=frozenset(audit.plan.stratify),
        confidence=float(audit.plan.confidence),
    )


def sample_metrics(cases: Sequence[ScoredCase], facts: SampleFacts, *, sliced: bool = True) -> list[Metric]:
    """All metrics of a sample, in the order in which they are read."""
    parts = parts_of(cases, facts, sliced=sliced)
    own = [row for part in parts for row in part_metrics(part)]
    own += [row for part in parts if part.arm == ALL for row in arm_difference(part, own)]
    other = [row for part in parts for row in _other_stages(part)]
    slices = list(dict.fromkeys(part.slice for part in parts))
    arms = list(dict.fromkeys(part.arm for part in parts))

    def place(row: Metric) -> tuple[int, int, int]:
        arm = arms.index(row.arm) if row.arm in arms else len(arms)
        return slices.index(row.slice), METRICS.index(row.metric), arm

    return [*sorted(own, key=place), *sorted(other, key=place)]


def part_metrics(part: Part) -> list[Metric]:
    """Every metric of one part, each arm judged by the stage that shows its own work."""
    found = {name: row for family in FAMILIES.values() for name, row in family(part).items()}
    return [found[metric] for metric in METRICS if metric in found]


def own_label(part: Part) -> str:
    """The stage that all cases of a part are judged by, or `own` where they differ."""
    return _one_of({case.own_stage for case in part.cases})


def _billed_label(part: Part) -> str:
    return _one_of({billed_stage(case.claim, case.score) for case in part.scored() if case.score})


def _one_of(stages: set[Stage]) -> str:
    return next(iter(stages)).value if len(stages) == 1 else OWN


FAMILIES: Mapping[tuple[str, ...], Callable[[Part], Mapping[str, Metric]]] = {
    ("claim_error_rate", "overcoding_rate", "undercoding_rate"): lambda p: stage_shares(p, None, own_label(p)),
    ("code_over_code_accuracy", "overturn_rate"): lambda p: code_ratios(p, None, own_label(p)),
    ("case_over_case_accuracy",): lambda p: {"case_over_case_accuracy": case_accuracy(p, _billed_label(p))},
    ("cia_error_rate", "cia_error_rate_net"): lambda p: dollar_rates(p, _billed_label(p)),
    ("claim_error_rate_best", "claim_error_rate_worst"): lambda p: error_bounds(p, own_label(p)),
    ("missed_query_rate", "query_response_rate"): lambda p: query_rates(p, own_label(p)),
    ("documentation_gap_rate",): lambda p: {"documentation_gap_rate": documentation_gaps(p, own_label(p))},
    ("rebuttal_upheld_rate",): upheld_rebuttals,
    ("ai_human_agreement", "ai_human_agreement_kappa", "ai_human_agreement_ac1"): draft_agreement,
    (metric_reviewers.TWO_PHASE,): metric_reviewers.two_phase_rate,
    metric_reviewers.VERDICT: metric_reviewers.auditor_agreement,
    metric_reviewers.CODES: metric_reviewers.auditor_code_agreement,
    (metric_reviewers.ANCHORING,): metric_reviewers.anchoring,
}


def _other_stages(part: Part) -> list[Metric]:
    """The auditor's one correct set against each further stage that the claims carry."""
    rows: list[Metric] = []
    for stage in (Stage.SUBMITTED, Stage.HUMAN, Stage.AI_DRAFT):
        if stage.value != own_label(part) and any(stage in case.claim.stages for case in part.cases):
            rows += stage_shares(part, stage, stage.value).values()
            rows += code_ratios(part, stage, stage.value).values()
    return rows
