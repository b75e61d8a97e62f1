"""Does a stated probability of .9 mean right nine times in ten?

Brier score, reliability bins with exact limits, calibration error beside what a calibrated model would
show, and tests. It does not know what the probabilities are about; outcomes that hang together make its
tests too keen.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_binary, require_number
from auditor.stats.clustered_share import share_of_sums

_EDGE = 1e-9
"""Probabilities are held this far from 0 and 1 where a logarithm is taken."""


@dataclass(frozen=True, slots=True)
class BrierScore:
    """Mean squared error of the probabilities with its interval, and the share of a know-nothing's error
    that is saved.

    `skill` is None where all outcomes are alike; `clusters` is the number of what varies independently.
    """

    estimate: float
    low: float
    high: float
    skill: float | None
    n: int
    clusters: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Outcomes whose probability lies in [`start`, `end`): their number, mean probability, share right,
    exact limits."""

    start: float
    end: float
    n: int
    right: int
    stated: float
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """Mean distance of stated and true shares over bins (`estimate`), beside what a calibrated model would
    show."""

    estimate: float
    expected: float
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class CalibrationTest:
    """Tests that the probabilities are right, and how they are wrong if not.

    `gap` is the share right minus the mean probability, with its interval; `z` and `p_value`
    Spiegelhalter's; `intercept` and `slope` are Cox's (0 and 1 when calibrated; slope below 1: too sure),
    with their likelihood-ratio p-value; None where the outcomes leave them without limit.
    """

    gap: float
    gap_low: float
    gap_high: float
    z: float
    p_value: float
    intercept: float | None
    slope: float | None
    cox_p_value: float | None
    n: int
    confidence: float


