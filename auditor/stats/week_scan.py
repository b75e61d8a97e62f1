"""Have weekly rates moved? Every code of the weeks now against its baseline weeks, over windows of several lengths.

Tables have one row a code and one column a week; times are column indices. It does not know codes, arms or model
versions, and tells nobody: its p-values belong into `multiplicity`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_number
from auditor.stats.count_tests import two_sided
from auditor.stats.week_spread import spread_freedom, week_spreads, week_table


@dataclass(frozen=True, slots=True)
class Split:
    """Which weeks are now, and which are the baseline that they are held against."""

    now: tuple[int, ...]
    base: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One split's answer, one entry a code: counts, exposures, design effect and two-sided p-value.

    `wander_p_value` is the same when rates may also have wandered from their baseline by `scan`'s `wander`.
    """

    split: Split
    count: Floats
    total: float
    base_count: Floats
    base_total: float
    design_effect: Floats
    p_value: Floats
    wander_p_value: Floats

    @property
    def rate(self) -> Floats:
        """The rate now."""
        return self.count / self.total

    @property
    def base_rate(self) -> Floats:
        """The rate in the baseline."""
        return self.base_count / self.base_total


def scan(
    now: ArrayLike,
    now_totals: ArrayLike,
    base: ArrayLike,
    base_totals: ArrayLike,
    *,
    splits: Sequence[Split],
    wander: float = 0.0,
) -> list[ScanRow]:
    """Test every row over every split: counts of `now` in the split's weeks against counts of `base` in its baseline.

    `now` and `base` are tables of one shape (one table, unless one process replaced another), `now_totals` and
    `base_totals` the exposures of each week. The spread of baseline weeks beyond chance, and what neighbouring
    weeks have in common, widen each test, and p-values are then read on Student's scale. `wander` (0 or more) is the
    standard deviation, as a share, by which a rate strays from a baseline too short to show it, as seasons make it
    stray: it adds (rate x wander) squared to the variance. Raises BadInput for
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
    if not splits:
        return []
    require_number(wander, "wander", above=-1e-12)
    return _rows((counts, totals), (base_counts, base_exposures), splits, wander)


_Table = tuple[Floats, Floats]


def _rows(now: _Table, base: _Table, splits: Sequence[Split], wander: float) -> list[ScanRow]:
    """All splits at once: what a night of thousands of tests costs is the number of calls."""
    here, there = [each.now for each in splits], [each.base for each in splits]
    count, total = _sums(now, here)
    base_count, base_total = _sums(base, there)
    if (total <= 0).any() or (base_total <= 0).any():
        raise BadInput("a split needs weeks with exposure on either side.")
    spreads = week_spreads(*base, bases=there, windows=[len(weeks) for weeks in here])
    effect = np.stack(spreads)
    share = np.broadcast_to((total / (total + base_total))[:, None], count.shape)
    freedom = np.array([spread_freedom(count.shape[1], len(weeks)) for weeks in there])[:, None]
    wide = effect + wander**2 * (count + base_count) * share * (1 - share)
    p_value, wander_p_value = (
        _doubted(two_sided(count / each, base_count / each, share), each, freedom=freedom) for each in (effect, wide)
    )
    return [
        ScanRow(
            split,
            count[at],
            float(total[at]),
            base_count[at],
            float(base_total[at]),
            effect[at],
            p_value[at],
            wander_p_value[at],
        )
        for at, split in enumerate(splits)
    ]


def _sums(table: _Table, chosen: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
    """Counts by split and row, and the exposure of each split."""
    use = np.zeros((len(chosen), table[1].size))
    for place, weeks in enumerate(chosen):
        use[place, list(weeks)] = 1.0
    return np.einsum("sw,rw->sr", use, table[0]), use @ table[1]


def _doubted(p_value: Floats, effect: Floats, *, freedom: NDArray[np.int64]) -> Floats:
    """P-values read on Student's scale where weeks spread beyond chance, for that spread is only estimated."""
    beyond = 2 * special.stdtr(freedom, special.ndtri(np.maximum(p_value, 1e-300) / 2))
    return np.where(effect > 1, np.maximum(p_value, beyond), p_value)
