"""What a sample size buys: how precise, how likely to catch what must be ruled out, how many hours and dollars."""

import math
from dataclasses import dataclass
from fractions import Fraction

from auditor.domain.plans import Objective, SizingQuestion
from auditor.errors import BadInput
from auditor.reports import figures
from auditor.services.effort import Effort
from auditor.stats import checks, finite_population, proportion
from auditor.stats.tails import binomial_tail, hypergeometric_tail

_SIZES = (10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000)
_MOST_MULTIPLES = 4
_LEAST_MULTIPLES = 8
LARGEST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The rates that a size is asked about, the population (None: very large), and what an hour of work costs.

    `named` says that somebody named `tolerable` as such; else it is a rate to be detected and no mark to come below.
    """

    tolerable: Fraction
    expected: Fraction
    confidence: Fraction
    population: int | None
    effort: Effort
    hour_cents: int
    named: bool = True


@dataclass(frozen=True, kw_only=True)
class Bought:
    """What one size buys.

    `half_width` is half of the exact interval when the expected share is found; `ruled_out` the highest error rate
    that a clean sample leaves possible; `chance_to_detect` the chance of at least one error where the tolerable share
    is in error.
    """

    sample_size: int
    half_width: float
    ruled_out: float
    chance_to_detect: float
    hours: float
    cost_cents: int


def asked_of(question: SizingQuestion, effort: Effort, *, population: int | None, hour_cents: int) -> WhatIf:
    """The same rates as a plan's; without a tolerable one the expected is asked about, or 5 % and a fifth."""
    tolerable = question.tolerable or question.expected or Fraction(1, 20)
    return WhatIf(
        tolerable=min(tolerable, Fraction(1, 2)),
        expected=tolerable / 5 if question.expected is None else question.expected,
        confidence=question.confidence,
        population=population,
        effort=effort,
        hour_cents=hour_cents,
        named=question.tolerable is not None,
    )


def why_wider(question: SizingQuestion, meant: Bought) -> str | None:
    """Why the interval of a plan's own size is wider than the precision that it was asked for; None if it is not."""
    half = question.half_width
    if question.objective is not Objective.PRECISION or half is None or question.size or meant.half_width <= half:
        return None
    planned, exact = figures.percent(float(half)), f"±{figures.NO_BREAK}{figures.percent(meant.half_width)}"
    return (
        f"the size is calculated to within {planned} by the normal approximation; the exact interval, which reports"
        f" give, comes to {exact} where the expected share is found"
    )


def bought(asked: WhatIf, sample_size: int) -> Bought:
    """What so many units buy; no more than there are. BadInput for a rate or a size that cannot be."""
    _refuse(asked, sample_size)
    n = sample_size if asked.population is None else min(sample_size, asked.population)
    hours = n * asked.effort.minutes / 60
    low, high, clean = _limits(asked, n)
    return Bought(
        sample_size=n,
        half_width=(high - low) / 2,
        ruled_out=clean,
        chance_to_detect=1 - _chance_of_none(asked, n),
        hours=hours,
        cost_cents=round(hours * asked.hour_cents),
    )


def around(asked: WhatIf, chosen: int) -> list[Bought]:
    """Sizes around the chosen one, and that one among them, smallest first."""
    most = min(asked.population or LARGEST, LARGEST)
    near = {n for n in _SIZES if chosen / _LEAST_MULTIPLES <= n <= chosen * _MOST_MULTIPLES and n < most}
    return [bought(asked, n) for n in sorted(near | {min(chosen, most)})]


def _limits(asked: WhatIf, n: int) -> tuple[float, float, float]:
    """Both ends of the interval at the expected count, and the upper limit after a clean sample."""
    errors, sure = math.ceil(asked.expected * n), asked.confidence
    if asked.population is None:
        span = proportion.clopper_pearson(errors, n, confidence=sure)
        return span.low, span.high, proportion.upper_limit(0, n, confidence=sure).limit
    exact = finite_population.exact_interval(errors, n, asked.population, confidence=sure)
    clean = finite_population.upper_limit(0, n, asked.population, confidence=sure).limit
    return exact.low, exact.high, clean


def _chance_of_none(asked: WhatIf, n: int) -> float:
    """The chance of a clean sample where the tolerable share is in error."""
    if asked.population is None:
        return binomial_tail(0, n, asked.tolerable)
    return hypergeometric_tail(0, n, math.ceil(asked.tolerable * asked.population), asked.population)


def _refuse(asked: WhatIf, sample_size: int) -> None:
    checks.open_rate(asked.tolerable, "tolerable")
    checks.rate(asked.expected, "expected")
    checks.open_rate(asked.confidence, "confidence")
    if not 1 <= sample_size <= LARGEST:
        raise BadInput(f"the size lies between 1 and {LARGEST:,}")
    if asked.population is not None and not asked.population >= 1:
        raise BadInput("there must be at least one claim to draw from")
