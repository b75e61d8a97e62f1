"""Lower limits of a total of amounts that are never negative: useful where few units are overpaid.

At 3 to 10 % errors a t limit is below zero in up to half of all samples of 50. Both limits here are above zero as
soon as one unit is overpaid. The betting limit has a proof; Gaffke's is larger, is the exact one for equal
all-or-nothing amounts, and has stood every simulation, but no proof for all distributions is known.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.results import Basis, Limit

_BETTING = Basis(
    method="betting lower limit",
    formula="largest m with average over t of prod(1 - t + t x_i/m) >= 1/risk, times N; t as beta(1, 20)",
    assumptions=("simple random sample, with or without replacement", "no amount is negative"),
    source="Waudby-Smith & Ramdas 2024, doi:10.1093/jrsssb/qkad009; Hoeffding 1963, theorem 4",
    convention="one-sided lower limit; coverage proven for every n and every distribution",
)
_GAFFKE = Basis(
    method="Gaffke's lower limit",
    formula="risk-quantile of sum D_i x_i, D uniform on the simplex of n + 1 parts, one of them at 0; times N",
    assumptions=("simple random sample", "no amount is negative"),
    source="Gaffke 2005, Mathematical Methods of Statistics 14: 451-467",
    convention="one-sided lower limit; exact for 0/1 amounts; coverage in general shown by simulation, not proven",
)

_BY_STRATUM = Basis(
    method="betting lower limit by stratum",
    formula="sum of the strata's betting limits, each at risk / (strata not taken whole); whole strata as they are",
    assumptions=("simple random sample in each stratum, with or without replacement", "no amount is negative"),
    source="Waudby-Smith & Ramdas 2024, doi:10.1093/jrsssb/qkad009; Bonferroni's inequality",
    convention="one-sided lower limit; coverage proven for every n and every distribution; conservative",
)

# Bets are spread as beta(1, 20) would spread them: the best bet is near the error rate, here 3 to 10 %.
_BETS = 1 - (1 - (np.arange(64) + 0.5) / 64) ** (1 / 20)
# The width of a step in the logarithm of the characteristic function's argument.
_STEP = 0.005


def betting_limit(overpaid: Iterable[float], population: int, *, confidence: Rate) -> Limit:
    """A lower limit of the total overpayment that covers for every sample size and distribution.

    overpaid: dollars (or cents) a sampled unit, at least 0. population: units in the frame. confidence: in (0, 1).
    Raises BadInput. **Assumes a simple random sample and no negative amount.** For a mean of m or less, prod(1 - t +
    t x_i/m) has an expectation of at most 1, also without replacement (Hoeffding 1963, theorem 4, as it is a convex
    function of a sum), so that it exceeds 1/risk with a probability of at most the risk (Markov).
    Waudby-Smith & Ramdas 2024.

    >>> round(betting_limit([0] * 47 + [90, 100, 110], population=1000, confidence=0.9).limit)
    1024
    """
    return _limit(_BETTING, overpaid, population, confidence, _bet_against)


def stratified_betting_limit(strata: Sequence[tuple[Iterable[float], int]], *, confidence: Rate) -> Limit:
    """A lower limit of the total overpayment from a stratified sample, for every sample size and distribution.

    strata: (overpayments of the sampled units, each at least 0, units in the stratum) of each stratum. confidence: in
    (0, 1). Raises BadInput, also where every stratum was taken whole. **Assumes simple random samples within strata
    and no negative amount.** Each stratum's limit may err with an equal part of the risk, so that all together err
    with no more than the whole. Waudby-Smith & Ramdas 2024.

    >>> one = ([0] * 40 + [90, 100, 110, 80], 500)
    >>> round(stratified_betting_limit([one, ([0] * 30, 200)], confidence=0.9).limit)
    768
    """
    columns = [(checks.numbers(values, "overpaid", least=0), size) for values, size in strata]
    for values, size in columns:
        checks.finite(0, values.size, size)
    open_ = [(values, size) for values, size in columns if values.size < size]
    known = sum(float(values.sum()) for values, size in columns if values.size == size)
    if not open_:
        raise BadInput(f"strata were all taken whole, so nothing is estimated; the total is {known:.12g}.")
    level = 1 - checks.risk(confidence) / len(open_)
    limits = [betting_limit(values, size, confidence=level).limit for values, size in open_]
    return Limit(
        basis=_BY_STRATUM,
        inputs={"strata": len(columns), "taken_whole": len(columns) - len(open_), "confidence_each": level},
        limit=known + sum(limits),
        estimate=sum(size * float(values.mean()) for values, size in columns),
        confidence=float(1 - checks.risk(confidence)),
        side="lower",
        n=sum(values.size for values, _ in columns),
    )


def gaffke_limit(overpaid: Iterable[float], population: int, *, confidence: Rate) -> Limit:
    """A larger lower limit of the total overpayment, whose coverage is shown but not proven.

    overpaid: dollars (or cents) a sampled unit, at least 0. population: units in the frame. confidence: in (0, 1).
    With equal all-or-nothing amounts it is the exact binomial limit. Raises BadInput.
    **Assumes a simple random sample and no negative amount.** Gaffke 2005.

    >>> round(gaffke_limit([0] * 47 + [100] * 3, population=1000, confidence=0.9).limit, 1)
    2224.4
    """
    return _limit(_GAFFKE, overpaid, population, confidence, _simplex_against)


def _limit(
    basis: Basis,
    overpaid: Iterable[float],
    population: int,
    confidence: Rate,
    against: Callable[[Floats, int, float, float], float],
) -> Limit:
    """N times the largest mean that is still rejected, and never less than what the sample itself holds."""
    column = checks.numbers(overpaid, "overpaid", least=0)
    _, n, whole = checks.finite(0, column.size, population)
    alpha, amounts = float(checks.risk(confidence)), column[column > 0]
    mean = _largest_rejected(lambda m: against(amounts, n, m, alpha), float(column.mean())) if amounts.size else 0.0
    errors = int(amounts.size)
    return Limit(
        basis=basis,
        inputs={"n": n, "population": whole, "errors": errors, "mean": float(column.mean())},
        limit=max(whole * mean, float(column.sum())),
        estimate=whole * float(column.mean()),
        confidence=1 - alpha,
        side="lower",
        n=n,
    )


def _largest_rejected(against: Callable[[float], float], mean: float) -> float:
    """The largest mean up to the sample's own that is rejected (`against` is not negative there), within 1e-10."""
    low = mean
    while against(low) < 0:
        low /= 4
        if low < mean * 1e-12:
            return 0.0
    if low == mean:
        return mean
    from scipy import optimize  # only here: a nightly run, which looks for no edge, would load it for nothing

    edge = optimize.brentq(lambda m: against(math.exp(m)), math.log(low), math.log(min(low * 4, mean)), xtol=1e-11)
    return math.exp(edge - 1e-10)


