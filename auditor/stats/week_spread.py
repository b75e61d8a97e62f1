"""How much wider weekly counts spread than chance allows, and what neighbouring weeks have in common.

It takes standardised residuals, one row a thing counted and one column a week; it does not know what was counted.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_whole

_PRIOR_WEEKS = 13.0
"""How many weeks' worth of trust the spread common to all rows gets beside a row's own."""

_LAGS = 8
"""Weeks over which neighbouring weeks may resemble each other."""

_MANY_ROWS = 20
"""Rows from which on the common spread is known well enough to lean on."""

_LEAST_CASES = 20.0
"""Cases over all weeks from which on a row tells how weeks spread."""


def week_table(counts: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    """Counts as a table of one row a thing and one column a week, with the exposure of each week; none below 0."""
    table, lines = np.atleast_2d(np.asarray(counts, dtype=np.float64)), np.asarray(totals, dtype=np.float64)
    if table.ndim != 2 or lines.shape != (table.shape[1],) or not ((lines >= 0).all() and (table >= 0).all()):
        raise BadInput(
            "counts must have one row a code and one column a week, totals one exposure a week, 0 or more."
        )
    return table, lines


def week_spread(counts: ArrayLike, totals: ArrayLike, *, window: int) -> Floats:
    """The design effect, 1 or more, of a sum over `window` weeks: each row's own, drawn towards the common one.

    `counts` has one row a code and one column a week, `totals` one exposure a week; fewer than four weeks with
    exposure tell nothing and give 1. Raises BadInput for tables that do not fit. **Assumes one rate a row in all
    weeks.** McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., section 4.5.

    >>> week_spread([[5, 15, 5, 15, 10, 10]], [100] * 6, window=1).round(2).tolist()
    [2.22]
    """
    require_whole(window, "window", least=1)
    table, lines = week_table(counts, totals)
    table, lines = table[:, lines > 0], lines[lines > 0]
    if lines.size < 4:
        return np.ones(table.shape[0])
    rate = table.sum(axis=1, keepdims=True) / lines.sum()
    scale = np.sqrt(np.maximum(lines * rate * (1 - np.minimum(rate, 0.999)), 1e-12))
    residual = np.where(rate > 0, (table - lines * rate) / scale, 0.0)
    return residual_spread(residual, telling=table.sum(axis=1) >= _LEAST_CASES, window=window)


def residual_spread(residual: Floats, *, telling: NDArray[np.bool_], window: int) -> Floats:
    """The same from residuals of variance 1 under pure chance; only rows that are `telling` shape the common spread.

    >>> residual_spread(np.array([[1.0, -1.0, 1.0, -1.0]]), telling=np.array([True]), window=1).round(2).tolist()
    [1.33]
    """
    require_whole(window, "window", least=1)
    freedom = residual.shape[1] - 1
    own = (residual**2).sum(axis=1) / freedom
    common = float(np.mean(own[telling])) if telling.any() else 1.0
    shrunk = np.where(telling, (freedom * own + _PRIOR_WEEKS * common) / (freedom + _PRIOR_WEEKS), common)
    return np.maximum(1.0, np.maximum(1.0, shrunk) * _resemblance(residual, telling, window))


def spread_freedom(rows: int, weeks: int) -> int:
    """Degrees of freedom that a row's spread rests on: its own weeks, and the common spread where many rows shape it.

    >>> spread_freedom(1, 26), spread_freedom(400, 26)
    (25, 38)
    """
    return max(1, weeks - 1) + (int(_PRIOR_WEEKS) if rows >= _MANY_ROWS else 0)


def _resemblance(residual: Floats, telling: NDArray[np.bool_], window: int) -> Floats:
    """How much wider a sum of weeks spreads because neighbours resemble each other."""
    weeks = residual.shape[1]
    growth = np.ones(residual.shape[0])
    power = np.maximum((residual**2).sum(axis=1), 1e-12)
    doubt = 1 / (weeks + _PRIOR_WEEKS) ** 0.5
    for lag in range(1, min(_LAGS, window - 1, weeks - 2) + 1):
        own = (residual[:, lag:] * residual[:, :-lag]).sum(axis=1) / power
        common = float(np.mean(own[telling])) if telling.any() else 0.0
        shared = np.where(telling, (weeks * own + _PRIOR_WEEKS * common) / (weeks + _PRIOR_WEEKS), common)
        growth += 2 * (1 - lag / window) * np.maximum(0.0, shared - doubt)
    return growth
