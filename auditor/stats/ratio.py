"""Rates whose units come in bunches: codes of a claim, dollars of a claim, claims of a provider, with weights.

A claim's codes are not independent, so claims are the units and a rate is a ratio of two sums over claims. Where
every claim's numerator lies between 0 and its denominator, the interval is exact for an effective sample size
(Korn & Graubard), so that no errors never means no doubt. Does not know what is counted.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.design import Design, design
from auditor.stats.proportion import beta_high, beta_low
from auditor.stats.results import Basis, Interval

_ASSUMPTIONS = (
    "claims are drawn independently within strata, each with probability in proportion to 1 / weight",
    "enough claims for the variance between them to be seen",
)
_LINEARISED = Basis(
    method="clustered ratio, linearised",
    formula="R = sum wy / sum wx; Var = sum_h (1 - n_h/N_h) n_h/(n_h-1) sum (z - mean z)^2, z = w(y - Rx)/sum wx",
    assumptions=_ASSUMPTIONS,
    source="Cochran 1977, 6.5 and 11; Korn & Graubard 1998, Survey Methodology 24: 193-201",
    convention="beta interval at the effective sample size where 0 <= y <= x, else t with n - H",
)
_JACKKNIFE = Basis(
    method="clustered ratio, jackknife",
    formula="Var = sum_h (1 - n_h/N_h) (n_h-1)/n_h sum (R without claim - R)^2",
    assumptions=_ASSUMPTIONS,
    source="Rust & Rao 1996, doi:10.1177/096228029600500305",
    convention=_LINEARISED.convention,
)
_KORN_GRAUBARD = Basis(
    method="Korn-Graubard",
    formula="Clopper-Pearson at n* = p(1-p)/Var(p) (t_{n-1}/t_df)^2 units with n* p errors",
    assumptions=_ASSUMPTIONS,
    source="Korn & Graubard 1998, Survey Methodology 24: 193-201",
    convention="without errors n* is Kish's effective number of clusters",
)


def clustered_ratio(
    numerators: Iterable[float],
    denominators: Iterable[float],
    *,
    weights: Iterable[float] | None = None,
    strata: Sequence[Hashable] | None = None,
    populations: int | Mapping[Hashable, int] | None = None,
    confidence: Rate,
) -> Interval:
    """A ratio of two sums over claims, with a linearised standard error.

    numerators, denominators: one number a claim (codes in error and codes; cents in error and cents), denominators
    at least 0. weights: above 0, one a claim; by default N_h / n_h, or equal. strata: the stratum of each claim.
    populations: claims in the frame, a number or one for each stratum, for the finite population correction.
    confidence: in (0, 1). Raises BadInput. A stratum with one claim is centred on the whole and warned of.
    **Assumes claims drawn independently within strata.** Cochran 1977, 6.5; Korn & Graubard 1998.

    >>> found = clustered_ratio([0, 1, 0, 2, 0], [3, 4, 2, 5, 1], confidence=0.95)
    >>> found.estimate, round(found.standard_error, 4)
    (0.2, 0.0943)
    """
    plan, y, x = _prepared(numerators, denominators, weights, strata, populations)
    ratio = float(y.sum() / x.sum())
    variance = plan.variance((y - ratio * x) / x.sum())
    return _interval(_LINEARISED, plan, (y, x), variance, confidence)


def jackknife_ratio(
    numerators: Iterable[float],
    denominators: Iterable[float],
    *,
    weights: Iterable[float] | None = None,
    strata: Sequence[Hashable] | None = None,
    populations: int | Mapping[Hashable, int] | None = None,
    confidence: Rate,
) -> Interval:
    """A ratio of two sums over claims, with the standard error of leaving out one claim at a time.

    Parameters as in `clustered_ratio`. Raises BadInput, also where one claim carries the whole denominator.
    **Assumes claims drawn independently within strata.** Rust & Rao 1996.

    >>> found = jackknife_ratio([0, 1, 0, 2, 0], [3, 4, 2, 5, 1], confidence=0.95)
    >>> found.estimate, round(found.standard_error, 4)
    (0.2, 0.1058)
    """
    plan, y, x = _prepared(numerators, denominators, weights, strata, populations)
    ratio = float(y.sum() / x.sum())
    left_x = plan.without_each(x)
    if left_x.min() <= 0:
        raise BadInput("denominators: one claim carries all of them; a jackknife needs at least two.")
    gaps = plan.without_each(y) / left_x - ratio
    return _interval(_JACKKNIFE, plan, (y, x), plan.jackknife_variance(gaps), confidence)


def korn_graubard(
    outcomes: Iterable[float],
    *,
    weights: Iterable[float] | None = None,
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    populations: int | Mapping[Hashable, int] | None = None,
    confidence: Rate,
) -> Interval:
    """A weighted proportion: the exact interval at the sample size that the design is worth.

    outcomes: 0 or 1 a unit (true or false). weights: above 0, one a unit. clusters: the cluster of each unit, each
    within one stratum. strata: the stratum of each unit. populations: clusters (units, where none are named) in the
    frame, a number or one for each stratum. confidence: in (0, 1). Raises BadInput.
    **Assumes clusters drawn independently within strata.** Korn & Graubard 1998.

    >>> found = korn_graubard([0, 0, 1, 0, 0, 0], weights=[1, 1, 1, 2, 2, 2], confidence=0.95)
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.1111, 0.0011, 0.5483)
    """
    seen = checks.numbers(outcomes, "outcomes", least=0)
    if not np.isin(seen, (0.0, 1.0)).all():
        raise BadInput("outcomes must be 0 or 1 for each unit.")
    names = list(range(seen.size)) if clusters is None else list(clusters)
    groups = ["all"] * seen.size if strata is None else list(strata)
    plan = design(names, groups, _each(weights, seen.size), populations)
    y, x = plan.totals(seen), plan.totals(np.ones(seen.size))
    variance = plan.variance((y - y.sum() / x.sum() * x) / x.sum())
    return _interval(_KORN_GRAUBARD, plan, (y, x), variance, confidence)


def _prepared(
    numerators: Iterable[float],
    denominators: Iterable[float],
    weights: Iterable[float] | None,
    strata: Sequence[Hashable] | None,
    populations: int | Mapping[Hashable, int] | None,
) -> tuple[Design, Floats, Floats]:
    """The design and the weighted numerators and denominators of its claims."""
    below = checks.numbers(denominators, "denominators", least=0)
    above = checks.numbers(numerators, "numerators", length=below.size)
    if below.sum() == 0:
        raise BadInput("denominators add up to 0: nothing was scored, so there is no rate.")
    groups = ["all"] * below.size if strata is None else list(strata)
    plan = design(list(range(below.size)), groups, _each(weights, below.size), populations)
    return plan, plan.totals(above), plan.totals(below)


def _each(weights: Iterable[float] | None, length: int) -> Floats | None:
    if weights is None:
        return None
    column = checks.numbers(weights, "weights", length=length)
    if column.min() <= 0:
        raise BadInput("weights must be above 0; leave out units that stand for none.")
    return column


def _interval(basis: Basis, plan: Design, sums: tuple[Floats, Floats], variance: float, confidence: Rate) -> Interval:
    y, x = sums
    ratio, alpha = float(y.sum() / x.sum()), float(checks.risk(confidence))
    if ((y >= 0) & (y <= x * (1 + 1e-12))).all():
        low, high = _beta_limits(plan, x, min(1.0, ratio), variance, alpha)
    else:
        half = -float(special.stdtrit(plan.degrees_of_freedom, alpha / 2)) * variance**0.5
        low, high = ratio - half, ratio + half
    inputs = {"units": plan.units, "clusters": len(y), "strata": plan.strata, "confidence": 1 - alpha}
    return Interval(
        basis=basis,
        inputs=inputs,
        warnings=plan.warnings,
        low=low,
        high=high,
        estimate=ratio,
        confidence=1 - alpha,
        n=plan.units,
        standard_error=variance**0.5,
    )


def _beta_limits(plan: Design, x: Floats, ratio: float, variance: float, alpha: float) -> tuple[float, float]:
    """Clopper-Pearson limits at the effective sample size; a frame looked at as a whole leaves no doubt."""
    if plan.complete:
        return ratio, ratio
    at_least = float(x.sum() ** 2 / (x**2).sum())
    return effective_limits(
        ratio, variance, alpha, at_least=at_least, freedom=(plan.units - 1, plan.degrees_of_freedom)
    )


def effective_limits(
    ratio: float, variance: float, alpha: float, *, at_least: float, freedom: tuple[int, int]
) -> tuple[float, float]:
    """Clopper-Pearson limits at ratio (1 - ratio) / variance units, fewer where few clusters tell that variance.

    `at_least` units where nothing varies; `freedom` of units and of clusters. Korn & Graubard 1998.
    """
    spread = ratio * (1 - ratio)
    size = at_least if variance <= 1e-15 * max(spread, 1e-300) or spread <= 0 else spread / variance
    units, clusters = freedom
    if units > 0:
        size *= float(special.stdtrit(units, alpha / 2) / special.stdtrit(clusters, alpha / 2)) ** 2
    return beta_low(size * ratio, size, alpha / 2), beta_high(size * ratio, size, alpha / 2)
