"""Curved boundaries that a sum of centred outcomes crosses with at most a stated chance, ever. Knows no outcomes.

`v` is the variance process of the sum, `optimal_v` where the boundary is to be tightest. All are from Howard,
Ramdas, McAuliffe and Sekhon (2021), Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of
Statistics 49(2), 1055-1080, doi:10.1214/20-AOS1991.
"""

from collections.abc import Callable
from math import inf, lgamma, log, sqrt

from scipy.optimize import brentq
from scipy.special import betainc, betaln, gammainc, gammaincc, log_ndtr, zeta

from auditor.errors import BadInput
from auditor.stats import checks

TUNED_FOR = 0.05  # the risk at which `optimal_v` is optimal


def normal_mixture_boundary(
    v: float, *, confidence: checks.Rate = "0.95", optimal_v: float, two_sided: bool = False
) -> float:
    """Boundary of a normal mixture, for sums with sub-Gaussian steps; v, optimal_v above 0.

    **Assumes steps that are sub-Gaussian given the past.** Raises: BadInput for a v that is not above 0.

    >>> round(normal_mixture_boundary(100, optimal_v=100, two_sided=True), 5)
    30.35209

    Howard et al. (2021), proposition 5, doi:10.1214/20-AOS1991.
    """
    at, threshold = _at(v, confidence)
    if two_sided:
        rho = _rho(optimal_v, TUNED_FOR)
        return sqrt((at + rho) * (log(1 + at / rho) + 2 * threshold))
    rho = _rho(optimal_v, 2 * TUNED_FOR)

    def log_mixture(s: float) -> float:
        spread = at + rho
        return float(0.5 * log(4 * rho / spread) + s * s / (2 * spread) + log_ndtr(s / sqrt(spread)))

    return _crossing(log_mixture, threshold, start=at)


def gamma_exponential_boundary(
    v: float, *, confidence: checks.Rate = "0.95", optimal_v: float, scale: float
) -> float:
    """Boundary of a gamma-exponential mixture, for sums with sub-exponential steps of this scale (above 0).

    **Assumes sub-exponential steps given the past.** Raises: BadInput for v, optimal_v or scale not above 0.

    >>> round(gamma_exponential_boundary(100, optimal_v=100, scale=2), 5)
    33.02017

    Howard et al. (2021), proposition 9, doi:10.1214/20-AOS1991.
    """
    at, threshold = _at(v, confidence)
    square = float(checks.positive(scale, "scale")) ** 2
    shape = _rho(optimal_v, 2 * TUNED_FOR) / square
    constant = shape * log(shape) - lgamma(shape) - log(gammainc(shape, shape))

    def log_mixture(s: float) -> float:
        moved, spread = (scale * s + at) / square, at / square + shape
        tail = log(gammainc(spread, moved + shape))
        return constant + lgamma(spread) + tail - spread * log(moved + shape) + moved

    return _crossing(log_mixture, threshold, start=at)


def gamma_poisson_boundary(v: float, *, confidence: checks.Rate = "0.95", optimal_v: float, scale: float) -> float:
    """Boundary of a gamma-Poisson mixture, for sums with steps bounded by this scale (above 0).

    **Assumes sub-Poisson steps given the past.** Raises: BadInput for v, optimal_v or scale not above 0.

    >>> round(gamma_poisson_boundary(100, optimal_v=100, scale=2), 4)
    30.1949

    Howard et al. (2021), proposition 10, doi:10.1214/20-AOS1991.
    """
    at, threshold = _at(v, confidence)
    square = float(checks.positive(scale, "scale")) ** 2
    shape = _rho(optimal_v, 2 * TUNED_FOR) / square
    constant = shape * log(shape) - lgamma(shape) - log(gammaincc(shape, shape))

    def log_mixture(s: float) -> float:
        spread = at / square + shape
        moved = s / scale + spread
        tail = log(gammaincc(moved, spread))
        return constant + lgamma(moved) + tail - moved * log(spread) + at / square

    return _crossing(log_mixture, threshold, start=at)


