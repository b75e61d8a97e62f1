"""Bets against too many errors: mixtures of likelihood ratios for 0/1 findings. Stops nothing.

Betting on the mean of a finite population drawn without replacement multiplies a capital by
`1 + bet * (m_t - x_t)`, with `m_t = (N m - S_{t-1}) / (N - t + 1)` the mean of what is left if the tested rate m is
true (Waudby-Smith and Ramdas 2024, section 5). For findings of 0 and 1 a bet against m is a likelihood ratio: staking
`(m_t - p_t) / (m_t (1 - m_t))` where p_t belongs to an alternative of K_j errors turns the product into
`P(S errors in t draws | K_j) / P(S errors in t draws | K)`. The capital then depends on (t, S) alone, not on the
order, falls when a clean finding is replaced by an error, and is the same function for every K tested. A weighted sum
over alternatives below K (an alternative at or above K bets nothing) starts at 1 and is a martingale under K and a
supermartingale under every larger number of errors. In K it falls and then rises: all terms carry the same
denominator. So the numbers of errors that it excludes are all those above some limit, which bisection finds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp, xlog1py, xlogy

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ANTICIPATED_SHARE = 0.80  # of the capital on the anticipated rate
BELOW_SHARE = 0.16  # on other rates below the tolerable one: what a mistaken anticipation falls back on
# the rest on rates above it, for a limit that stays useful when the tolerable rate is exceeded
STEP_IN_LOG_ODDS = 0.45  # between neighbouring alternatives
STEPS_BELOW = 5
HIGHEST_RATE = 0.98


@dataclass(frozen=True, slots=True)
class Bets:
    """Alternatives that capital is staked on, as rates, with the share of the capital on each."""

    rates: tuple[float, ...]
    shares: tuple[float, ...]
    tolerable: Fraction

    def counts(self, population: int) -> Integers:
        """Errors in the population under each alternative; one below the tolerable rate stays below it."""
        tolerable = errors_at(self.tolerable, population)
        rounded = np.rint(np.array(self.rates) * population).astype(np.int64)
        below = np.array(self.rates) < float(self.tolerable)
        capped: Integers = np.where(below, np.minimum(rounded, max(tolerable - 1, 0)), rounded)
        return capped

    def mirrored(self) -> "Bets":
        """The same alternatives told as rates of clean cases."""
        return Bets(tuple(1 - rate for rate in self.rates), self.shares, 1 - self.tolerable)


def errors_at(rate: Fraction, population: int) -> int:
    """The smallest number of errors that makes at least this rate."""
    return -(-rate.numerator * population // rate.denominator)


def tuned_bets(tolerable: Fraction, anticipated: Fraction) -> Bets:
    """Bets against `tolerable` that grow fastest when the true rate is `anticipated`, and grow under any below it."""
    below, above = _ladder(float(tolerable))
    rest = 1 - ANTICIPATED_SHARE - BELOW_SHARE
    shares = [ANTICIPATED_SHARE, *_spread(BELOW_SHARE, len(below)), *_spread(rest, len(above))]
    return Bets((float(anticipated), *below, *above), tuple(shares), tolerable)


def even_bets(tolerable: Fraction) -> Bets:
    """The same capital on every alternative of the ladder around `tolerable`."""
    below, above = _ladder(float(tolerable))
    rates = (*below, *above)
    return Bets(rates, tuple(_spread(1.0, len(rates))), tolerable)


def _spread(capital: float, places: int) -> list[float]:
    return [capital / places] * places


def _ladder(tolerable: float) -> tuple[list[float], list[float]]:
    centre = np.log(tolerable / (1 - tolerable))
    top = max(np.log(HIGHEST_RATE / (1 - HIGHEST_RATE)), centre + STEP_IN_LOG_ODDS)
    steps = np.arange(-STEPS_BELOW, int((top - centre) / STEP_IN_LOG_ODDS) + 1)
    odds = np.exp(centre + STEP_IN_LOG_ODDS * steps)
    rates = odds / (1 + odds)
    return rates[:STEPS_BELOW].tolist(), [tolerable, *rates[STEPS_BELOW + 1 :].tolist()]


def log_likelihood(of: Floats | Integers, draws: Integers, errors: Integers, population: int | None) -> Floats:
    """Log probability of `errors` in `draws` of `of` errors (or at rate `of`), without the terms that all share."""
    if population is None:
        return np.asarray(xlogy(errors, of) + xlog1py(draws - errors, -of), dtype=np.float64)
    left, clean_left = of - errors, population - of - (draws - errors)
    possible = (left >= 0) & (clean_left >= 0)
    value = (
        gammaln(of + 1.0)
        - gammaln(np.maximum(left, 0) + 1.0)
        + gammaln(population - of + 1.0)
        - gammaln(np.maximum(clean_left, 0) + 1.0)
    )
    return np.where(possible, value, -np.inf)


class Capital:
    """The log capital at given (draws, errors) as a function of the tested number of errors, or rate."""

    def __init__(self, bets: Bets, draws: Integers, errors: Integers, population: int | None) -> None:
        self._draws, self._errors, self._population = draws, errors, population
        rates = np.array(bets.rates) if population is None else bets.counts(population)
        self._alternatives = rates.reshape((-1,) + (1,) * draws.ndim)
        self._shares = np.log(np.array(bets.shares)).reshape(self._alternatives.shape)
        self._numerators = log_likelihood(self._alternatives, draws, errors, population)

    def log_against(self, tested: Floats | Integers) -> Floats:
        """Log capital of the bets against `tested` or more; infinite where the clean cases already rule it out."""
        denominator = log_likelihood(tested, self._draws, self._errors, self._population)
        too_few = self._errors > tested if self._population is not None else (self._errors > 0) & (tested <= 0)
        with np.errstate(invalid="ignore"):
            ratio = np.where(self._alternatives < tested, self._numerators - denominator, 0.0)
            grown = logsumexp(ratio + self._shares, axis=0)
        ruled_out = np.isneginf(denominator)
        return np.where(too_few, -np.inf, np.where(ruled_out, np.inf, grown))


def largest_open(
    bets: Bets, draws: Integers, errors: Integers, *, population: int | None, threshold: float
) -> Floats:
    """The largest error rate whose bets have not reached `threshold` (a log), for each pair of draws and errors."""
    capital = Capital(bets, draws, errors, population)
    if population is not None:
        return _bisect_counts(capital.log_against, draws, errors, population, threshold) / population
    low = np.where(draws > 0, errors / np.maximum(draws, 1), 0.0)
    high = np.ones(draws.shape)
    for _ in range(50):
        middle = (low + high) / 2
        open_still = capital.log_against(middle) < threshold
        low, high = np.where(open_still, middle, low), np.where(open_still, high, middle)
    return high


def _bisect_counts(
    log_against: Callable[[Integers], Floats],
    draws: Integers,
    errors: Integers,
    population: int,
    threshold: float,
) -> Integers:
    low, high = errors.astype(np.int64), population - draws + errors + 1
    while (high - low > 1).any():
        middle = (low + high) // 2
        open_still = log_against(middle) < threshold
        low, high = np.where(open_still, middle, low), np.where(open_still, high, middle)
    return low


def first_stops(bets: Bets, errors: Integers, *, population: int | None, threshold: float, most: int) -> Integers:
    """For each number of errors, the first draw at which the bets against the tolerable rate reach `threshold`.

    `most + 1` where that does not happen within `most` draws. The capital grows with each clean draw, so bisection
    finds it.
    """
    tested: Floats | Integers = np.array(float(bets.tolerable))
    if population is not None:
        tested = np.array(errors_at(bets.tolerable, population), dtype=np.int64)
    low, high = errors.astype(np.int64) - 1, np.full(errors.shape, most + 1, dtype=np.int64)
    while (high - low > 1).any():
        middle = np.maximum((low + high) // 2, errors)
        reached = Capital(bets, middle, errors, population).log_against(tested) >= threshold
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high
