"""Have weekly rates moved? Every code of the weeks now against its baseline weeks, over windows of several lengths.

Tables have one row a code and one column a week; times are column indices. It does not know codes, arms or model
versions, and tells nobody: its p-values belong into `multiplicity`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats
from auditor.stats.count_tests import poisson_rate_test
from auditor.stats.week_spread import spread_freedom, week_spread, week_table


@dataclass(frozen=True, slots=True)
class Split:
    """Which weeks are now, and which are the baseline that they are held against."""

    now: tuple[int, ...]
    base: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One split's answer, one entry a code: counts, exposures, design effect and two-sided p-value."""

    split: Split
    count: Floats
    total: float
    base_count: Floats
    base_total: float
    design_effect: Floats
    p_value: Floats

    @property
    def rate(self) -> Floats:
        """The rate now."""
        return self.count / self.total

    @property
    def base_rate(self) -> Floats:
        """The rate in the baseline."""
        return self.base_count / self.base_total


def scan(
    now: ArrayLike, now_totals: ArrayLike, base: ArrayLike, base_totals: ArrayLike, *, splits: Sequence[Split]
) -> list[ScanRow]:
    """Test every row over every split: counts of `now` in the split's weeks against counts of `base` in its baseline.

    `now` and `base` are tables of one shape (one table, unless one process replaced another), `now_totals` and
    `base_totals` the exposures of each week. The spread of baseline weeks beyond chance, and what neighbouring
    weeks have in common, widen each test, and p-values are then read on Student's scale. Raises BadInput for
    tables that do not fit, and for splits without exposure on either side. **Assumes that weeks spread now as they
    did in the baseline.** McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., section 4.5;
    Przyborowski and Wilenski (1940), Biometrika 31.

    >>> weeks = [[10, 11, 9, 10, 30, 31]]
    >>> [row] = scan(weeks, [100] * 6, weeks, [100] * 6, splits=[Split((4, 5), (0, 1, 2, 3))])
    >>> bool(row.p_value[0] < 1e-5), (row.rate / row.base_rate).round(2).tolist()
    (True, [3.05])
    """
    counts, totals = week_table(now, now_totals)
    base_counts, base_exposures = week_table(base, base_totals)
    if counts.shape != base_counts.shape:
        raise BadInput("now and base must be tables of one shape: one row a code, one column a week.")
    return [_row(counts, totals, base_counts, base_exposures, split) for split in splits]


def _row(counts: Floats, totals: Floats, base: Floats, base_totals: Floats, split: Split) -> ScanRow:
    here, there = list(split.now), list(split.base)
    count, total = counts[:, here].sum(axis=1), float(totals[here].sum())
    base_count, base_total = base[:, there].sum(axis=1), float(base_totals[there].sum())
    if total <= 0 or base_total <= 0:
        raise BadInput("a split needs weeks with exposure on either side.")
    effect = week_spread(base[:, there], base_totals[there], window=len(here))
    tests = poisson_rate_test(count, total, base_count, base_total, design_effect=effect)
    p_value = _doubted(tests.p_value, effect, freedom=spread_freedom(count.size, len(there)))
    return ScanRow(split, count, total, base_count, base_total, effect, p_value)


def _doubted(p_value: Floats, effect: Floats, *, freedom: int) -> Floats:
    """P-values read on Student's scale where weeks spread beyond chance, for that spread is only estimated."""
    beyond = 2 * stats.t.sf(-special.ndtri(np.maximum(p_value, 1e-300) / 2), freedom)
    return np.where(effect > 1, np.maximum(p_value, beyond), p_value)
