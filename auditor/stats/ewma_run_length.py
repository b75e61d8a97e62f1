"""Run lengths of the EWMA chart for normal values in units of their deviation, by integral equations.

It does not know rates; for audited periods of some size the normal law is near enough, for few errors it is
not.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy.special import ndtr

from auditor.errors import BadInput
from auditor.stats.array_checks import require_number

Vector = NDArray[np.float64]

_POINT, _WEIGHT = np.polynomial.legendre.leggauss(80)
_ROOT_TWO_PI = np.sqrt(2 * np.pi)


def _density(to: Vector, origin: Vector, weight: float, shift: float) -> Vector:
    """Density of the next average at `to` (columns) from `origin` (rows)."""
    gap = (to[None, :] - (1 - weight) * origin[:, None]) / weight - shift
    return np.asarray(np.exp(-(gap**2) / 2) / (_ROOT_TWO_PI * weight), dtype=np.float64)


def _stationary(nodes: Vector, widths: Vector, weight: float, shift: float) -> Vector:
    """Mean run length from each node, limits fixed."""
    moves = _density(nodes, nodes, weight, shift) * widths
    return np.asarray(np.linalg.solve(np.eye(nodes.size) - moves, np.ones(nodes.size)), dtype=np.float64)


def ewma_arl(*, smoothing: float, multiple: float, shift: float = 0.0, fixed_limits: bool = True) -> float:
    """Mean run length of the two-sided EWMA chart from its target, the mean lying `shift` deviations off.

    `smoothing` in (0, 1], `multiple` above 0; `fixed_limits` are the final ones from the start, otherwise
    they follow the variance of the average. Raises BadInput outside these ranges. **Assumes independent
    normal values of known deviation.** Crowder (1987), Technometrics 29, 401-407; Lucas and Saccucci
    (1990), Technometrics 32, 1-12, table 3.

    >>> [round(ewma_arl(smoothing=0.1, multiple=2.814, shift=shift), 1) for shift in (0, 0.5, 1)]
    [499.6, 31.3, 10.3]
    """
    weight = require_number(smoothing, "smoothing", above=0, below=1 + 1e-12)
    require_number(shift, "shift")
    limit = require_number(multiple, "multiple", above=0, below=10) * np.sqrt(weight / (2 - weight))
    if weight > 1 - 1e-9:
        return float(1 / (ndtr(-multiple - shift) + ndtr(shift - multiple)))
    nodes, widths = limit * _POINT, limit * _WEIGHT
    lengths = _stationary(nodes, widths, weight, shift)
    if fixed_limits:
        return float(1 + (_density(nodes, np.zeros(1), weight, shift)[0] * widths) @ lengths)
    return _following(weight, limit, shift, lengths)


def _following(weight: float, limit: float, shift: float, lengths: Vector) -> float:
    """Mean run length while the limits still widen, then that of the final limits."""
    total, narrowing = 1.0, (1 - weight) ** 2
    origin, mass, remaining = np.zeros(1), np.ones(1), narrowing
    while remaining > 1e-12:
        shrink = limit * np.sqrt(1 - remaining)
        nodes = shrink * _POINT
        mass = (mass @ _density(nodes, origin, weight, shift)) * shrink * _WEIGHT
        origin, total, remaining = nodes, total + float(mass.sum()), remaining * narrowing
    return total - float(mass.sum()) + float(mass @ lengths)


def ewma_multiple(*, smoothing: float, arl: float, fixed_limits: bool = True) -> float:
    """The multiple of deviations that gives the in-control mean run length `arl` (above 2, below 1e7), in
    periods.

    **Assumes independent normal values of known deviation.** Same sources as `ewma_arl`.

    >>> round(ewma_multiple(smoothing=0.1, arl=500), 3)
    2.814
    """
    require_number(arl, "arl", above=2, below=1e7)

    def excess(multiple: float) -> float:
        return float(np.log(ewma_arl(smoothing=smoothing, multiple=multiple, fixed_limits=fixed_limits) / arl))

    if excess(0.3) > 0:
        raise BadInput("arl is too small for this smoothing: every point would alarm.")
    root: float = optimize.brentq(excess, 0.3, 6.5, xtol=1e-9)
    return root
