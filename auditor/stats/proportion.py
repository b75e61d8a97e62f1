"""What a count of errors says about a rate, for independent units or a large population.

Does not know how the units were chosen: for a sample of a small frame see `finite_population`, for weights,
strata or codes that belong to one claim see `ratio`.
"""

import math

from scipy import special

from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Interval, Limit

_SIMPLE = ("independent units with one error rate (or a frame much larger than the sample)",)
_EXACT = Basis(
    method="Clopper-Pearson",
    formula="low: P(X >= errors) = a/2; high: P(X <= errors) = a/2; beta quantiles",
    assumptions=_SIMPLE,
    source="Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404",
    convention="exact; covers at least the stated confidence",
)
_WILSON = Basis(
    method="Wilson score",
    formula="(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)",
    assumptions=_SIMPLE,
    source="Wilson 1927, doi:10.1080/01621459.1927.10502953",
    convention="approximate; covers the stated confidence on average",
)
_JEFFREYS = Basis(
    method="Jeffreys",
    formula="quantiles of beta(errors + 1/2, n - errors + 1/2); 0 and 1 at the edges",
    assumptions=(*_SIMPLE, "Jeffreys' prior"),
    source="Brown, Cai & DasGupta 2001, doi:10.1214/ss/1009213286",
    convention="approximate; covers the stated confidence on average",
)
_AGRESTI_COULL = Basis(
    method="Agresti-Coull",
    formula="q +- z sqrt(q(1-q)/m), m = n + z^2, q = (errors + z^2/2)/m, cut to [0, 1]",
    assumptions=_SIMPLE,
    source="Agresti & Coull 1998, doi:10.1080/00031305.1998.10480550",
    convention="approximate; wider than Wilson",
)
_ONE_SIDED = Basis(
    method="exact binomial limit",
    formula="upper: P(X <= errors) = a; lower: P(X >= errors) = a; beta quantiles",
    assumptions=_SIMPLE,
    source="Clopper & Pearson 1934; AICPA Audit Guide: Audit Sampling, tables A-3 and A-4",
    convention="one-sided: all of the risk lies on one side",
)


def clopper_pearson(errors: int, n: int, *, confidence: Rate) -> Interval:
    """The exact two-sided interval for an error rate.

    errors: units in error, 0 to n. n: units looked at, at least 1. confidence: in (0, 1).
    Raises BadInput where these do not hold. **Assumes independent units.** Clopper & Pearson 1934.

    >>> found = clopper_pearson(4, 200, confidence=0.95)
    >>> round(found.low, 6), round(found.high, 6)
    (0.005476, 0.050414)
    """
    found, looked_at = checks.sampled(errors, n)
    alpha = float(checks.risk(confidence))
    low, high = beta_low(found, looked_at, alpha / 2), beta_high(found, looked_at, alpha / 2)
    return _interval(_EXACT, found, looked_at, (low, high), 1 - alpha)


def wilson(errors: int, n: int, *, confidence: Rate) -> Interval:
    """Wilson's score interval: shorter than the exact one, right on average.

    errors: 0 to n. n: at least 1. confidence: in (0, 1). Raises BadInput.
    **Assumes independent units.** Wilson 1927.

    >>> round(wilson(0, 30, confidence=0.95).high, 6)
    0.113513
    """
    found, looked_at = checks.sampled(errors, n)
    alpha = float(checks.risk(confidence))
    z = _normal_quantile(alpha)
    p, scale = found / looked_at, 1 + z * z / looked_at
    middle = (p + z * z / (2 * looked_at)) / scale
    half = z * (p * (1 - p) / looked_at + z * z / (4 * looked_at * looked_at)) ** 0.5 / scale
    low = 0.0 if found == 0 else middle - half
    high = 1.0 if found == looked_at else middle + half
    return _interval(_WILSON, found, looked_at, (low, high), 1 - alpha)


