"""Ratios of codes: the auditor's codes that a stage holds, and the stage's codes that the auditor overturned."""

from auditor.domain.claims import Stage
from auditor.services.metric_estimates import claim_ratio
from auditor.services.metric_rows import Metric, Part


def code_ratios(part: Part, stage: Stage | None, label: str) -> dict[str, Metric]:
    """Code-over-code accuracy and overturn rate on one stage, by default each arm's own.

    A claim without a record says nothing about codes: nobody could look.
    """
    scores = [
        (case, score)
        for case in part.scored()
        if (score := case.stage_score(stage)) and case.score and not case.score.documentation_missing
    ]
    right = [(case, score.matched, score.correct) for case, score in scores]
    overturned = [(case, score.overturned, score.assigned) for case, score in scores]
    return {
        "code_over_code_accuracy": claim_ratio(part, "code_over_code_accuracy", label, right),
        "overturn_rate": claim_ratio(part, "overturn_rate", label, overturned),
    }