def _pairs(outcomes: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    right, stated = require_binary(outcomes, "outcomes"), require_array(probabilities, "probabilities", low=0, high=1)
    if right.size != stated.size or right.size == 0:
        raise BadInput("probabilities must be as many as outcomes, one at least.")
    return right.astype(np.float64), stated


def brier_score(
    outcomes: ArrayLike,
    probabilities: ArrayLike,
    *,
    confidence: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> BrierScore:
    """Mean squared difference of probability and outcome (1 right, 0 wrong), from 0 (perfect) to 1.

    `probabilities` in [0, 1], one an outcome; outcomes of one cluster (claim, provider) stay together. The
    interval is Clopper-Pearson's at the effective number of outcomes, which is safe for scores bounded by 0
    and 1. Raises BadInput outside these ranges. **Assumes that outcomes, or `clusters` of them, are an
    independent random sample.** Brier (1950), Monthly Weather Review 78, 1-3; interval: Korn and Graubard
    (1998), Survey Methodology 24, 193-201.

    >>> round(brier_score([1, 1, 0, 1], [0.9, 0.8, 0.3, 0.6]).estimate, 4)
    0.075
    """
    right, stated = _pairs(outcomes, probabilities)
    require_number(confidence, "confidence", above=0, below=1)
    squares, plain = (right - stated) ** 2, float(right.var())
    score = float(squares.mean())
    limits = share_of_sums("Brier score", squares, np.ones(right.size), clusters=clusters, confidence=confidence)
    low, high = (score if end is None else end for end in (limits.low, limits.high))
    skill = 1 - score / plain if plain > 0 else None
    return BrierScore(score, low, high, skill, right.size, limits.clusters, confidence)


def reliability_bins(
    outcomes: ArrayLike, probabilities: ArrayLike, *, bins: int = 10, confidence: float = 0.95
) -> tuple[ReliabilityBin, ...]:
    """Share right by stated probability, in `bins` (1 to 1000) of equal width with Clopper-Pearson limits;
    none empty.

    Raises BadInput outside these ranges. **Assumes independent outcomes; the limits are for each bin, not
    for all at once.** DeGroot and Fienberg (1983), The Statistician 32, 12-22; Clopper and Pearson (1934),
    Biometrika 26, 404-413.

    >>> [(each.n, each.right) for each in reliability_bins([1, 1, 0, 1], [0.9, 0.95, 0.3, 1.0])]
    [(1, 0), (3, 3)]
    """
    right, stated = _pairs(outcomes, probabilities)
    tail = (1 - require_number(confidence, "confidence", above=0, below=1)) / 2
    if not 1 <= bins <= 1000:
        raise BadInput(f"bins must be from 1 to 1000; got {bins}.")
    place = np.minimum((stated * bins + 1e-9).astype(np.int64), bins - 1)
    n, hits, sums = (np.bincount(place, weights=each, minlength=bins) for each in (None, right, stated))
    some = n > 0
    low = np.where(hits > 0, special.betaincinv(np.maximum(hits, 0.5), n - hits + 1, tail), 0.0)
    high = np.where(hits < n, special.betaincinv(hits + 1, np.maximum(n - hits, 0.5), 1 - tail), 1.0)
    return tuple(
        ReliabilityBin(
            start=each / bins,
            end=(each + 1) / bins,
            n=int(n[each]),
            right=int(hits[each]),
            stated=float(sums[each] / n[each]),
            estimate=float(hits[each] / n[each]),
            low=float(low[each]),
            high=float(high[each]),
        )
        for each in np.flatnonzero(some).tolist()
    )


def _mean_deviation(n: int, share: float) -> float:
    """Mean absolute deviation of a binomial share, by de Moivre's closed form."""
    if not 0 < share < 1:
        return 0.0
    most = np.floor(n * share)
    return float(2 * (most + 1) * (1 - share) * stats.binom.pmf(most + 1, n, share) / n) if most < n else 0.0


def calibration_error(outcomes: ArrayLike, probabilities: ArrayLike, *, bins: int = 10) -> CalibrationError:
    """Expected calibration error: distance of share right and mean probability, averaged over bins by their
    size.

    It is above 0 for a calibrated model too: `expected` says by how much, at these sizes (binomial in each
    bin, a little too large where probabilities differ within a bin). Arguments as `reliability_bins`.
    **Assumes independent outcomes.** Naeini, Cooper and Hauskrecht (2015), AAAI, 2901-2907; Diaconis and
    Zabell (1991), Statistical Science 6, 284-302.

    >>> found = calibration_error([1, 1, 1, 0] * 10, [0.75] * 40)
    >>> found.estimate, round(found.expected, 3)
    (0.0, 0.054)
    """
    shown = reliability_bins(outcomes, probabilities, bins=bins)
    whole = sum(each.n for each in shown)
    estimate = sum(each.n * abs(each.estimate - each.stated) for each in shown) / whole
    expected = sum(each.n * _mean_deviation(each.n, each.stated) for each in shown) / whole
    return CalibrationError(estimate, expected, shown)


def calibration_test(outcomes: ArrayLike, probabilities: ArrayLike, *, confidence: float = 0.95) -> CalibrationTest:
    """Are the probabilities right? Overall gap, Spiegelhalter's z, Cox's intercept and slope.

    `outcomes` 1 right, 0 wrong; `probabilities` in [0, 1]; an outcome that was called impossible makes z
    infinite. Raises BadInput outside these ranges. **Assumes independent outcomes and probabilities that
    were stated beforehand.** Spiegelhalter (1986), Statistics in Medicine 5, 421-433; Cox (1958),
    Biometrika 45, 562-565.

    >>> random = np.random.default_rng(1)
    >>> stated = random.uniform(0.5, 1, 2_000)
    >>> sound = calibration_test(random.random(2_000) < stated, stated)
    >>> too_sure = calibration_test(random.random(2_000) < 0.25 + stated / 2, stated)
    >>> sound.p_value > 0.05, too_sure.p_value < 0.001, too_sure.slope < 0.7
    (True, True, True)
    """
    right, stated = _pairs(outcomes, probabilities)
    level = special.ndtri((1 + require_number(confidence, "confidence", above=0, below=1)) / 2)
    variance = stated * (1 - stated)
    gap, reach = float((right - stated).mean()), float(level * np.sqrt(variance.sum()) / right.size)
    surprise = float(((right - stated) * (1 - 2 * stated)).sum())
    spread = float(np.sqrt(((1 - 2 * stated) ** 2 * variance).sum()))
    z = surprise / spread if spread > 0 else float(np.sign(surprise) * np.inf) if surprise else 0.0
    intercept, slope, cox = _cox(right, stated)
    p_value = float(2 * special.ndtr(-abs(z)))
    return CalibrationTest(gap, gap - reach, gap + reach, z, p_value, intercept, slope, cox, right.size, confidence)


def _cox(right: Floats, stated: Floats) -> tuple[float | None, float | None, float | None]:
    """Logistic regression of the outcome on the stated log-odds, by Newton steps; None where it has no
    finite fit."""
    odds = special.logit(np.clip(stated, _EDGE, 1 - _EDGE))
    if right.min() == right.max() or np.ptp(odds) < 1e-9:
        return None, None, None
    design = np.column_stack([np.ones(odds.size), odds])
    fit = np.array([0.0, 1.0])
    for _ in range(60):
        fitted = special.expit(design @ fit)
        hessian = design.T @ (design * (fitted * (1 - fitted))[:, None])
        if not np.isfinite(hessian).all() or np.linalg.cond(hessian) > 1e14:
            return None, None, None
        step = np.linalg.solve(hessian, design.T @ (right - fitted))
        fit = fit + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-10:
            gain = _log_likelihood(right, design @ fit) - _log_likelihood(right, odds)
            return float(fit[0]), float(fit[1]), float(stats.chi2.sf(max(0.0, 2 * gain), 2))
    return None, None, None


def _log_likelihood(right: Floats, odds: Floats) -> float:
    return float((right * odds - np.logaddexp(0, odds)).sum())
