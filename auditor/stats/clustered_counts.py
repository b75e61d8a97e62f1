"""Rates of claims that hang together: how far clusters spread, and a test that takes its variance from them.

One row a code, one column a cluster (provider, batch, week). It does not know what a cluster is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_number


@dataclass(frozen=True, slots=True)
class RateTests:
    """One entry a code: the rates, their ratio (`estimate`) with its interval, and the two-sided p-value.

    A ratio to a baseline of no cases at all is infinite; with no cases on either side it is NaN, its
    p-value 1.
    """

    rate: Floats
    base_rate: Floats
    estimate: Floats
    low: Floats
    high: Floats
    p_value: Floats
    confidence: float


def divide(top: Floats, bottom: Floats) -> Floats:
    """A ratio that is infinite over nothing, and NaN where both are nothing."""
    empty = bottom == 0
    ratio = top / np.where(empty, 1.0, bottom)
    return np.where(empty, np.where(top == 0, np.nan, np.inf), ratio)


def _by_cluster(values: ArrayLike, name: str) -> Floats:
    array = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if array.ndim != 2 or not np.isfinite(array).all() or (array < 0).any():
        raise BadInput(f"{name} must be a table of numbers, 0 or more: one row a code, one column a cluster.")
    return array


def dispersion(counts: ArrayLike, totals: ArrayLike) -> Floats:
    """How many times wider counts spread over clusters than chance allows: a design effect a code, 1 or more.

    `counts` is a table with one row a code and one column a cluster (provider, week); `totals` the lines of
    each cluster. Pearson's chi-square over its degrees of freedom. Raises BadInput for fewer than two
    clusters and for counts above totals. **Assumes one common rate in all clusters: real differences
    between them count as spread.** McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., section
    4.5.

    >>> dispersion([[5, 15, 10], [10, 10, 10]], [100, 100, 100]).round(3).tolist()
    [2.778, 1.0]
    """
    table, lines = _by_cluster(counts, "counts"), np.broadcast_to(_by_cluster(totals, "totals"), np.shape(counts))
    lines = np.atleast_2d(lines)
    if table.shape[1] < 2 or (table > lines).any() or (lines == 0).any():
        raise BadInput("counts must be 0 to totals, totals above 0, in two clusters or more.")
    rate = table.sum(axis=1, keepdims=True) / lines.sum(axis=1, keepdims=True)
    variance = np.where((rate > 0) & (rate < 1), lines * rate * (1 - rate), 1.0)
    spread = ((table - lines * rate) ** 2 / variance).sum(axis=1) / (table.shape[1] - 1)
    return np.asarray(np.maximum(1.0, spread), dtype=np.float64)


def clustered_rate_test(
    counts: ArrayLike,
    totals: ArrayLike,
    base_counts: ArrayLike,
    base_totals: ArrayLike,
    *,
    confidence: float = 0.95,
) -> RateTests:
    """Mantel-Haenszel ratio of rates within clusters, with a variance taken from the clusters themselves.

    Tables with one row a code and one column a cluster (provider); totals may be a single row for all
    codes. Clusters seen in one period only tell nothing. `rate` and `base_rate` are crude, the ratio is
    within clusters. Interval and p-value use t with clusters - 1 degrees of freedom. Raises BadInput for
    fewer than two clusters. **Assumes clusters independent of one another; within a cluster anything.**
    Greenland and Robins (1985), Biometrics 41, 55-68; Liang (1985), Biometrika 72, 678-682.

    >>> now, before = [[12, 18, 11, 20]], [[10, 11, 9, 14]]
    >>> tests = clustered_rate_test(now, [[100] * 4], before, [[100] * 4])
    >>> tests.estimate.round(3).tolist(), tests.p_value.round(3).tolist()
    ([1.386], [0.018])
    """
    names = ("counts", "totals", "base_counts", "base_totals")
    tables = (
        _by_cluster(each, name) for each, name in zip((counts, totals, base_counts, base_totals), names, strict=True)
    )
    try:
        now, lines, before, base_lines = np.broadcast_arrays(*tables)
    except ValueError:
        raise BadInput("counts, totals, base_counts and base_totals must have one shape.") from None
    if now.shape[1] < 2:
        raise BadInput("counts must have two clusters or more; with one use poisson_rate_test and a design_effect.")
    require_number(confidence, "confidence", above=0, below=1)
    weight = np.where(lines + base_lines > 0, lines + base_lines, 1.0)
    low, high, p_value, ratio = _within(now * base_lines / weight, before * lines / weight, confidence)
    return RateTests(
        now.sum(1) / lines.sum(1), before.sum(1) / base_lines.sum(1), ratio, low, high, p_value, confidence
    )


def _within(mine: Floats, theirs: Floats, confidence: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Interval, p-value and ratio from each cluster's Mantel-Haenszel terms; by the log of the ratio where
    it has one."""
    top, bottom = mine.sum(axis=1), theirs.sum(axis=1)
    ratio, telling = divide(top, bottom), ((mine + theirs) > 0).sum(axis=1)
    usable = (top > 0) & (bottom > 0) & (telling > 1)
    clusters = np.maximum(telling, 2)
    known = np.where(usable, ratio, 1.0)
    residual = ((mine - known[:, None] * theirs) ** 2).sum(axis=1) * clusters / (clusters - 1)
    error = np.sqrt(residual) / np.where(usable, top, 1.0)
    with np.errstate(divide="ignore", over="ignore"):
        t = np.abs(np.where(usable, np.log(known), top - bottom)) / np.maximum(error, 1e-300)
        reach = special.stdtrit(clusters - 1, (1 + confidence) / 2) * error
        low, high = known * np.exp(-reach), known * np.exp(reach)
    p_value = np.where(telling > 1, 2 * special.stdtr(clusters - 1, -t), 1.0)
    return np.where(usable, low, 0.0), np.where(usable, high, np.inf), p_value, ratio
