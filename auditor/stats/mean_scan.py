"""Has a mean moved against baseline weeks? A signed shift with its error, from weekly sums alone.

It takes sums, sums of squares and numbers of units by week; it does not know what was measured.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats
from auditor.stats.level_scan import LevelRow
from auditor.stats.week_scan import Split
from auditor.stats.week_spread import residual_spread

_LEAST_UNITS = 10


@dataclass(frozen=True, slots=True)
class WeekSums:
    """Sum of the values, sum of their squares, and how many there are, one entry a week."""

    total: Floats
    squares: Floats
    units: Floats


def scan_mean(now: WeekSums, base: WeekSums, *, split: Split) -> LevelRow | None:
    """Shift of the mean over the split's weeks against its baseline's; None with fewer than 10 units on a side.

    The p-value is Student's, on the baseline's own spread of weeks. Raises BadInput for sums of unlike length.
    **Assumes that weeks spread now as they did in the baseline.** Welch (1947), Biometrika 34, 28-35, with McCullagh
    and Nelder (1989), Generalized Linear Models, 2nd ed., section 4.5.

    >>> sums = WeekSums(np.array([40.0, 41, 39, 40, 60]), np.array([170.0, 180, 160, 170, 370]), np.full(5, 10.0))
    >>> row = scan_mean(sums, sums, split=Split((4,), (0, 1, 2, 3)))
    >>> round(row.shift, 2), bool(row.p_value < 0.05)
    (2.0, True)
    """
    if len({each.size for side in (now, base) for each in (side.total, side.squares, side.units)}) != 1:
        raise BadInput("sums, squares and units must have one entry a week, now and in the baseline alike.")
    here, there = list(split.now), list(split.base)
    n, base_n = float(now.units[here].sum()), float(base.units[there].sum())
    if min(n, base_n) < _LEAST_UNITS:
        return None
    mean, before = float(now.total[here].sum()) / n, float(base.total[there].sum()) / base_n
    inner = _inner(now, here, mean) + _inner(base, there, before)
    variance = inner / (n + base_n - 2)
    if variance <= 1e-12 * max(1.0, before**2):
        return None
    effect, weeks = _spread(base, there, before, _inner(base, there, before) / (base_n - 1), window=len(here))
    error = float(np.sqrt(effect * variance * (1 / n + 1 / base_n)))
    p_value = float(2 * special.stdtr(max(weeks - 1, 1), -abs(mean - before) / error))
    return LevelRow(split, mean - before, error, p_value, mean, before, n, base_n, weeks, float(np.sqrt(variance)))


def _inner(sums: WeekSums, weeks: list[int], mean: float) -> float:
    """The sum of squared distances from the mean."""
    squares, units = float(sums.squares[weeks].sum()), float(sums.units[weeks].sum())
    return max(0.0, squares - units * mean**2)


def _spread(base: WeekSums, there: list[int], mean: float, variance: float, *, window: int) -> tuple[float, int]:
    """The design effect of a sum over `window` weeks, and the weeks that tell it."""
    units = base.units[there]
    told = units > 0
    weeks = int(told.sum())
    if weeks < 4 or variance <= 0:
        return 1.0, weeks
    residual = ((base.total[there] - units * mean)[told] / np.sqrt(units[told] * variance))[None, :]
    return float(residual_spread(residual, telling=np.array([True]), window=window)[0]), weeks
