"""Bets of an e-detector, and the factors by which they multiply what was staked.

A factor's mean is 1 at most as long as the outcome's mean is at most its baseline. It does not know streams
over time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditor.errors import BadInput
from auditor.stats.array_checks import (
    Floats,
    require_array,
    require_binary,
    require_labels,
    require_number,
    require_rates,
    require_whole,
)
from auditor.stats.e_process import Factors


@dataclass(frozen=True, slots=True)
class Bets:
    """A mixture of bets: their sizes and their weights, which add up to 1.

    For 0/1 outcomes a size is the log of the odds ratio bet on; for bounded ones the share staked, below 1
    and, against a baseline m, above -m/(1-m). Negative sizes bet on a fall.
    """

    sizes: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.sizes) != len(self.weights) or not self.sizes:
            raise BadInput("sizes and weights must have one entry for each bet, one bet at least.")
        sizes, weights = require_array(self.sizes, "sizes"), require_array(self.weights, "weights", low=0)
        if (sizes == 0).any() or (weights == 0).any() or abs(weights.sum() - 1) > 1e-6:
            raise BadInput("sizes must not be 0, and weights must be above 0 and add up to 1.")


def bernoulli_bets(*, smallest: float = 1.5, largest: float = 4.0, count: int = 3) -> Bets:
    """Equal bets on odds ratios from `smallest` to `largest` (both above 1), evenly spaced in their logs.

    >>> [round(size, 2) for size in bernoulli_bets().sizes]
    [0.41, 0.9, 1.39]
    """
    return _evenly(np.log(_span(smallest, largest, above=1.0)), count)


def bounded_bets(*, smallest: float = 0.02, largest: float = 0.3, count: int = 3) -> Bets:
    """Equal bets that stake shares from `smallest` to `largest` (between 0 and 1), evenly spaced in their
    logs.

    >>> [round(size, 3) for size in bounded_bets().sizes]
    [0.02, 0.077, 0.3]
    """
    low, high = _span(smallest, largest, above=0.0)
    require_number(high, "largest", above=0, below=1)
    bets = _evenly(np.log([low, high]), count)
    return Bets(tuple(np.exp(bets.sizes).tolist()), bets.weights)


def _span(smallest: float, largest: float, *, above: float) -> Floats:
    return np.array(
        [require_number(smallest, "smallest", above=above), require_number(largest, "largest", above=smallest)]
    )


def _evenly(ends: Floats, count: int) -> Bets:
    require_whole(count, "count", least=2)
    return Bets(tuple(np.linspace(ends[0], ends[1], count).tolist()), (1 / count,) * count)


def bernoulli_factors(
    outcomes: ArrayLike, baseline: ArrayLike, strata: ArrayLike | None, bets: Bets
) -> tuple[Factors, int]:
    """Likelihood ratio of each bet's odds ratio against the baseline of the outcome's stratum."""
    stream = require_binary(outcomes, "outcomes")
    rates = require_rates(np.atleast_1d(np.asarray(baseline, dtype=np.float64)), "baseline")
    size = np.array(bets.sizes)[:, None]
    norm = 1 - rates + rates * np.exp(size)
    table = np.stack([1 / norm, np.exp(size) / norm], axis=2).reshape(size.size, -1)
    index = stream.astype(np.intp)
    if rates.size > 1 or strata is not None:
        index += 2 * require_labels(strata, "strata", size=stream.size, kinds=rates.size)
    return lambda first, last: table.take(index[first:last], axis=1), stream.size


def bounded_factors(values: ArrayLike, baseline: ArrayLike, bets: Bets) -> tuple[Factors, int]:
    """1 + share * (x/m - 1): what a stake grows to at odds that are fair while the mean is m."""
    stream = require_array(values, "values", low=0, high=1)
    rates = np.atleast_1d(np.asarray(baseline, dtype=np.float64))
    if rates.size not in (1, stream.size):
        raise BadInput(f"baseline must be one rate, or one for each of {stream.size} values; got {rates.size}.")
    rates = require_rates(rates, "baseline")
    size = np.array(bets.sizes)[:, None]
    if rates.size and (size.max() >= 1 or size.min() <= -(rates / (1 - rates)).min()):
        raise BadInput("sizes of bounded bets must be below 1 and above -baseline/(1 - baseline).")
    gain = stream / rates - 1
    return lambda first, last: 1 + size * gain[first:last], stream.size
