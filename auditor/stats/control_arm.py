"""Did the control arm move too? A change in one arm set beside the change in another over the same weeks.

Changes are logs of rate ratios, or shifts of a mean, with their standard errors. It does not know which arm is AI.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_number

_ONE_SIDED = 0.05
"""The level at which an arm that moved must have moved more than its control."""

_MOST_NOISE = 4.0
"""A control whose error is so many times the arm's cannot say whether it moved along."""


@dataclass(frozen=True, slots=True)
class ArmContrast:
    """Both changes with their standard errors; the one-sided p-value says that the change is not the control's.

    `informative` is False when the control is too small to say; `shared` is True when it is not, and the change
    does not stand out from the control's.
    """

    change: float
    error: float
    control_change: float
    control_error: float
    p_value: float
    informative: bool
    shared: bool


def contrast(
    change: float, error: float, control_change: float, control_error: float, *, freedom: float = float("inf")
) -> ArmContrast:
    """Set a change beside the control's over the same weeks.

    `change` and `control_change` are logs of rate ratios or shifts of a mean, errors above 0 (infinite where there is
    no control), `freedom` the degrees of freedom that errors rest on (baseline weeks less one). Shared: the control
    moved at least half as much the same way, or the difference does not reach the one-sided 5 % level. Raises
    BadInput for errors not above 0. **Assumes that arms are independent of each
    other.** Card and Krueger (1994), American Economic Review 84, 772-793 (difference in differences).

    >>> contrast(0.7, 0.1, 0.6, 0.1).shared, contrast(0.7, 0.1, 0.0, 0.1).shared
    (True, False)
    >>> contrast(0.7, 0.1, 0.0, float("inf")).informative
    False
    """
    if not (error > 0 and control_error > 0):
        raise BadInput("error and control_error must be above 0.")
    for name, moved in (("change", change), ("control_change", control_change)):
        require_number(moved, name)
    if not control_error <= _MOST_NOISE * error:
        return ArmContrast(change, error, control_change, control_error, 1.0, informative=False, shared=False)
    joint = float(np.hypot(error, control_error))
    difference = change - control_change
    p_value = _upper_tail(float(np.sign(change)) * difference / joint, freedom)
    along = np.sign(change) * control_change >= abs(change) / 2
    shared = bool(along or p_value > _ONE_SIDED)
    return ArmContrast(change, error, control_change, control_error, p_value, informative=True, shared=shared)


def _upper_tail(value: float, freedom: float) -> float:
    """Student's upper tail; the normal one where nothing limits the degrees of freedom."""
    return float(special.stdtr(freedom, -value) if np.isfinite(freedom) else special.ndtr(-value))


def moved_alone(contrasts: Sequence[ArmContrast]) -> float:
    """One-sided p-value that, over several changes together, the control moved less than half as far.

    1 without contrasts; those that are not informative are left out. Half, because the changes that were picked for
    being large are overstated. **Assumes that the changes are independent of one another.**

    >>> clear = contrast(1.4, 0.2, 0.1, 0.4)
    >>> round(moved_alone([clear]), 3), moved_alone([clear] * 10) < 1e-5
    (0.073, True)
    """
    used = [each for each in contrasts if each.informative]
    if not used:
        return 1.0
    weights = np.array([1 / (each.error**2 / 4 + each.control_error**2) for each in used])
    beyond = np.array([np.sign(each.change) * (each.change / 2 - each.control_change) for each in used])
    return float(special.ndtr(-(weights * beyond).sum() / np.sqrt(weights.sum())))


def log_ratio(
    count: ArrayLike, total: float, base_count: ArrayLike, base_total: float, *, design_effect: ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """Log of the ratio of two rates and its standard error, one entry a code; half a case is added to each count.

    Infinite error where there is no exposure. Haldane (1956), Annals of Human Genetics 20, 309-311.

    >>> change, error = log_ratio([20], 100, [10], 100)
    >>> change.round(3).tolist(), error.round(3).tolist()
    ([0.669], [0.379])
    """
    x, y = np.asarray(count, dtype=np.float64), np.asarray(base_count, dtype=np.float64)
    for name, given in (("count", x), ("base_count", y), ("design_effect", np.asarray(design_effect))):
        require_array(np.ravel(given), name, low=0)
    for name, exposure in (("total", total), ("base_total", base_total)):
        require_number(exposure, name)
    if total <= 0 or base_total <= 0:
        return np.zeros_like(x), np.full_like(x, np.inf)
    change = np.log((x + 0.5) / total) - np.log((y + 0.5) / base_total)
    return change, np.sqrt(np.asarray(design_effect) * (1 / (x + 0.5) + 1 / (y + 0.5)))


def stopped_test(arm: tuple[float, float, float, float], control: tuple[float, float, float, float]) -> float:
    """Exact one-sided p-value that the control stopped using a code while the arm went on.

    Each arm is (count now, total now, count before, total before), exposures above 0, counts rounded down. Given
    the margins, the control's count now is noncentral hypergeometric when both arms changed by one factor. Raises
    BadInput where an exposure is not above 0. **Assumes Poisson counts.** Breslow and Day (1980), Statistical
    Methods in Cancer Research I, section 4.2.

    >>> stopped_test((40, 1000, 400, 10_000), (0, 1000, 300, 10_000)) < 1e-8
    True
    >>> round(stopped_test((40, 1000, 400, 10_000), (30, 1000, 300, 10_000)), 2)
    0.55
    """
    (x, n, y, base), (cx, cn, cy, cbase) = require_array(arm, "arm", low=0), require_array(control, "control", low=0)
    if min(n, base, cn, cbase) <= 0:
        raise BadInput("exposures of both arms must be above 0.")
    now, before, mine, theirs = int(cx), int(cy), int(x), int(y)
    control_all, now_all, everything = now + before, now + mine, now + before + mine + theirs
    if not control_all or not now_all:
        return 1.0
    odds = (cn / cbase) / (n / base)
    least, most = max(0, control_all + now_all - everything), min(control_all, now_all)
    counts = np.arange(least, most + 1)
    weight = counts * np.log(odds) - sum(
        special.gammaln(cell + 1)
        for cell in (counts, control_all - counts, now_all - counts, everything - control_all - now_all + counts)
    )
    return float(np.exp(special.logsumexp(weight[: now - least + 1]) - special.logsumexp(weight)))
