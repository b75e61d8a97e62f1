"""Provider queries in numbers, and what the error rate can still become while cases wait."""

from dataclasses import replace

from auditor.services.metric_estimates import claim_share, with_interval
from auditor.services.metric_rows import Metric, Part, row


def query_rates(part: Part, label: str) -> dict[str, Metric]:
    """Missed queries among reviewed claims and answers among queries; nothing where nobody asks or notes any."""
    if not any(case.queries.decided or case.queries.missed for case in part.cases):
        return {}
    missed = [(case, case.queries.missed) for case in part.scored()]
    return {
        "missed_query_rate": claim_share(part, "missed_query_rate", label, missed),
        "query_response_rate": _responses(part, label),
    }


def error_bounds(part: Part, label: str) -> dict[str, Metric]:
    """The claim error rate when all cases that wait turn out right, and wrong; nothing when none waits."""
    waiting = [case for case in part.cases if case.waits]
    if not waiting:
        return {}
    known = [(case, score.is_error) for case in part.scored() if (score := case.stage_score()) is not None]
    settled = replace(part, weights=part.settled_weights or part.weights)
    return {
        name: claim_share(settled, name, label, [*known, *((case, wrong) for case in waiting)])
        for name, wrong in (("claim_error_rate_best", False), ("claim_error_rate_worst", True))
    }


def _responses(part: Part, label: str) -> Metric:
    """Of queries, not of the frame: they were asked where a record was unclear, and stand for nothing else."""
    from auditor.stats.proportion import clopper_pearson

    asked = [case for case in part.cases if case.queries.decided]
    answered, decided = sum(case.queries.answered for case in asked), sum(case.queries.decided for case in asked)
    empty = row(part, "query_response_rate", label, (answered, decided, len(asked)))
    if not decided:
        return empty
    return with_interval(empty, clopper_pearson(answered, decided, confidence=part.confidence), part)