def _bet_against(amounts: Floats, n: int, mean: float, alpha: float) -> float:
    """The logarithm of what the gambler who bets against a mean of m or less holds at the end, over 1/alpha."""
    clean = (n - amounts.size) * np.log1p(-_BETS)
    won = clean + np.log1p(_BETS[:, None] * (amounts[None, :] / mean - 1)).sum(axis=1)
    return float(special.logsumexp(won)) - math.log(len(_BETS)) + math.log(alpha)


def _simplex_against(amounts: Floats, n: int, mean: float, alpha: float) -> float:
    """How much less than alpha P(sum D_i x_i <= m) is, by inverting the characteristic function.

    With exponential E and a gamma G of the parts at zero the event is sum E_i (x_i - m) <= m G (Gil-Pelaez 1951).
    """
    zeros = n + 1 - amounts.size
    values, times = np.unique(amounts, return_counts=True)
    # Beyond this the factor of the zeros alone is below exp(-60).
    last = min(1e5, math.sqrt(math.expm1(min(120 / zeros, 700))))
    logs = np.arange(math.log(1e-11 / float(amounts.max())), math.log(last / mean), _STEP)
    t = np.exp(logs)
    angle, size = -zeros * np.arctan(t * mean), zeros / 2 * np.log1p((t * mean) ** 2)
    for gap, often in zip(values - mean, times, strict=True):
        angle += often * np.arctan(t * gap)
        size += often / 2 * np.log1p((t * gap) ** 2)
    # The trapezoid rule on the logarithm of t: the integrand dies out smoothly at both ends.
    integral = _STEP * float((np.sin(angle) * np.exp(-size)).sum())
    return alpha - 0.5 + integral / math.pi
