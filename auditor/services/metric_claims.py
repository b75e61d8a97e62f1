"""Shares of claims: in error, over- and undercoded, paid right, without a record."""

from collections.abc import Callable

from auditor.domain.claims import Stage
from auditor.domain.overpayment import billed_stage
from auditor.domain.scoring import StageScore
from auditor.services.metric_estimates import claim_share
from auditor.services.metric_rows import Metric, Part
from auditor.services.scored_cases import ScoredCase

_OF_A_STAGE: dict[str, Callable[[StageScore], bool]] = {
    "claim_error_rate": lambda score: score.is_error,
    "overcoding_rate": lambda score: score.overcoded,
    "undercoding_rate": lambda score: score.undercoded,
}


def stage_shares(part: Part, stage: Stage | None, label: str) -> dict[str, Metric]:
    """Error, overcoding and undercoding rates on one stage, by default each arm's own."""
    scores = [(case, score) for case in part.scored() if (score := case.stage_score(stage))]
    return {
        metric: claim_share(part, metric, label, [(case, is_so(score)) for case, score in scores])
        for metric, is_so in _OF_A_STAGE.items()
    }


def case_accuracy(part: Part, label: str) -> Metric:
    """The share of claims that were paid what they should have been."""
    outcomes = [(case, _paid_right(case)) for case in part.scored()]
    return claim_share(part, "case_over_case_accuracy", label, outcomes)


def documentation_gaps(part: Part, label: str) -> Metric:
    """The share of claims whose record was not produced."""
    outcomes = [(case, bool(case.score and case.score.documentation_missing)) for case in part.scored()]
    return claim_share(part, "documentation_gap_rate", label, outcomes)


def _paid_right(case: ScoredCase) -> bool:
    """No difference in dollars; where dollars are not known, no material error on what was billed."""
    if case.score is None:
        raise ValueError(f"case {case.case_id} is pending")
    if case.payment and case.payment.overpaid_cents is not None:
        return case.payment.overpaid_cents == 0 and not case.score.documentation_missing
    return not case.score.stages[billed_stage(case.claim, case.score)].is_error
