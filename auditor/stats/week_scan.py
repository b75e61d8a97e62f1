"""Have weekly rates moved since some week? Every code against its baseline weeks, over windows of several lengths.

Tables have one row a code and one column a week; all times are column indices. It does not know codes, arms or
model versions, and tells nobody: its p-values belong into `multiplicity`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats
from auditor.stats.count_tests import poisson_rate_test

_PRIOR_WEEKS = 13.0
"""How many weeks' worth of trust the spread common to all codes gets beside a code's own."""

_LAGS = 3
"""Weeks over which neighbouring weeks may resemble each other."""

_LEAST_EXPECTED = 20.0
"""Cases over all baseline weeks from which on a code tells how weeks spread."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which weeks are now, and which are the baseline that they are held against."""

    now: tuple[int, ...]
    base: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One split's answer, one entry a code: counts, exposures, design effect and the two-sided p-value."""

    split: Split
    count: Floats
    total: Floats
    base_count: Floats
    base_total: Floats
    design_effect: Floats
    p_value: Floats

    @property
    def ratio(self) -> Floats:
        """Rate now over the baseline rate; infinite over nothing, NaN where both are nothing."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio: Floats = (self.count / self.total) / (self.base_count / self.base_total)
        return ratio


def scan(
    now: ArrayLike, now_totals: ArrayLike, base: ArrayLike, base_totals: ArrayLike, *, splits: Sequence[Split]
) -> list[ScanRow]:
    """Test every row over every split: `now` counts in the split's weeks against `base` counts in its baseline.

    `now` and `base` are tables of counts of one shape (they are the same table unless one process replaced
    another), `now_totals` and `base_totals` the exposures of each week. The spread of baseline weeks beyond
    chance, and what neighbouring weeks have in common, widen each test. Raises BadInput for tables that do not
    fit, and for splits without exposure on either side. **Assumes that baseline weeks spread as weeks now do,
    and that a code counts at most once a unit.** McCullagh and Nelder (1989), section 4.5.

    >>> weeks = [[10, 11, 9, 10, 30, 31]]
    >>> [row] = scan(weeks, [100] * 6, weeks, [100] * 6, splits=[Split((4, 5), (0, 1, 2, 3))])
    >>> bool(row.p_value[0] < 1e-6), row.ratio.round(2).tolist()
    (True, [3.05])
    """
    counts, totals = _table(now, now_totals)
    base_counts, base_exposures = _table(base, base_totals)
    if counts.shape != base_counts.shape:
        raise BadInput("now and base must be tables of one shape: one row a code, one column a week.")
    return [_row(counts, totals, base_counts, base_exposures, split) for split in splits]


def week_spread(counts: ArrayLike, totals: ArrayLike, *, window: int) -> Floats:
    """The design effect, 1 or more, of a sum over `window` weeks: the rows' own spread, drawn towards the common one.

    `counts` has one row a code and one column a week, `totals` one exposure a week; fewer than four weeks with
    exposure tell nothing and give 1. **Assumes one rate a row in all weeks.**

    >>> week_spread([[5, 15, 5, 15, 10, 10]], [100] * 6, window=1).round(2).tolist()
    [2.22]
    """
    table, lines = _table(counts, totals)
    open_weeks = lines > 0
    table, lines = table[:, open_weeks], lines[open_weeks]
    if lines.size < 4:
        return np.ones(table.shape[0])
    rate = table.sum(axis=1, keepdims=True) / lines.sum()
    scale = np.sqrt(np.maximum(lines * rate * (1 - np.minimum(rate, 1.0)), 1e-12))
    residual = np.where(rate > 0, (table - lines * rate) / scale, 0.0)
    freedom = lines.size - 1
    own = (residual**2).sum(axis=1) / freedom
    telling = table.sum(axis=1) >= _LEAST_EXPECTED
    spread = np.maximum(1.0, _shrunk(own, telling, freedom))
    return np.maximum(1.0, spread * _resemblance(residual, telling, window))


def _shrunk(own: Floats, telling: NDArray[np.bool_], freedom: int) -> Floats:
    common = float(np.mean(own[telling])) if telling.any() else 1.0
    weighted: Floats = (freedom * own + _PRIOR_WEEKS * common) / (freedom + _PRIOR_WEEKS)
    return np.where(telling, weighted, max(1.0, common))


def _resemblance(residual: Floats, telling: NDArray[np.bool_], window: int) -> Floats:
    """How much wider a sum of weeks spreads because neighbours resemble each other."""
    weeks = residual.shape[1]
    growth = np.ones(residual.shape[0])
    power = np.maximum((residual**2).sum(axis=1), 1e-12)
    for lag in range(1, min(_LAGS, window - 1, weeks - 2) + 1):
        own = (residual[:, lag:] * residual[:, :-lag]).sum(axis=1) / power
        common = float(np.mean(own[telling])) if telling.any() else 0.0
        shared = (weeks * own + _PRIOR_WEEKS * common) / (weeks + _PRIOR_WEEKS)
        growth += 2 * (1 - lag / window) * np.maximum(0.0, np.where(telling, shared, common))
    return growth


def _row(counts: Floats, totals: Floats, base: Floats, base_totals: Floats, split: Split) -> ScanRow:
    here, there = list(split.now), list(split.base)
    count, total = counts[:, here].sum(axis=1), float(totals[here].sum())
    base_count, base_total = base[:, there].sum(axis=1), float(base_totals[there].sum())
    if total <= 0 or base_total <= 0:
        raise BadInput("a split needs weeks with exposure on either side.")
    effect = week_spread(base[:, there], base_totals[there], window=len(here))
    tests = poisson_rate_test(count, total, base_count, base_total, design_effect=effect)
    ones = np.ones(count.size)
    return ScanRow(split, count, ones * total, base_count, ones * base_total, effect, tests.p_value)


def _table(counts: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    table, lines = np.atleast_2d(np.asarray(counts, dtype=np.float64)), np.asarray(totals, dtype=np.float64)
    if table.ndim != 2 or lines.shape != (table.shape[1],) or (lines < 0).any() or (table < 0).any():
        raise BadInput(
            "counts must have one row a code and one column a week, totals one exposure a week, none below 0."
        )
    return table, lines
