"""Whether an audit may stop or must grow, from its findings in draw order. See `stats.sequential` for the bounds."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.domain.decisions import Decision, Step, Verdict
from auditor.services import extension_sizes
from auditor.services.extension_sizes import Growth
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.stats import sequential
from auditor.storage.audits import Audit

_MOST_STEPS = 24  # of a stratified audit, whose bounds are computed anew at each


@dataclass(frozen=True, kw_only=True)
class _Findings:
    """Outcomes in draw order (1 error, 0 clean, None not finished), their strata, and what is to be ruled out."""

    outcomes: Sequence[int | None]
    strata: Sequence[str]
    populations: dict[str, int]
    tolerable: Fraction
    anticipated: Fraction
    confidence: Fraction
    whole: bool
    growth: Growth


def decision(session: Session, audit: Audit, cases: Sequence[ScoredCase] | None = None) -> Decision | None:
    """The decision of a drawn audit whose plan names a tolerable rate; None where there is nothing to decide."""
    plan = audit.plan
    if audit.frame is None or plan.tolerable is None or not 0 < plan.tolerable < 1:
        return None
    every = scored_cases(session, [audit.id]) if cases is None else cases
    mine = _of_headline(every, plan.coding_source)
    if not mine:
        return None
    expected = plan.expected if plan.expected is not None and plan.expected < plan.tolerable else Fraction(0)
    found = _Findings(
        outcomes=[_outcome(case) for case in mine],
        strata=[case.stratum for case in mine],
        populations={case.stratum: case.population for case in mine},
        tolerable=plan.tolerable,
        anticipated=expected,
        confidence=plan.confidence,
        whole=plan.coding_source is not None or len(_arms(every)) == 1,
        growth=extension_sizes.growth(audit, every, mine),
    )
    return _simple(found) if len(found.populations) == 1 else _stratified(found)


def _arms(cases: Sequence[ScoredCase]) -> set[CodingSource]:
    return {case.arm for case in cases}


def _of_headline(cases: Sequence[ScoredCase], arm: CodingSource | None) -> list[ScoredCase]:
    """The cases of the arm that the audit's first sentence is about, as the report chooses it."""
    wanted = arm or CodingSource.AI
    return [case for case in cases if case.arm is wanted] or list(cases)


def _outcome(case: ScoredCase) -> int | None:
    score = case.stage_score()
    return None if score is None else int(score.is_error)


def _simple(found: _Findings) -> Decision:
    """One stratum: exact without replacement where the population is known, else as if drawn with replacement."""
    population = next(iter(found.populations.values())) if found.whole else None
    how: dict[str, Any] = {
        "tolerable": found.tolerable,
        "confidence": found.confidence,
        "population": population,
    }
    told = sequential.decision(found.outcomes, anticipated=found.anticipated, **how)
    upper = sequential.sequential_upper_limit(found.outcomes, anticipated=found.anticipated, **how)
    lower = sequential.sequential_lower_limit(found.outcomes, **how)
    rates = _rates(found.outcomes)
    steps = tuple(
        Step(cases=place, rate=rate, low=low, high=high)
        for place, (rate, low, high) in enumerate(zip(rates, lower.path, upper.path, strict=True), start=1)
    )
    more = told.clean_needed if found.whole or not told.clean_needed else _among_others(found, told.clean_needed)
    return _decided(found, Verdict(told.verdict), (told.lower, told.upper), more, steps)


def _among_others(found: _Findings, needed: int) -> int | None:
    """So many clean cases of one arm, where an extension brings those of the other arms along."""
    unfinished = sum(outcome is None for outcome in found.outcomes)
    wanted = len(found.outcomes) + needed - unfinished
    grows = extension_sizes.smallest(
        lambda more: sum(found.growth.joined(more).values()) >= wanted, most=found.growth.left
    )
    return None if grows is None else grows + unfinished


def _stratified(found: _Findings) -> Decision:
    n = len(found.outcomes)
    places = sorted({round(n * step / _MOST_STEPS) for step in range(1, _MOST_STEPS + 1)} - {0})
    rates = _rates(found.outcomes)
    steps: list[Step] = []
    for place in places:
        low, high = _stratified_limits(found, place)
        before = steps[-1] if steps else Step(cases=0, rate=None, low=0.0, high=1.0)
        steps.append(Step(cases=place, rate=rates[place - 1], low=max(low, before.low), high=min(high, before.high)))
    low, high = steps[-1].low, steps[-1].high
    verdict = Verdict.OPEN
    if high < found.tolerable:
        verdict = Verdict.ACCEPTABLE
    elif low >= found.tolerable:
        verdict = Verdict.EXCEEDED
    more = None if verdict is not Verdict.OPEN else _extension(found)
    return _decided(found, verdict, (low, high), more, tuple(steps))


def _extension(found: _Findings) -> int | None:
    """The cases that are not finished and those that the sample must grow by, all of them clean, to show the rate."""
    pairs = zip(found.strata, found.outcomes, strict=True)
    wrong: Mapping[Hashable, int] = Counter(name for name, outcome in pairs if outcome == 1)
    given: dict[str, Any] = {
        "populations": found.populations,
        "tolerable": found.tolerable,
        "anticipated": found.anticipated,
        "confidence": found.confidence,
    }

    def suffices(more: int) -> bool:
        return sequential.stratified_counts_limit(found.growth.joined(more), wrong, **given) < found.tolerable

    grows = extension_sizes.smallest(suffices, most=found.growth.left)
    return None if grows is None else grows + sum(outcome is None for outcome in found.outcomes)


def _stratified_limits(found: _Findings, n: int) -> tuple[float, float]:
    given: dict[str, Any] = {
        "strata": found.strata[:n],
        "populations": found.populations,
        "tolerable": found.tolerable,
        "confidence": found.confidence,
    }
    upper = sequential.stratified_upper_limit(found.outcomes[:n], anticipated=found.anticipated, **given)
    return sequential.stratified_lower_limit(found.outcomes[:n], **given).limit, upper.limit


def _decided(
    found: _Findings, verdict: Verdict, limits: tuple[float, float], more: int | None, steps: tuple[Step, ...]
) -> Decision:
    return Decision(
        verdict=verdict,
        tolerable=float(found.tolerable),
        confidence=float(found.confidence),
        low=limits[0],
        high=limits[1],
        drawn=len(found.outcomes),
        finished=sum(outcome is not None for outcome in found.outcomes),
        errors=sum(outcome == 1 for outcome in found.outcomes),
        more=more,
        best=_weighted(found, unfinished=0),
        worst=_weighted(found, unfinished=1),
        steps=steps,
    )


def _weighted(found: _Findings, *, unfinished: int) -> float:
    """The rate of the frame by strata when each case that is not finished counts as clean, or as an error."""
    drawn, wrong = Counter(found.strata), Counter[str]()
    for stratum, outcome in zip(found.strata, found.outcomes, strict=True):
        wrong[stratum] += unfinished if outcome is None else outcome
    whole = sum(found.populations.values())
    return sum(wrong[name] / drawn[name] * size for name, size in found.populations.items()) / whole


def _rates(outcomes: Sequence[int | None]) -> list[float | None]:
    """The share of errors among those finished so far, after each case."""
    rates: list[float | None] = []
    finished = errors = 0
    for outcome in outcomes:
        finished += outcome is not None
        errors += outcome == 1
        rates.append(errors / finished if finished else None)
    return rates
