"""The share of decided rebuttals that were upheld. The audited choose what they argue: nothing is weighted."""

from dataclasses import replace

from auditor.domain.rebuttals import RebuttalState
from auditor.services.metric_rows import LEAST_CLAIMS, OWN, Metric, MetricState, Part, row

METRIC = "rebuttal_upheld_rate"


def upheld_rebuttals(part: Part) -> dict[str, Metric]:
    """Upheld over decided rebuttals of the part's cases; none where nothing was decided."""
    from auditor.stats.proportion import clopper_pearson

    argued = [case for case in part.scored() if case.rebuttals]
    decided = sum(len(case.rebuttals) for case in argued)
    if not decided:
        return {}
    upheld = sum(each is RebuttalState.UPHELD for case in argued for each in case.rebuttals)
    found = clopper_pearson(upheld, decided, confidence=part.confidence)
    empty = row(part, METRIC, OWN, (upheld, decided, len(argued)), f"{found.method}, unweighted")
    enough = decided >= LEAST_CLAIMS
    state = MetricState.OK if enough else MetricState.TOO_FEW
    return {METRIC: replace(empty, estimate=found.estimate, low=found.low, high=found.high, state=state)}
