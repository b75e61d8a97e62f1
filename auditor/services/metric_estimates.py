"""A share of claims and a ratio over claims, estimated as the sample was drawn. Knows no metric.

One whole stratum: the exact interval of a simple sample from a known frame. Several, or unequal weights:
Korn-Graubard for claims, a ratio clustered by claim for codes and dollars. A part of strata, drawn with equal
chances: Clopper-Pearson.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from auditor.services.metric_rows import LEAST_CLAIMS, Metric, MetricState, Part, row, stratum_of
from auditor.services.scored_cases import ScoredCase
from auditor.stats.results import Interval

_ALIKE = 1e-9


def claim_share(part: Part, metric: str, stage: str, outcomes: Sequence[tuple[ScoredCase, bool]]) -> Metric:
    """The share of claims of which something is true."""
    yes, n = sum(true for _, true in outcomes), len(outcomes)
    empty = row(part, metric, stage, (yes, n, n))
    return with_interval(empty, _share_interval(part, outcomes), part) if n else empty


def claim_ratio(part: Part, metric: str, stage: str, counts: Sequence[tuple[ScoredCase, int, int]]) -> Metric:
    """A ratio of two sums over claims, such as correct codes over codes; claims with 0 of 0 say nothing."""
    from auditor.stats.ratio import clustered_ratio

    numerator, denominator = sum(above for _, above, _ in counts), sum(below for _, _, below in counts)
    empty = row(part, metric, stage, (numerator, denominator, len(counts)))
    if denominator == 0:
        return empty
    cases = [case for case, _, _ in counts]
    known = _populations(part, cases)
    found = clustered_ratio(
        [above for _, above, _ in counts],
        [below for _, _, below in counts],
        weights=None if known else [part.weights[case.case_id] for case in cases],
        strata=[stratum_of(case) for case in cases],
        populations=known,
        confidence=part.confidence,
    )
    return with_interval(empty, found, part)


def with_interval(empty: Metric, found: Interval, part: Part) -> Metric:
    """The metric with estimate, limits and method; a single claim shows no limits."""
    enough = empty.n >= LEAST_CLAIMS and part.complete
    return replace(
        empty,
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        method=found.method,
        state=MetricState.OK if enough else MetricState.TOO_FEW,
    )


def _share_interval(part: Part, outcomes: Sequence[tuple[ScoredCase, bool]]) -> Interval:
    from auditor.stats.finite_population import exact_interval
    from auditor.stats.proportion import clopper_pearson
    from auditor.stats.ratio import korn_graubard

    cases = [case for case, _ in outcomes]
    yes, n, confidence = sum(true for _, true in outcomes), len(outcomes), part.confidence
    known = _populations(part, cases)
    if known and len(known) == 1:
        return exact_interval(yes, n, next(iter(known.values())), confidence=confidence)
    weights = [part.weights[case.case_id] for case in cases]
    if not known and max(weights) - min(weights) <= _ALIKE * max(weights):
        return clopper_pearson(yes, n, confidence=confidence)
    return korn_graubard(
        [float(true) for _, true in outcomes],
        weights=None if known else weights,
        strata=[stratum_of(case) for case in cases],
        populations=known,
        confidence=confidence,
    )


def _populations(part: Part, cases: Sequence[ScoredCase]) -> dict[Hashable, int] | None:
    """Frame sizes of the strata at hand, where the part is made of whole strata and every case of them counts."""
    if not part.whole_strata or len(cases) < len(part.scored()):
        return None
    return {stratum: part.populations[stratum] for stratum in dict.fromkeys(map(stratum_of, cases))}