def jeffreys(errors: int, n: int, *, confidence: Rate) -> Interval:
    """The equal-tailed interval of Jeffreys' prior; 0 without errors and 1 without clean units.

    errors: 0 to n. n: at least 1. confidence: in (0, 1). Raises BadInput.
    **Assumes independent units.** Brown, Cai & DasGupta 2001.

    >>> round(jeffreys(4, 200, confidence=0.95).high, 6)
    0.046847
    """
    found, looked_at = checks.sampled(errors, n)
    alpha = float(checks.risk(confidence))
    a, b = found + 0.5, looked_at - found + 0.5
    low = 0.0 if found == 0 else float(special.betaincinv(a, b, alpha / 2))
    high = 1.0 if found == looked_at else float(special.betainccinv(a, b, alpha / 2))
    return _interval(_JEFFREYS, found, looked_at, (low, high), 1 - alpha)


def agresti_coull(errors: int, n: int, *, confidence: Rate) -> Interval:
    """Wald's interval after adding z^2/2 errors and as many clean units.

    errors: 0 to n. n: at least 1. confidence: in (0, 1). Raises BadInput.
    **Assumes independent units.** Agresti & Coull 1998.

    >>> round(agresti_coull(4, 200, confidence=0.95).low, 6)
    0.005992
    """
    found, looked_at = checks.sampled(errors, n)
    alpha = float(checks.risk(confidence))
    z = _normal_quantile(alpha)
    m = looked_at + z * z
    q = (found + z * z / 2) / m
    half = z * (q * (1 - q) / m) ** 0.5
    limits = max(0.0, q - half), min(1.0, q + half)
    return _interval(_AGRESTI_COULL, found, looked_at, limits, 1 - alpha)


def upper_limit(errors: int, n: int, *, confidence: Rate) -> Limit:
    """The exact one-sided upper limit of an error rate: what the auditor's tables print.

    errors: 0 to n. n: at least 1. confidence: in (0, 1). Raises BadInput.
    **Assumes independent units.** AICPA Audit Guide: Audit Sampling, tables A-3 (95 %) and A-4 (90 %).

    >>> round(upper_limit(0, 59, confidence=0.95).limit, 4)
    0.0495
    """
    found, looked_at = checks.sampled(errors, n)
    alpha = float(checks.risk(confidence))
    return _limit("upper", found, looked_at, beta_high(found, looked_at, alpha), 1 - alpha)


def lower_limit(errors: int, n: int, *, confidence: Rate) -> Limit:
    """The exact one-sided lower limit of an error rate.

    errors: 0 to n. n: at least 1. confidence: in (0, 1). Raises BadInput.
    **Assumes independent units.** Clopper & Pearson 1934.

    >>> round(lower_limit(3, 50, confidence=0.9).limit, 4)
    0.0222
    """
    found, looked_at = checks.sampled(errors, n)
    alpha = float(checks.risk(confidence))
    return _limit("lower", found, looked_at, beta_low(found, looked_at, alpha), 1 - alpha)


def beta_low(errors: float, n: float, risk: float) -> float:
    """The rate at which `errors` or more have probability `risk`; closed at the edges, whole counts or not."""
    if errors <= 0:
        return 0.0
    if errors >= n:
        return float(risk ** (1 / n))
    return float(special.betaincinv(errors, n - errors + 1, risk))


def beta_high(errors: float, n: float, risk: float) -> float:
    """The rate at which `errors` or fewer have probability `risk`; closed at the edges, whole counts or not."""
    if errors >= n:
        return 1.0
    if errors <= 0:
        return -math.expm1(math.log(risk) / n)  # 1 - risk^(1/n), with its digits at large n
    return float(special.betainccinv(errors + 1, n - errors, risk))


def _normal_quantile(alpha: float) -> float:
    return float(-special.ndtri(alpha / 2))


def _interval(basis: Basis, errors: int, n: int, limits: tuple[float, float], confidence: float) -> Interval:
    inputs = {"errors": errors, "n": n, "confidence": confidence}
    low, high = limits
    return Interval(basis=basis, inputs=inputs, low=low, high=high, estimate=errors / n, confidence=confidence, n=n)


def _limit(side: str, errors: int, n: int, limit: float, confidence: float) -> Limit:
    inputs = {"errors": errors, "n": n, "confidence": confidence}
    return Limit(
        basis=_ONE_SIDED,
        inputs=inputs,
        limit=limit,
        estimate=errors / n,
        confidence=confidence,
        side=side,
        n=n,
    )
