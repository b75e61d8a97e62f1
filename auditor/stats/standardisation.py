"""Drift or case mix? A rate as it would be under a standard mix of strata, and one arm's change against
another's.

It takes counts by stratum (specialty, payer, place of service) and does not know which stratum is which.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_counts, require_number, require_shares


@dataclass(frozen=True, slots=True)
class StandardisedRate:
    """A directly standardised rate with its interval, beside the crude one."""

    estimate: float
    low: float
    high: float
    crude: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ArmContrast:
    """By how much more one arm's rate has changed than the other's: ratio of rate ratios, one entry a
    code."""

    estimate: Floats
    low: Floats
    high: Floats
    p_value: Floats
    confidence: float


def standardised_rate(
    counts: ArrayLike, totals: ArrayLike, *, standard: ArrayLike, confidence: float = 0.95
) -> StandardisedRate:
    """The rate of `counts` in `totals`, one pair a stratum, if strata had the shares of `standard`.

    Counts 0 or more, totals above 0, `standard` positive shares that add up to 1. Gamma limits, which are
    exact with one stratum and hold with few counts. Raises BadInput outside these ranges. **Assumes Poisson
    counts, independent between strata.** Fay and Feuer (1997), Statistics in Medicine 16, 791-801.

    >>> rate = standardised_rate([5, 40], [1_000, 1_000], standard=[0.8, 0.2])
    >>> round(rate.estimate, 4), round(rate.crude, 4), round(rate.low, 4), round(rate.high, 4)
    (0.012, 0.0225, 0.0081, 0.0178)
    """
    found, size = require_counts(counts, "counts"), require_array(totals, "totals", low=0)
    if found.size != size.size or (size == 0).any():
        raise BadInput("totals must be above 0, one for each of the counts.")
    weight = require_shares(standard, "standard", size=found.size) / size
    tail = (1 - require_number(confidence, "confidence", above=0, below=1)) / 2
    rate, variance, most = float(weight @ found), float(weight**2 @ found), float(weight.max())
    low = variance / (2 * rate) * stats.chi2.ppf(tail, 2 * rate**2 / variance) if rate > 0 else 0.0
    above, wide = rate + most, variance + most**2
    high = wide / (2 * above) * stats.chi2.ppf(1 - tail, 2 * above**2 / wide)
    return StandardisedRate(rate, float(low), float(high), float(found.sum() / size.sum()), confidence)


def arm_contrast(
    now: tuple[ArrayLike, ArrayLike],
    before: tuple[ArrayLike, ArrayLike],
    *,
    control_now: tuple[ArrayLike, ArrayLike],
    control_before: tuple[ArrayLike, ArrayLike],
    confidence: float = 0.95,
    design_effect: ArrayLike = 1.0,
) -> ArmContrast:
    """How much more the rate has changed in one arm (AI) than in the control arm (people), over the same
    periods.

    Each argument is a pair of counts and totals, one entry a code; half a count is added to each so that
    none is without limit. 1 means that both arms moved alike: mix or guideline, not the arm.
    `design_effect` is 1 or more. Raises BadInput outside these ranges. **Assumes Poisson counts,
    overdispersed by the design effect at most; an approximation by logarithms.** Woolf (1955), Annals of
    Human Genetics 19, 251-253; Haldane (1956), same, 20, 309-311.

    >>> both = arm_contrast((80, 1_000), (40, 1_000), control_now=(84, 1_000), control_before=(40, 1_000))
    >>> both.estimate.round(2).tolist(), both.p_value.round(2).tolist()
    ([0.95], [0.86])
    """
    confidence = require_number(confidence, "confidence", above=0, below=1)
    names = ("now", "before", "control_now", "control_before")
    logs, variance = [], np.zeros(1)
    for name, pair in zip(names, (now, before, control_now, control_before), strict=True):
        found = require_counts(np.atleast_1d(np.asarray(pair[0])), name)
        size = require_array(np.atleast_1d(np.asarray(pair[1])), name, low=0)
        if (size == 0).any() or size.size not in (1, found.size):
            raise BadInput(f"{name} must be counts and totals above 0, one pair a code.")
        logs.append(np.log((found + 0.5) / size))
        variance = variance + 1 / (found + 0.5)
    effect = require_array(np.atleast_1d(np.asarray(design_effect)), "design_effect", low=1)
    error = np.sqrt(variance * effect)
    contrast = (logs[0] - logs[1]) - (logs[2] - logs[3])
    reach = float(special.ndtri((1 + confidence) / 2)) * error
    p_value = 2 * special.ndtr(-np.abs(contrast / error))
    return ArmContrast(np.exp(contrast), np.exp(contrast - reach), np.exp(contrast + reach), p_value, confidence)
