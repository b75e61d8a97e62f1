"""How a total sample is spread over strata: whole numbers that add up exactly, none above its stratum.

Does not decide the total (see `sizing`) nor which units are taken (see `selection`).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats


def proportional(sizes: Sequence[int], n: int, *, minimum: int = 0) -> tuple[int, ...]:
    """Spread n over strata in proportion to their sizes.

    sizes: units a stratum, at least 1 each. n: 0 to the sum of sizes. minimum: least sample a stratum, where the
    stratum has that many. Raises BadInput, also where n cannot give each stratum its minimum.
    **Assumes nothing; a stratum with no unit drawn cannot be estimated, so a minimum of 2 is wise.**
    Cochran 1977, 5.3.

    >>> proportional([5234, 2586, 649, 157], 500)
    (303, 150, 38, 9)
    """
    units = _units(sizes)
    return _spread(units.astype(np.float64), units, n, minimum)


def neyman(
    sizes: Sequence[int],
    deviations: Iterable[float],
    n: int,
    *,
    costs: Iterable[float] | None = None,
    minimum: int = 0,
) -> tuple[int, ...]:
    """Spread n over strata so that the estimate of the total varies least.

    sizes: units a stratum, at least 1 each. deviations: standard deviation a stratum, at least 0. n: 0 to the sum
    of sizes. costs: cost of one unit a stratum, above 0. minimum: least sample a stratum. What a full stratum
    cannot take goes to the others, in the same proportions; where nothing varies, in proportion to size. Raises
    BadInput. **Assumes deviations known beforehand.** Neyman 1934, doi:10.2307/2342192; Cochran 1977, 5.5.

    >>> neyman([25, 250, 450, 800, 2000], [6230, 4010, 2110, 750, 450], 300)
    (13, 83, 79, 50, 75)
    """
    units = _units(sizes)
    spreads = checks.numbers(deviations, "deviations", least=0, length=units.size)
    prices = np.ones(units.size) if costs is None else checks.numbers(costs, "costs", length=units.size)
    if prices.min() <= 0:
        raise BadInput("costs must be above 0 in every stratum.")
    return _spread(units * spreads / np.sqrt(prices), units, n, minimum)


def _units(sizes: Sequence[int]) -> Floats:
    units = checks.numbers(sizes, "sizes", least=1)
    for size in sizes:
        checks.count(size, "sizes", least=1)
    return units


def _spread(weights: Floats, units: Floats, n: int, minimum: int) -> tuple[int, ...]:
    """Whole numbers in proportion to weights, between the floor and the size of each stratum, with sum n."""
    total, least = checks.count(n, "n"), checks.count(minimum, "minimum")
    floors = np.minimum(units, least)
    if total > units.sum():
        raise BadInput(f"n must not exceed the {int(units.sum())} units of all strata; got {total}.")
    if total < floors.sum():
        raise BadInput(f"n must be at least {int(floors.sum())} to give each stratum {least}; got {total}.")
    ideal = _between(weights, floors, units, float(total))
    if ideal.sum() < total - 1e-6:  # strata that do not vary take what the full ones cannot
        ideal = _between(units, ideal, units, float(total))
    return _rounded(ideal, floors, units, total)


def _between(weights: Floats, floors: Floats, caps: Floats, total: float) -> Floats:
    """max(floor, min(cap, scale * weight)) with the scale that reaches the total, or the caps of all that weigh."""
    weighed = weights > 0
    if not weighed.any():
        return floors
    low, high = 0.0, float((caps[weighed] / weights[weighed]).max())
    for _ in range(200):
        scale = (low + high) / 2
        if np.clip(scale * weights, floors, caps).sum() < total:
            low = scale
        else:
            high = scale
    return np.clip(high * weights, floors, caps)


def _rounded(ideal: Floats, floors: Floats, caps: Floats, total: int) -> tuple[int, ...]:
    """Round down, then give the units left to the largest remainders; on ties to the earlier stratum."""
    given = np.clip(np.floor(ideal + 1e-9), floors, caps)
    remainders = ideal - given
    for index in np.argsort(-remainders.round(9), kind="stable"):
        if given.sum() < total and given[index] < caps[index]:
            given[index] += 1
    return tuple(int(each) for each in given)