def beta_binomial_boundary(
    v: float,
    *,
    confidence: checks.Rate = "0.95",
    optimal_v: float,
    below: float,
    above: float,
    two_sided: bool = True,
) -> float:
    """Boundary of a beta-binomial mixture, for steps between -below and above (both above 0).

    **Assumes steps in that range with mean zero given the past.** Raises: BadInput for numbers not above 0.

    >>> round(beta_binomial_boundary(100, optimal_v=100, below=0.2, above=0.8), 4)
    31.4308

    Howard et al. (2021), proposition 7, doi:10.1214/20-AOS1991.
    """
    at, threshold = _at(v, confidence)
    low, high = float(checks.positive(below, "below")), float(checks.positive(above, "above"))

    def log_mixture(s: float) -> float:
        return beta_binomial_log_mixture(s, at, optimal_v=optimal_v, below=low, above=high, two_sided=two_sided)

    return _crossing(log_mixture, threshold, start=at, most=at / low)


def stitched_boundary(
    v: float,
    *,
    confidence: checks.Rate = "0.95",
    least_v: float,
    scale: float = 0.0,
    power: float = 1.4,
    ratio: float = 2.0,
) -> float:
    """Polynomial stitched boundary, of the order of the law of the iterated logarithm.

    least_v above 0: where it starts to grow; scale: of sub-gamma steps; power, ratio above 1: of the epochs.
    **Assumes sub-gamma steps given the past.** Raises: BadInput for numbers outside these ranges.

    >>> round(stitched_boundary(100, least_v=10, scale=3), 5)
    64.48755

    Howard et al. (2021), theorem 1, doi:10.1214/20-AOS1991.
    """
    at, threshold = _at(v, confidence)
    start = float(checks.positive(least_v, "least_v"))
    if power <= 1 or ratio <= 1:
        raise BadInput(f"power and ratio must be above 1, not {power:g} and {ratio:g}.")
    used = max(at, start)
    spent = power * log(log(ratio * used / start)) + log(zeta(power) / log(ratio) ** power) + threshold
    first = (ratio**0.25 + ratio**-0.25) / sqrt(2)
    second = (sqrt(ratio) + 1) / 2 * scale * spent
    return sqrt(first**2 * used * spent + second**2) + second


def beta_binomial_log_mixture(
    s: float, v: float, *, optimal_v: float, below: float, above: float, two_sided: bool = True
) -> float:
    """Log of the beta-binomial mixture martingale at sum s and variance v."""
    span, product = below + above, below * above
    rho = _rho(optimal_v, TUNED_FOR if two_sided else 2 * TUNED_FOR)
    r = max(rho - product, 1e-3 * product)
    cut = 1.0 if two_sided else above / span
    return (
        v / product * log(span)
        - (v + above * s) / (above * span) * log(below)
        - (v - below * s) / (below * span) * log(above)
        + _log_incomplete_beta((r + v - below * s) / (below * span), (r + v + above * s) / (above * span), cut)
        - _log_incomplete_beta(r / (below * span), r / (above * span), cut)
    )


def _log_incomplete_beta(a: float, b: float, cut: float) -> float:
    return float(betaln(a, b)) + (0.0 if cut == 1 else log(betainc(a, b, cut)))


def _rho(optimal_v: float, risk: float) -> float:
    at = float(checks.positive(optimal_v, "optimal_v"))
    return at / (2 * log(1 / risk) + log(1 + 2 * log(1 / risk)))


def _at(v: float, confidence: checks.Rate) -> tuple[float, float]:
    return float(checks.positive(v, "v")), -log(checks.risk(confidence))


def _crossing(log_mixture: Callable[[float], float], threshold: float, *, start: float, most: float = inf) -> float:
    """The sum at which a growing log mixture meets the threshold."""
    high = min(start, most)
    while high < most and log_mixture(high) <= threshold:
        high = min(2 * high, most)
    if log_mixture(high) < threshold:
        return high
    return float(brentq(lambda s: log_mixture(s) - threshold, 0.0, high, xtol=1e-12))
