"""The tabular CUSUM and the Shiryaev-Roberts procedure for normal observations in units of their standard
deviation.

Mean run lengths solve Fredholm integral equations at Gauss-Legendre nodes. It does not estimate mean or
deviation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from auditor.errors import BadInput
from auditor.stats.array_checks import require_array, require_number

Vector = NDArray[np.float64]

_NODES = 60
_ROOT_TWO_PI = np.sqrt(2 * np.pi)


@dataclass(frozen=True, slots=True)
class NormalCusumPath:
    """Upper and lower sums after each observation, and where they lie beyond the threshold (indices from
    0)."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]
    upper_alarms: tuple[int, ...]
    lower_alarms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShiryaevRobertsDesign:
    """A threshold on the log of the Shiryaev-Roberts statistic, and the in-control mean run length it
    gives."""

    log_threshold: float
    arl: float


def _one_sided(reference: float, threshold: float, shift: float, start: float) -> tuple[float, float]:
    """Mean run length of max(0, S + x - reference) from `start` and from 0."""
    point, weight = np.polynomial.legendre.leggauss(_NODES)
    node, weight = threshold * (point + 1) / 2, threshold * weight / 2

    def moves(origin: Vector) -> Vector:
        gap = node[None, :] + reference - shift - origin[:, None]
        inner = np.exp(-(gap**2) / 2) / _ROOT_TWO_PI * weight
        return np.column_stack([ndtr(reference - shift - origin), inner])

    known = np.concatenate([[0.0], node])
    lengths = np.linalg.solve(np.eye(known.size) - moves(known), np.ones(known.size))
    return float(1 + moves(np.array([start]))[0] @ lengths), float(lengths[0])


def normal_arl(
    *, reference: float, threshold: float, shift: float = 0.0, head_start: float = 0.0, two_sided: bool = True
) -> float:
    """Mean run length of the tabular CUSUM when the mean lies `shift` standard deviations off target.

    `reference` (k) and `threshold` (h) in standard deviations, h above 0; `head_start` in [0, h) is where
    the sums begin (fast initial response: h/2). Raises BadInput outside. **Assumes independent normal
    observations of known mean and deviation; two-sided with reference >= 0.** Lucas and Crosier (1982),
    Technometrics 24, 199-205, table 1; Brook and Evans (1972), Biometrika 59, 539-549.

    >>> [round(normal_arl(reference=0.5, threshold=5, shift=shift), 2) for shift in (0, 1)]
    [465.44, 10.38]
    """
    require_number(threshold, "threshold", above=0, below=100)
    require_number(reference, "reference", above=-1e-12 if two_sided else -10, below=10)
    require_number(shift, "shift")
    if not 0 <= head_start < threshold:
        raise BadInput(f"head_start must be from 0 to below threshold {threshold:g}; got {head_start!r}.")
    high, high_zero = _one_sided(reference, threshold, shift, head_start)
    if not two_sided:
        return high
    low, low_zero = _one_sided(reference, threshold, -shift, head_start)
    return (high * low_zero + high_zero * low - high_zero * low_zero) / (high_zero + low_zero)


def siegmund_arl(*, reference: float, threshold: float, shift: float = 0.0) -> float:
    """Siegmund's approximation to the one-sided mean run length: a check by hand, good to a few percent.

    Siegmund (1985), Sequential Analysis, Springer, section 2.6; Montgomery, Statistical Quality Control,
    7th ed., 9.5.

    >>> round(siegmund_arl(reference=0.5, threshold=5), 1)
    938.2
    """
    drift = require_number(shift, "shift") - require_number(reference, "reference")
    height = require_number(threshold, "threshold", above=0, below=100) + 1.166
    if abs(drift) < 1e-9:
        return height**2
    return float((np.expm1(-2 * drift * height) + 2 * drift * height) / (2 * drift**2))


def _crossing(length: Callable[[float], float], arl: float, *, first: float) -> float:
    """The limit whose run length is `arl`: raised until it is enough, then found by Brent's method."""
    require_number(arl, "arl", above=1, below=1e9)
    low = high = first
    while length(high) < arl:
        low, high = high, high + 1
    if low == high:
        raise BadInput(f"arl must be above {length(first):.2f}, what the smallest threshold gives; got {arl!r}.")
    from scipy import optimize  # only here: a nightly run, which asks for no such chart, would load it for nothing

    root: float = optimize.brentq(lambda limit: np.log(length(limit) / arl), low, high, xtol=1e-10)
    return root


