"""The claim error rate of the AI arm less that of the human arm, audited by the same protocol, with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.domain.claims import CodingSource
from auditor.services.metric_rows import OWN, Metric, MetricState, Part, row

METRIC = "ai_human_difference"
_OF = "claim_error_rate"


def arm_difference(part: Part, rows: Sequence[Metric]) -> list[Metric]:
    """The difference in one slice, from the rows of both arms there; none where an arm was not drawn."""
    arms: Mapping[str, Metric] = {
        each.arm: each for each in reversed(rows) if each.metric == _OF and each.slice == part.slice
    }
    ai, human = arms.get(CodingSource.AI), arms.get(CodingSource.HUMAN)
    if ai is None or human is None:
        return []
    empty = replace(row(part, METRIC, OWN, (None, None, ai.n + human.n)), arm="ai-human")
    return [difference(empty, ai, human)]


def difference(empty: Metric, first: Metric, second: Metric) -> Metric:
    """The first rate less the second, with the interval that both intervals give; `empty` names the row."""
    from auditor.stats.rate_difference import rate_difference
    from auditor.stats.results import Basis, Interval

    def interval(rate: Metric) -> Interval | None:
        if rate.estimate is None or rate.low is None or rate.high is None:
            return None
        return Interval(
            basis=Basis(method=rate.method, formula="", assumptions=(), source=""),
            estimate=rate.estimate,
            low=rate.low,
            high=rate.high,
            confidence=rate.confidence,
            n=rate.n,
        )

    one, other = interval(first), interval(second)
    if one is None or other is None:
        return empty
    found = rate_difference(one, other)
    few = MetricState.TOO_FEW in (first.state, second.state)
    return replace(
        empty,
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        method=f"{found.method}: {first.method}, {second.method}",
        state=MetricState.TOO_FEW if few else MetricState.OK,
    )
