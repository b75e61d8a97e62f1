"""Charts that quality departments expect: p, u, Laney's p' and u', EWMA, with the false alarms that they
give.

They judge a period (a month) at a time and are slower than `cusum` at the same rate of false alarms. They
do not know where periods begin, and a center that is estimated from the points themselves hides a drift
that was always there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_counts, require_errors, require_number
from auditor.stats.ewma_run_length import ewma_arl, ewma_multiple
from auditor.stats.results import Basis, Result

__all__ = [
    "ControlChart",
    "ewma_arl",
    "ewma_chart",
    "ewma_multiple",
    "laney_p_chart",
    "laney_u_chart",
    "p_chart",
    "p_chart_arl",
    "u_chart",
]

_MOVING_RANGE = 1.128
"""Mean range of two normal observations in standard deviations (Montgomery, appendix VI, d2 for n = 2)."""


@dataclass(frozen=True, kw_only=True)
class ControlChart(Result):
    """Points with their center and limits; `beyond` are the indices, from 0, of points strictly outside.

    `spread` is how many times wider than chance alone the points lie (1 where that is not estimated).
    """

    points: Floats
    center: float
    low: Floats
    high: Floats
    beyond: tuple[int, ...]
    multiple: float
    spread: float = 1.0


def _basis(method: str, formula: str, assumption: str, source: str) -> Basis:
    return Basis(method=method, formula=formula, assumptions=(assumption,), source=source)


_MONTGOMERY = "Montgomery, Introduction to Statistical Quality Control, 7th ed."
_P = _basis("p chart", "p +- L sqrt(p(1-p)/n)", "outcomes are independent, with one rate", f"{_MONTGOMERY}, 7.2")
_U = _basis("u chart", "u +- L sqrt(u/n)", "counts are Poisson, with one rate", f"{_MONTGOMERY}, 7.3")
_EWMA = _basis("EWMA", "z = w x + (1-w) z", "points are independent, with known deviation", f"{_MONTGOMERY}, 9.2")
_LANEY = "Laney (2002), Quality Engineering 14, 531-537"
_LANEY_P = _basis(
    "Laney p' chart", "p +- L sqrt(p(1-p)/n) s_z", "points vary about one rate by more than chance", _LANEY
)
_LANEY_U = _basis("Laney u' chart", "u +- L sqrt(u/n) s_z", "points vary about one rate by more than chance", _LANEY)


def _chart(
    basis: Basis, points: Floats, center: float, sigma: Floats, *, multiple: float, top: float, spread: float = 1.0
) -> ControlChart:
    low = np.maximum(center - multiple * spread * sigma, 0.0)
    high = np.minimum(center + multiple * spread * sigma, top)
    beyond = tuple(np.flatnonzero((points < low) | (points > high)).tolist())
    return ControlChart(
        basis=basis, points=points, center=center, low=low, high=high, beyond=beyond, multiple=multiple, spread=spread
    )


def _rates(errors: ArrayLike, n: ArrayLike, center: float | None) -> tuple[Floats, Floats, float]:
    """Rate and size of each period, and the center: as given, else the pooled rate."""
    wrong, size = require_errors(errors, n)
    pooled = float(wrong.sum() / size.sum()) if center is None else center
    return wrong / size, size, require_number(pooled, "center", above=-1e-12, below=1 + 1e-12)


def _counts(counts: ArrayLike, exposure: ArrayLike, center: float | None) -> tuple[Floats, Floats, float]:
    """Rate and exposure of each period, and the center: as given, else the pooled rate."""
    found, size = np.broadcast_arrays(
        require_counts(np.atleast_1d(np.asarray(counts)), "counts"), np.asarray(exposure)
    )
    size = require_array(size, "exposure", low=0)
    if (size == 0).any():
        raise BadInput("exposure must be above 0 in every period.")
    pooled = float(found.sum() / size.sum()) if center is None else center
    return found / size, size, require_number(pooled, "center", above=-1e-12)


def p_chart(errors: ArrayLike, n: ArrayLike, *, center: float | None = None, multiple: float = 3.0) -> ControlChart:
    """Shewhart chart of error rates; limits at `multiple` binomial standard deviations, no lower than 0, no
    higher than 1.

    `errors` of `n` (1 or more) a period, n one number or one a period; `center` in [0, 1] is the approved
    baseline, by default the pooled rate. Raises BadInput outside these ranges. **Assumes independent
    outcomes: where providers differ, use `laney_p_chart`.** Montgomery, Introduction to Statistical Quality
    Control, 7th ed., section 7.2.

    >>> chart = p_chart([12, 15, 8, 10, 24], 50, center=0.23)
    >>> chart.low.round(4)[0].item(), chart.high.round(4)[0].item(), chart.beyond
    (0.0515, 0.4085, (4,))
    """
    points, size, middle = _rates(errors, n, center)
    sigma = np.sqrt(middle * (1 - middle) / size)
    return _chart(_P, points, middle, sigma, multiple=require_number(multiple, "multiple", above=0), top=1.0)


def u_chart(
    counts: ArrayLike, exposure: ArrayLike, *, center: float | None = None, multiple: float = 3.0
) -> ControlChart:
    """Shewhart chart of events an exposure (errors a claim, violations a line); limits as `p_chart`, Poisson.

    `counts` 0 or more, `exposure` above 0, one number or one a period. Raises BadInput outside these ranges.
    **Assumes Poisson counts.** Montgomery, Introduction to Statistical Quality Control, 7th ed., section 7.3.

    >>> u_chart([3, 9, 4, 40], 10, center=0.5).beyond
    (3,)
    """
    points, size, middle = _counts(counts, exposure, center)
    sigma = np.sqrt(middle / size)
    return _chart(_U, points, middle, sigma, multiple=require_number(multiple, "multiple", above=0), top=np.inf)


def _spread(points: Floats, center: float, sigma: Floats) -> float:
    """Standard deviation of the standardised points, from the mean moving range."""
    if points.size < 2:
        raise BadInput("errors must hold two periods or more to show their spread.")
    if (sigma == 0).any():
        return 1.0
    return float(np.abs(np.diff((points - center) / sigma)).mean() / _MOVING_RANGE)


def laney_p_chart(
    errors: ArrayLike,
    n: ArrayLike,
    *,
    center: float | None = None,
    multiple: float = 3.0,
    spread: float | None = None,
) -> ControlChart:
    """p chart whose limits widen (or narrow) with how far neighbouring periods differ beyond chance.

    Arguments as `p_chart`, two periods or more; `spread` is taken from a baseline where it is given.
    **Assumes that periods vary about one rate, without trend.** Laney (2002), Quality Engineering 14,
    531-537.

    >>> chart = laney_p_chart([900, 1_100, 1_000, 920, 1_080], 10_000)
    >>> round(chart.spread, 2), chart.beyond, p_chart([900, 1_100, 1_000, 920, 1_080], 10_000).beyond
    (3.99, (), (0, 1))
    """
    points, size, middle = _rates(errors, n, center)
    sigma = np.sqrt(middle * (1 - middle) / size)
    wide = _spread(points, middle, sigma) if spread is None else require_number(spread, "spread", above=0)
    top = require_number(multiple, "multiple", above=0)
    return _chart(_LANEY_P, points, middle, sigma, multiple=top, top=1.0, spread=wide)


def laney_u_chart(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    center: float | None = None,
    multiple: float = 3.0,
    spread: float | None = None,
) -> ControlChart:
    """u chart with Laney's correction. Arguments as `u_chart` and `laney_p_chart`; same source.

    >>> round(laney_u_chart([3, 9, 4, 10], 10).spread, 2)
    1.97
    """
    points, size, middle = _counts(counts, exposure, center)
    sigma = np.sqrt(middle / size)
    wide = _spread(points, middle, sigma) if spread is None else require_number(spread, "spread", above=0)
    top = require_number(multiple, "multiple", above=0)
    return _chart(_LANEY_U, points, middle, sigma, multiple=top, top=np.inf, spread=wide)


def p_chart_arl(*, center: float, n: int, rate: float, multiple: float = 3.0) -> float:
    """Mean number of periods to a point outside the limits of a p chart of `n` outcomes a period, exact, at
    `rate`.

    Rates in (0, 1), n 1 or more. **Assumes independent outcomes.** Montgomery, 7th ed., section 7.2.3.

    >>> round(p_chart_arl(center=0.05, n=200, rate=0.05), 1), round(p_chart_arl(center=0.05, n=200, rate=0.08), 1)
    (370.4, 5.6)
    """
    require_number(rate, "rate", above=0, below=1)
    chart = p_chart([0], n, center=require_number(center, "center", above=0, below=1), multiple=multiple)
    below = stats.binom.cdf(np.ceil(chart.low[0] * n - 1e-9) - 1, n, rate)
    above = stats.binom.sf(np.floor(chart.high[0] * n + 1e-9), n, rate)
    chance = float(below + above)
    return 1 / chance if chance > 0 else float("inf")


def ewma_chart(
    values: ArrayLike,
    *,
    target: float,
    deviation: ArrayLike,
    smoothing: float,
    multiple: float,
    fixed_limits: bool = False,
) -> ControlChart:
    """Exponentially weighted moving average of period values about their target.

    `deviation` is the standard deviation of a value, above 0: one number, or one a period (for rates
    sqrt(p(1-p)/n)); `smoothing` in (0, 1] the weight of the newest value; `multiple` above 0, e.g. from
    `ewma_multiple`. The limits follow the variance that the average has at each period, or are the final
    ones from the start (`fixed_limits`, for one deviation). Raises BadInput outside these ranges. **Assumes
    independent values.** Roberts (1959), Technometrics 1, 239-250; Montgomery, 7th ed., section 9.2.

    >>> chart = ewma_chart([0.2, 0.1, 1.9, 2.2, 1.8], target=0, deviation=1, smoothing=0.2, multiple=2.7)
    >>> chart.points.round(3).tolist(), chart.beyond
    ([0.04, 0.052, 0.422, 0.777, 0.982], (4,))
    """
    points = require_array(values, "values")
    sigma = np.broadcast_to(require_array(np.atleast_1d(np.asarray(deviation)), "deviation", low=0), points.shape)
    weight = require_number(smoothing, "smoothing", above=0, below=1 + 1e-12)
    require_number(multiple, "multiple", above=0)
    require_number(target, "target")
    if (sigma == 0).any() or (fixed_limits and np.ptp(sigma) > 0):
        raise BadInput("deviation must be above 0, and one number for fixed_limits.")
    level, variance, levels, variances = target, 0.0, [], []
    for value, square in zip(points.tolist(), (sigma**2).tolist(), strict=True):
        level = weight * value + (1 - weight) * level
        variance = (1 - weight) ** 2 * variance + weight**2 * square
        levels.append(level)
        variances.append(variance)
    spread = np.sqrt(variances) if not fixed_limits else sigma * np.sqrt(weight / (2 - weight))
    low, high, line = target - multiple * spread, target + multiple * spread, np.array(levels)
    beyond = tuple(np.flatnonzero((line < low) | (line > high)).tolist())
    return ControlChart(basis=_EWMA, points=line, center=target, low=low, high=high, beyond=beyond, multiple=multiple)
