"""Agreement of the AI's draft with a human's coding of the same claims, before any auditor.

The claim is the unit and its label is its set of codes: two codings agree when they hold the same codes, as often.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from auditor.domain.claims import Claim, Stage
from auditor.domain.corrections import code_key
from auditor.services.metric_estimates import claim_share
from auditor.services.metric_rows import LEAST_CLAIMS, Metric, MetricState, Part, row, stratum_of
from auditor.services.scored_cases import ScoredCase

_STAGES = frozenset({Stage.AI_DRAFT, Stage.HUMAN})
_LABEL = "ai_draft,human"


def draft_agreement(part: Part) -> dict[str, Metric]:
    """Percent agreement, Cohen's kappa and Gwet's AC1 over the claims that carry both stages."""
    both = [case for case in part.cases if set(case.claim.stages) >= _STAGES]
    if not both:
        return {}
    drafts = [_comparable(case.claim, Stage.AI_DRAFT) for case in both]
    humans = [_comparable(case.claim, Stage.HUMAN) for case in both]
    alike = [(case, one == other) for case, one, other in zip(both, drafts, humans, strict=True)]
    whole = _of_all(part)
    percent = claim_share(whole, "ai_human_agreement", _LABEL, alike)
    names = ("ai_human_agreement_kappa", "ai_human_agreement_ac1")
    return {"ai_human_agreement": percent} | beyond_chance(whole, percent, both, (drafts, humans), names)


def code_set(claim: Claim, stage: Stage) -> tuple[tuple[str, str], ...]:
    """The codes of a stage, whatever their order, modifiers and units."""
    return tuple(sorted(code_key(code) for code in claim.stage(stage)))


def _comparable(claim: Claim, stage: Stage) -> tuple[tuple[str, str], ...]:
    """The codes of a stage that the draft could hold as well."""
    return tuple(key for key in code_set(claim, stage) if claim.can_hold(Stage.AI_DRAFT, key[0]))


def _of_all(part: Part) -> Part:
    """No review is needed to see whether two codings agree, so that pending cases count too."""
    weights = {case.case_id: case.population / case.drawn for case in part.cases}
    return replace(part, whole_strata=False, complete=True, weights=weights)


def beyond_chance(
    part: Part,
    percent: Metric,
    cases: Sequence[ScoredCase],
    labels: tuple[Sequence[Hashable], Sequence[Hashable]],
    names: Sequence[str],
) -> dict[str, Metric]:
    """Kappa and AC1 of two labels a case, under these two names."""
    from auditor.stats.weighted_agreement import weighted_kappa_and_ac1

    found = weighted_kappa_and_ac1(
        *labels,
        weights=[part.weights[case.case_id] for case in cases],
        strata=[stratum_of(case) for case in cases],
        confidence=part.confidence,
    )
    counted = (percent.numerator, percent.denominator, percent.n)
    rows = {}
    for metric, result in zip(names, found, strict=True):
        empty = row(part, metric, percent.stage, counted, result.method)
        state = MetricState.OK if percent.n >= LEAST_CLAIMS else MetricState.TOO_FEW
        rows[metric] = replace(
            empty,
            estimate=result.estimate,
            low=result.low,
            high=result.high,
            state=MetricState.NO_DATA if result.estimate is None else state,
        )
    return rows
