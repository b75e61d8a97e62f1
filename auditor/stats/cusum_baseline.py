"""What a baseline of counts leaves possible, and what a drift means for strata with unlike baselines."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.stats.array_checks import require_array, require_errors, require_number


def rates_at_odds(rates: ArrayLike, *, odds_ratio: float) -> tuple[float, ...]:
    """The rates whose odds are `odds_ratio` times as large: one drift for strata with unlike baselines.

    >>> [round(rate, 3) for rate in rates_at_odds([0.02, 0.10], odds_ratio=2)]
    [0.039, 0.182]
    """
    base = require_array(np.atleast_1d(np.asarray(rates)), "rates", low=0, high=1)
    ratio = require_number(odds_ratio, "odds_ratio", above=0)
    return tuple((ratio * base / (1 - base + ratio * base)).tolist())


def least_favourable_rates(
    errors: ArrayLike, n: ArrayLike, *, assurance: float, leverage: ArrayLike = (1.0,)
) -> tuple[float, ...]:
    """The baseline rates that the counts leave possible and that raise most false alarms, at one-sided
    `assurance`.

    With one stratum this is the exact (Clopper-Pearson) upper limit. With several, the uncertainty is
    spread over them in proportion to `leverage` times their standard errors (first-order reliability), for
    all are not at their limit at once. An assurance below 1/2 gives the favourable side. Raises BadInput
    for errors outside 0..n, n below 1 and assurance outside (0, 1). **Assumes that the baseline is a random
    sample of the in-control process, stratum by stratum.** Hasofer and Lind (1974), J. Engineering
    Mechanics 100, 111-121.

    >>> [round(rate, 4) for rate in least_favourable_rates(10, 200, assurance=0.95)]
    [0.0833]
    >>> [round(rate, 4) for rate in least_favourable_rates([5, 5], [100, 100], assurance=0.95)]
    [0.0872, 0.0872]
    """
    wrong, size = require_errors(errors, n)
    level = float(special.ndtri(require_number(assurance, "assurance", above=0, below=1)))
    center = (wrong + 0.5) / (size + 1)
    pull = np.broadcast_to(require_array(leverage, "leverage", low=0), wrong.shape) * np.sqrt(
        center * (1 - center) / size
    )
    shares = special.ndtr(level * pull / np.sqrt((pull**2).sum()))
    high = np.where(wrong < size, special.betaincinv(wrong + 1, np.maximum(size - wrong, 0.5), shares), 1.0)
    low = np.where(wrong > 0, special.betaincinv(np.maximum(wrong, 0.5), size - wrong + 1, shares), 0.0)
    return tuple((high if level >= 0 else low).tolist())
