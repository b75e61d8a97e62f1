"""Has a rate changed? Exact two-sample tests for thousands of codes or modifiers at once.

Every function takes arrays with one entry a code and answers with arrays; p-values are two-sided (twice the
smaller exact tail) and belong into `multiplicity` before anybody is told. It does not know codes, weeks or
why claims hang together: pass a `design_effect`, or counts by cluster to `clustered_rate_test`.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_counts, require_errors, require_number
from auditor.stats.clustered_counts import RateTests, clustered_rate_test, dispersion, divide
from auditor.stats.level_shift import LevelShift, level_shift

__all__ = [
    "LevelShift",
    "RateTests",
    "clustered_rate_test",
    "dispersion",
    "fisher_test",
    "level_shift",
    "poisson_rate_test",
    "two_sided",
]


def _spread(*values: ArrayLike) -> list[Floats]:
    """Arrays of one length out of arrays and single numbers."""
    arrays = [np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in values]
    if len({array.size for array in arrays} - {1}) > 1:
        raise BadInput("count, total, base_count and base_total must have one entry a code each.")
    return [np.array(array) for array in np.broadcast_arrays(*arrays)]


def _exposures(count: Floats, total: Floats, base_count: Floats, base_total: Floats) -> None:
    for values, name in ((count, "count"), (base_count, "base_count")):
        require_counts(values, name)
    for values, name in ((total, "total"), (base_total, "base_total")):
        if not (require_array(values, name, low=0) > 0).all():
            raise BadInput(f"{name} must be above 0 for every code.")


def _ratio_interval(count: Floats, base_count: Floats, odds: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson limits of the share of now in both, read as a ratio of rates."""
    tail = (1 - confidence) / 2
    low = special.betaincinv(np.maximum(count, 1e-300), base_count + 1, tail)
    high = special.betaincinv(count + 1, np.maximum(base_count, 1e-300), 1 - tail)
    low, high = np.where(count > 0, low, 0.0), np.where(base_count > 0, high, 1.0)
    return divide(low, (1 - low) * odds), divide(high, (1 - high) * odds)


def poisson_rate_test(
    count: ArrayLike,
    total: ArrayLike,
    base_count: ArrayLike,
    base_total: ArrayLike,
    *,
    confidence: float = 0.95,
    design_effect: ArrayLike = 1.0,
) -> RateTests:
    """Exact conditional test that two event rates are equal, with the exact interval of their ratio.

    `count` in `total` lines (any exposure above 0) against `base_count` in `base_total`: whole numbers, 0
    or more. `design_effect` (1 or more, one a code or one for all) divides the counts where claims of one
    provider hang together; the test is then no longer exact, but keeps its level. Raises BadInput outside
    these ranges. **Assumes Poisson counts, overdispersed by the design effect at most.** For shares it is
    conservative. Przyborowski and Wilenski (1940), Biometrika 31, 313-323; Rao and Scott (1992), Biometrics
    48, 577-585.

    >>> tests = poisson_rate_test([15, 0], 19_017, [41, 3], 28_010)
    >>> tests.estimate.round(4).tolist(), tests.p_value.round(4).tolist()
    ([0.5389, 0.0], [0.0477, 0.4226])
    """
    now, lines, before, base_lines, effect = _spread(count, total, base_count, base_total, design_effect)
    _exposures(now, lines, before, base_lines)
    require_number(confidence, "confidence", above=0, below=1)
    require_array(effect, "design_effect", low=1)
    share, x, y = lines / (lines + base_lines), now / effect, before / effect
    low, high = _ratio_interval(x, y, lines / base_lines, confidence)
    rates = now / lines, before / base_lines
    return RateTests(*rates, divide(*rates), low, high, two_sided(x, y, share), confidence)


def two_sided(count: Floats, base_count: Floats, share: Floats) -> Floats:
    """Twice the smaller exact tail, for counts (design effects taken out) of which `share` is expected to be now.

    The part of `poisson_rate_test` that thousands of tests a night need.

    >>> two_sided(np.array([15.0]), np.array([41.0]), np.array([19_017 / 47_027])).round(4).tolist()
    [0.0477]
    """
    upper = np.where(count > 0, special.betainc(np.maximum(count, 1e-300), base_count + 1, share), 1.0)
    lower = np.where(base_count > 0, special.betainc(np.maximum(base_count, 1e-300), count + 1, 1 - share), 1.0)
    smaller: Floats = np.minimum(1.0, 2 * np.minimum(upper, lower))
    return smaller


def fisher_test(
    count: ArrayLike, total: ArrayLike, base_count: ArrayLike, base_total: ArrayLike, *, confidence: float = 0.95
) -> RateTests:
    """Fisher's exact test that two shares are equal, with a conservative interval of their ratio.

    `count` of `total` lines against `base_count` of `base_total`, counts from 0 to their totals. The
    interval is that of `poisson_rate_test`, which is wider than need be for large shares. Raises BadInput
    outside these ranges. **Assumes independent lines.** Fisher (1935), J. Royal Statistical Society 98,
    39-82.

    >>> fisher_test(1, 10, 11, 12).p_value.round(6).tolist()
    [0.000374]
    """
    now, lines, before, base_lines = _spread(count, total, base_count, base_total)
    require_errors(now, lines, names=("count", "total"))
    require_errors(before, base_lines, names=("base_count", "base_total"))
    require_number(confidence, "confidence", above=0, below=1)
    whole, marked = lines + base_lines, now + before
    from scipy.stats import hypergeom  # only here: it is half of what a nightly run would load

    upper = hypergeom.sf(now - 1, whole, marked, lines)
    lower = hypergeom.cdf(now, whole, marked, lines)
    low, high = _ratio_interval(now, before, lines / base_lines, confidence)
    rates = now / lines, before / base_lines
    return RateTests(*rates, divide(*rates), low, high, np.minimum(1.0, 2 * np.minimum(upper, lower)), confidence)
