"""How far the auditors themselves can be relied on: whether two agree, what their errors do to the rate, anchoring.

Agreement is counted on the hidden second-review share, before any adjudication. Anchoring is what seeing codes first
does: the error rate found on the blind share less that found on cases whose codes were shown.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import cast

from auditor.domain.opinions import Opinion
from auditor.services.metric_agreement import beyond_chance
from auditor.services.metric_difference import difference
from auditor.services.metric_estimates import claim_share, with_interval
from auditor.services.metric_rows import LEAST_CLAIMS, OWN, Metric, MetricState, Part, row, stratum_of
from auditor.services.scored_cases import ScoredCase
from auditor.services.second_opinions import OpinionPair

VERDICT = ("auditor_agreement", "auditor_agreement_kappa", "auditor_agreement_ac1")
CODES = ("auditor_code_agreement", "auditor_code_agreement_alpha")
TWO_PHASE = "claim_error_rate_two_phase"
ANCHORING = "anchoring_difference"
CodeSet = tuple[tuple[str, str], ...]
_LABEL = "first,second"


def auditor_agreement(part: Part) -> dict[str, Metric]:
    """Whether both reviews say alike that a claim is in error: percent, Cohen's kappa, Gwet's AC1."""
    twice = _twice(part)
    if not twice:
        return {}
    whole = _of_share(part)
    firsts, seconds = _labels(twice, lambda each: each.in_error)
    alike = [(case, one == other) for (case, _), one, other in zip(twice, firsts, seconds, strict=True)]
    percent = claim_share(whole, VERDICT[0], _LABEL, alike)
    cases = [case for case, _ in twice]
    return {VERDICT[0]: percent} | beyond_chance(whole, percent, cases, (firsts, seconds), VERDICT[1:])


def auditor_code_agreement(part: Part) -> dict[str, Metric]:
    """Whether both reviews end at the same codes: percent, and Krippendorff's alpha over code sets."""
    twice = _twice(part)
    if not twice:
        return {}
    firsts, seconds = _labels(twice, lambda each: each.code_set)
    alike = [(case, one == other) for (case, _), one, other in zip(twice, firsts, seconds, strict=True)]
    percent = claim_share(_of_share(part), CODES[0], _LABEL, alike)
    return {CODES[0]: percent, CODES[1]: _alpha(part, percent, (firsts, seconds))}


def two_phase_rate(part: Part) -> dict[str, Metric]:
    """The claim error rate with the auditors' own errors carried along: first reviews corrected by settled ones."""
    cases = [case for case in part.scored() if case.stage_score() is not None]
    settled = [_settled(case) for case in cases]
    counted = sum(each is not None for each in settled)
    populations = {part.populations.get(stratum_of(case)) for case in cases}
    population = populations.pop() if len(populations) == 1 else None
    if not counted or not part.whole_strata or population is None:
        return {}
    empty = row(part, TWO_PHASE, OWN, (sum(bool(each) for each in settled), counted, len(cases)))
    waiting = sum(case.pair is not None and case.pair.undecided for case in cases)
    if waiting or counted < 2:
        why = f"waits for {waiting} adjudications" if waiting else "waits for more second reviews"
        return {TWO_PHASE: replace(empty, method=why)}
    from auditor.stats import two_phase  # it takes a second to import, and most audits need it not

    found = two_phase.two_phase_rate(
        [float(_first(case)) for case in cases],
        [None if each is None else float(each) for each in settled],
        population=population,
        confidence=part.confidence,
    )
    method = f"{found.method}, {found.reported}"
    estimated = replace(with_interval(empty, found, part), method=method)
    return {TWO_PHASE: estimated if counted >= LEAST_CLAIMS else replace(estimated, state=MetricState.TOO_FEW)}


def anchoring(part: Part) -> dict[str, Metric]:
    """The error rate found on blind cases less that found on shown ones: above 0 where seeing codes hides errors."""
    if len({case.blind for case in part.cases}) < 2:
        return {}
    blind, shown = (_error_rate(part, blind=each) for each in (True, False))
    empty = row(part, ANCHORING, OWN, (None, None, blind.n + shown.n))
    return {ANCHORING: difference(empty, blind, shown)}


def _error_rate(part: Part, *, blind: bool) -> Metric:
    inside = replace(part, cases=[case for case in part.cases if case.blind is blind], whole_strata=False)
    scores = [(case, score) for case in inside.scored() if (score := case.stage_score())]
    return claim_share(inside, "claim_error_rate", OWN, [(case, score.is_error) for case, score in scores])


def _twice(part: Part) -> list[tuple[ScoredCase, OpinionPair]]:
    return [(case, case.pair) for case in part.cases if case.pair is not None]


def _of_share(part: Part) -> Part:
    """The share was chosen by chance among all drawn cases, so that each stands for as much as any of its stratum."""
    weights = {case.case_id: case.population / case.drawn for case in part.cases}
    return replace(part, whole_strata=False, complete=True, weights=weights)


def _labels(
    twice: Sequence[tuple[ScoredCase, OpinionPair]], of: Callable[[Opinion], Hashable]
) -> tuple[list[Hashable], list[Hashable]]:
    return [of(pair.first) for _, pair in twice], [of(pair.second) for _, pair in twice]


def _alpha(part: Part, percent: Metric, labels: tuple[Sequence[Hashable], Sequence[Hashable]]) -> Metric:
    from auditor.stats.code_sets import masi_distance
    from auditor.stats.krippendorff import krippendorff_alpha

    found = krippendorff_alpha(
        [list(pair) for pair in zip(*labels, strict=True)],
        distance=lambda one, other: masi_distance(cast(CodeSet, one), cast(CodeSet, other)),
        confidence=part.confidence,
    )
    counted = (percent.numerator, percent.denominator, percent.n)
    empty = row(part, CODES[1], _LABEL, counted, f"{found.basis.method} with MASI distance")
    if found.estimate is None:
        return empty
    state = MetricState.OK if percent.n >= LEAST_CLAIMS else MetricState.TOO_FEW
    return replace(empty, estimate=found.estimate, low=found.low, high=found.high, state=state)


def _settled(case: ScoredCase) -> bool | None:
    """The error verdict that both reviews, or an adjudication, came to; None where there was no second review."""
    if case.pair is None or case.pair.undecided:
        return None
    score = case.stage_score()
    return bool(score and score.is_error)


def _first(case: ScoredCase) -> bool:
    """The first reviewer's error verdict."""
    if case.pair is not None:
        return case.pair.first.in_error
    score = case.stage_score()
    return bool(score and score.is_error)
