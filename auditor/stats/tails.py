"""Tails of the binomial and the hypergeometric distribution, and exact comparisons of them with a risk.

Floating point finds a tail to some 13 digits in microseconds; where that is too near to the risk to tell which is
larger, integers of any length decide. Knows no interval and no plan.
"""

import math
from fractions import Fraction

import numpy as np
from scipy import special

# A float tail nearer than this (relative) to the risk is recomputed with integers.
_DOUBTFUL = 1e-9
# Up to so many units; beyond, the integers would take minutes, and a billionth of a risk decides nothing.
_LONGEST = 20_000
_CHUNK = 4096


def binomial_tail(errors: int, n: int, rate: Fraction) -> float:
    """P(X <= errors) for n independent units with an error rate; 0 <= errors <= n.

    >>> round(binomial_tail(0, 59, Fraction(5, 100)), 4)
    0.0485
    """
    return float(special.bdtr(float(errors), n, float(rate)))


def binomial_exceeds(errors: int, n: int, rate: Fraction, risk: Fraction) -> bool:
    """Whether P(X <= errors) is above the risk, exactly.

    >>> binomial_exceeds(0, 2, Fraction(1, 2), Fraction(1, 4))
    False
    """
    tail, near = binomial_tail(errors, n, rate), float(risk)
    if abs(tail - near) > _DOUBTFUL * near:
        return tail > near
    if n > _LONGEST:
        return tail > risk
    bad, all_ = rate.numerator, rate.denominator
    good = all_ - bad
    term, total = good**n, 0
    for found in range(errors + 1):
        total += term
        term = term * (n - found) * bad // ((found + 1) * good) if good else 0
    return Fraction(total, all_**n) > risk


def hypergeometric_tail(errors: int, n: int, bad: int, population: int) -> float:
    """P(X <= errors) when n of a population with `bad` errors are drawn without replacement.

    >>> round(hypergeometric_tail(2, 119, 50, 1000), 4)
    0.0493
    """
    least, most = max(0, n - (population - bad)), min(n, bad)
    if errors < least:
        return 0.0
    if errors >= most:
        return 1.0
    if errors <= (n + 1) * (bad + 1) / (population + 2):
        return min(1.0, _sum_downwards(errors, n, bad, population))
    above = _sum_downwards(n - errors - 1, n, population - bad, population)
    return max(0.0, 1 - above)


def hypergeometric_exceeds(errors: int, n: int, bad: int, population: int, risk: Fraction) -> bool:
    """Whether P(X <= errors) is above the risk, exactly; a tie is not above.

    >>> hypergeometric_exceeds(0, 1, 3, 4, Fraction(1, 4))
    False
    """
    return tail_exceeds(hypergeometric_tail(errors, n, bad, population), errors, n, bad, population, risk)


def tail_exceeds(tail: float, errors: int, n: int, bad: int, population: int, risk: Fraction) -> bool:
    """The same for a tail that is known already.

    >>> tail_exceeds(0.25, 0, 1, 3, 4, Fraction(1, 4))
    False
    """
    near = float(risk)
    if abs(tail - near) > _DOUBTFUL * near:
        return tail > near
    # The roles of "drawn" and "bad" may be exchanged: take the shorter integers.
    drawn, marked = (n, bad) if n <= bad else (bad, n)
    if drawn > _LONGEST:
        return tail > risk
    first = max(0, drawn - (population - marked))
    term = math.comb(marked, first) * math.comb(population - marked, drawn - first)
    ways = 0
    for i in range(first, min(errors, drawn, marked) + 1):
        ways += term
        term = term * (marked - i) * (drawn - i) // ((i + 1) * (population - marked - drawn + i + 1))
    return Fraction(ways, math.comb(population, drawn)) > risk


def _sum_downwards(errors: int, n: int, bad: int, population: int) -> float:
    """P(X <= errors) by summing from the largest term, at `errors`, down."""
    least = max(0, n - (population - bad))
    first = math.exp(_log_mass(errors, n, bad, population))
    total, term, top = 1.0, 1.0, errors
    while top > least and term > 1e-18 * total:
        found = np.arange(top, max(least, top - _CHUNK), -1, dtype=np.float64)
        ratios = found * (population - bad - n + found) / ((bad - found + 1) * (n - found + 1))
        terms = term * np.cumprod(ratios)
        total += float(terms.sum())
        term, top = float(terms[-1]), top - len(found)
    return first * total


def _log_mass(errors: int, n: int, bad: int, population: int) -> float:
    """The logarithm of P(X = errors) as three binomial masses at the sampling fraction (Loader 2000)."""
    if n in (0, population):
        return 0.0
    share = n / population
    return (
        _log_binomial(errors, bad, share)
        + _log_binomial(n - errors, population - bad, share)
        - _log_binomial(n, population, share)
    )


def _log_binomial(found: int, n: int, share: float) -> float:
    """The logarithm of a binomial mass by the saddle point: differences of large logarithms never arise."""
    if found == 0:
        return n * math.log1p(-share)
    if found == n:
        return n * math.log(share)
    rest = n - found
    body = _stirling(n) - _stirling(found) - _stirling(rest)
    body -= _deviance(found, n * share) + _deviance(rest, n * (1 - share))
    return body + 0.5 * math.log(n / (2 * math.pi * found * rest))


def _stirling(n: int) -> float:
    """ln n! less Stirling's formula."""
    if n < 16:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2 * math.pi)
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / n


def _deviance(found: float, mean: float) -> float:
    """found * ln(found / mean) + mean - found, without cancellation where they are near."""
    gap = found - mean
    if abs(gap) >= 0.1 * (found + mean):
        return found * math.log(found / mean) - gap
    slope = gap / (found + mean)
    total, power, step = gap * slope, 2 * found * slope, 1
    while step < 1000:
        power *= slope * slope
        following = total + power / (2 * step + 1)
        if following == total:
            return total
        total, step = following, step + 1
    return total
