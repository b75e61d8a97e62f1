"""How much wider weekly counts spread than chance allows, and what neighbouring weeks have in common.

It takes standardised residuals, one row a thing counted and one column a week; it does not know what was counted.
"""

from collections.abc import Sequence

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

_CELLS_AT_ONCE = 1_000_000
"""Baselines are looked at together as long as their tables have no more cells than this: memory stays bounded."""

_LEAST_WEEKS = 4

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
    return week_spreads(table, lines, bases=[tuple(range(lines.size))], windows=[window])[0]


def week_spreads(
    counts: Floats, totals: Floats, *, bases: Sequence[Sequence[int]], windows: Sequence[int]
) -> list[Floats]:
    """`week_spread` of several baselines (columns of one table) at once, each for a window of its own.

    >>> found = week_spreads(np.array([[5.0, 15, 5, 15, 10, 10]]), np.full(6, 100.0), bases=[range(6)], windows=[1])
    >>> [row.round(2).tolist() for row in found]
    [[2.22]]
    """
    at_once = max(1, _CELLS_AT_ONCE // max(1, counts.size))
    found: list[Floats] = []
    for first in range(0, len(bases), at_once):
        some = slice(first, first + at_once)
        residual, weeks, telling = _residuals(counts, totals, bases[some])
        found += list(_spreads(residual, weeks=weeks, telling=telling, windows=np.array(windows[some])))
    return found


def lone_spreads(counts: Floats, totals: Floats, *, window: int) -> Floats:
    """`week_spread` of each row by itself, as if it were the only one.

    >>> lone_spreads(np.array([[5.0, 15, 5, 15, 10, 10], [10.0] * 6]), np.full(6, 1e2), window=1).round(2).tolist()
    [2.22, 1.0]
    """
    residual, weeks, telling = _residuals(counts, totals, [range(totals.size)])
    alone = residual.transpose(1, 0, 2)
    windows = np.full(alone.shape[0], window)
    found: Floats = _spreads(alone, weeks=np.repeat(weeks, windows.size), telling=telling.T, windows=windows)[:, 0]
    return found


def _residuals(
    counts: Floats, totals: Floats, bases: Sequence[Sequence[int]]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Standardised residuals by baseline, row and week, how many weeks each baseline has, and which rows tell."""
    use = np.zeros((len(bases), totals.size))
    for place, base in enumerate(bases):
        use[place, list(base)] = totals[list(base)] > 0
    lines = use * totals
    cases = np.einsum("sw,rw->sr", use, counts)
    rate = cases / np.maximum(lines.sum(axis=1, keepdims=True), 1e-300)
    scale = lines[:, None, :] * rate[:, :, None]  # what is expected, then in its place the scale: tables are large
    residual: Floats = counts * use[:, None, :]
    residual -= scale
    scale *= (1 - np.minimum(rate, 0.999))[:, :, None]
    residual /= np.sqrt(np.maximum(scale, 1e-12, out=scale), out=scale)
    residual[~(rate > 0)] = 0.0
    residual *= use[:, None, :]
    return residual, use.sum(axis=1), cases >= _LEAST_CASES


def residual_spread(residual: Floats, *, telling: NDArray[np.bool_], window: int) -> Floats:
    """The same from residuals of variance 1 under pure chance; only rows that are `telling` shape the common spread.

    >>> residual_spread(np.array([[1.0, -1.0, 1.0, -1.0]]), telling=np.array([True]), window=1).round(2).tolist()
    [1.33]
    """
    require_whole(window, "window", least=1)
    weeks = np.array([float(residual.shape[1])])
    found: Floats = _spreads(residual[None], weeks=weeks, telling=telling[None], windows=np.array([window]))[0]
    return found


def spread_freedom(rows: int, weeks: int) -> int:
    """Degrees of freedom that a row's spread rests on: its own weeks, and the common spread where many rows shape it.

    >>> spread_freedom(1, 26), spread_freedom(400, 26)
    (25, 38)
    """
    return max(1, weeks - 1) + (int(_PRIOR_WEEKS) if rows >= _MANY_ROWS else 0)


def _spreads(residual: Floats, *, weeks: Floats, telling: NDArray[np.bool_], windows: NDArray[np.int64]) -> Floats:
    """One row of design effects a baseline; residuals are 0 in weeks that do not belong to it."""
    power = (residual**2).sum(axis=2)
    own = power / np.maximum(weeks - 1, 1)[:, None]
    told = telling.sum(axis=1)
    common = np.where(told > 0, (own * telling).sum(axis=1) / np.maximum(told, 1), 1.0)[:, None]
    count = weeks[:, None]
    shrunk = ((count - 1) * own + _PRIOR_WEEKS * common) / (count - 1 + _PRIOR_WEEKS)
    shrunk = np.where(telling, shrunk, common)
    growth = _resemblance(residual, np.maximum(power, 1e-12), telling, weeks, windows)
    effect: Floats = np.maximum(1.0, np.maximum(1.0, shrunk) * growth)
    return np.where(weeks[:, None] < _LEAST_WEEKS, 1.0, effect)


def _resemblance(
    residual: Floats, power: Floats, telling: NDArray[np.bool_], weeks: Floats, windows: NDArray[np.int64]
) -> Floats:
    """How much wider a sum of weeks spreads because neighbours resemble each other."""
    growth = np.ones(power.shape)
    count, told = weeks[:, None], telling.sum(axis=1)[:, None]
    doubt = 1 / np.sqrt(count + _PRIOR_WEEKS)
    most = np.minimum(np.minimum(_LAGS, windows - 1), weeks - 2)
    for lag in range(1, int(most.max(initial=0)) + 1):
        own = np.einsum("srw,srw->sr", residual[:, :, lag:], residual[:, :, :-lag]) / power
        common = np.where(told > 0, (own * telling).sum(axis=1, keepdims=True) / np.maximum(told, 1), 0.0)
        shared = np.where(telling, (count * own + _PRIOR_WEEKS * common) / (count + _PRIOR_WEEKS), common)
        weight = np.where(lag <= most, 2 * (1 - lag / windows), 0.0)[:, None]
        growth += weight * np.maximum(0.0, shared - doubt)
    return growth