def normal_threshold(*, reference: float, arl: float, two_sided: bool = True) -> float:
    """The threshold h that gives the in-control mean run length `arl` (above 1, below 1e9).

    **Assumes independent normal observations of known mean and deviation.** Same source as `normal_arl`.

    >>> round(normal_threshold(reference=0.5, arl=370.4), 4)
    4.7749
    """

    def length(limit: float) -> float:
        return normal_arl(reference=reference, threshold=limit, two_sided=two_sided)

    return _crossing(length, arl, first=1e-6)


def normal_path(
    values: ArrayLike,
    *,
    target: float,
    deviation: float,
    reference: float,
    threshold: float,
    head_start: float = 0.0,
) -> NormalCusumPath:
    """Both sums of the tabular CUSUM, without restart; beyond means strictly beyond the threshold.

    `target` and `deviation` in the unit of the values, the other figures in deviations. Raises BadInput for
    a deviation of 0 or less. **Assumes independent observations.** Montgomery, Statistical Quality Control,
    7th ed., section 9.1.

    >>> path = normal_path([1.5, 0.5, 0.6, -1.5], target=0, deviation=1, reference=0.5, threshold=1)
    >>> path.upper, path.upper_alarms
    ((1.0, 1.0, 1.1, 0.0), (2,))
    """
    require_number(threshold, "threshold", above=0)
    for name, given in (("target", target), ("reference", reference), ("head_start", head_start)):
        require_number(given, name)
    scaled = (require_array(values, "values") - target) / require_number(deviation, "deviation", above=0)
    upper = _sums(scaled - reference, head_start)
    lower = -_sums(-scaled - reference, head_start)
    beyond = [tuple(np.flatnonzero(np.abs(side) > threshold).tolist()) for side in (upper, lower)]
    return NormalCusumPath(tuple(upper.tolist()), tuple(lower.tolist()), *beyond)


def _sums(steps: Vector, head_start: float) -> Vector:
    """max(0, S + step) from `head_start` on, added up in order so that no rounding travels along the path."""
    level, sums = head_start, np.empty(steps.size)
    for place, step in enumerate(steps.tolist()):
        level = max(0.0, level + step)
        sums[place] = level
    return sums


def shiryaev_roberts_arl(
    *, reference: float, log_threshold: float, shift: float = 0.0, log_floor: float = 0.0
) -> float:
    """Mean run length of R = (1 + R) exp(2k (x - k)), k being `reference`, until log R exceeds
    `log_threshold`.

    R begins at 0; from then on log R is held at `log_floor` or more: 0 as in R's spc, -12 for all purposes
    the procedure without floor. Raises BadInput for a floor at the threshold or above. **Assumes
    independent normal observations with deviation 1.** Roberts (1966), Technometrics 8, 411-430;
    Moustakides, Polunchenko and Tartakovsky (2011), Statistica Sinica 21, 571-596.

    >>> round(shiryaev_roberts_arl(reference=0.5, log_threshold=5.72372668), 3)
    500.0
    """
    slope = 2 * require_number(reference, "reference", above=0, below=10)
    require_number(log_threshold, "log_threshold", above=require_number(log_floor, "log_floor"), below=40)
    mean = slope * (require_number(shift, "shift") - reference)
    point, weight = np.polynomial.legendre.leggauss(2 * _NODES)
    span = log_threshold - log_floor
    node, weight = log_floor + span * (point + 1) / 2, span * weight / 2

    def moves(origin: Vector) -> Vector:
        gap = (node[None, :] - origin[:, None] - mean) / slope
        held = ndtr((log_floor - origin - mean) / slope)
        return np.column_stack([held, np.exp(-(gap**2) / 2) / (_ROOT_TWO_PI * slope) * weight])

    known = np.log1p(np.exp(np.concatenate([[log_floor], node])))
    lengths = np.linalg.solve(np.eye(known.size) - moves(known), np.ones(known.size))
    return float(1 + moves(np.zeros(1))[0] @ lengths)


def shiryaev_roberts_threshold(*, reference: float, arl: float, log_floor: float = 0.0) -> ShiryaevRobertsDesign:
    """The log threshold that gives the in-control mean run length `arl` (above 1, below 1e9).

    **Assumes independent normal observations with deviation 1.** Same sources as `shiryaev_roberts_arl`.

    >>> round(shiryaev_roberts_threshold(reference=0.5, arl=500).log_threshold, 5)
    5.72373
    """

    def length(limit: float) -> float:
        return shiryaev_roberts_arl(reference=reference, log_threshold=limit, log_floor=log_floor)

    return ShiryaevRobertsDesign(_crossing(length, arl, first=log_floor + 1e-3), arl)
