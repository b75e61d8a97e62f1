"""The smallest sample whose exact interval will be as narrow as asked. Knows no normal approximation."""

import math
from collections.abc import Callable
from fractions import Fraction

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.finite_population import exact_interval
from auditor.stats.proportion import clopper_pearson
from auditor.stats.results import Basis, Size
from auditor.stats.tails import hypergeometric_exceeds

_LARGEST = 20_000_000
# Below this every n is tried; the argument by blocks needs rates that the rounding of counts no longer upsets.
_SCANNED = 40

_BASIS = Basis(
    method="exact precision of a rate",
    formula="smallest n whose exact interval at ceil(expected * n) errors is at most 2 * half_width wide",
    assumptions=("simple random sample", "the expected number of errors is found"),
    source="Clopper & Pearson 1934; hypergeometric inversion where the population is known",
    convention="two-sided; exact",
)


def exact_precision_size(
    *, expected: Rate, half_width: Rate, confidence: Rate, population: int | None = None
) -> Size:
    """The smallest n whose exact interval, at the expected count of errors, is at most 2 * half_width wide.

    expected: rate in [0, 1]. half_width: in (0, 1). confidence: in (0, 1). population: units in the frame, or
    None. The expected count is ceil(expected * n). Raises BadInput.
    **Assumes a simple random sample in which the expected count is found.** Clopper & Pearson 1934.

    >>> exact_precision_size(expected="0.05", half_width="0.02", confidence="0.95").sample_size
    514
    """
    rate, half = checks.rate(expected, "expected"), checks.open_rate(half_width, "half_width")
    whole = None if population is None else checks.count(population, "population", least=1)

    alpha = checks.risk(confidence)

    def width(n: int) -> float:
        errors = math.ceil(rate * n)
        if whole is not None and alpha <= Fraction(1, 2) and _too_wide(errors, n, whole, 2 * half, alpha):
            return math.inf
        found = (
            clopper_pearson(errors, n, confidence=confidence)
            if whole is None
            else exact_interval(errors, n, whole, confidence=confidence)
        )
        return found.high - found.low

    # Whole counts move a finite interval's limits by less than one unit each.
    slack = 0.0 if whole is None else 2 / whole
    n = _first_narrow(width, rate, 2 * float(half), slack, whole or _LARGEST)
    inputs = {"expected": rate, "half_width": half, "confidence": confidence, "population": whole}
    return Size(basis=_BASIS, inputs=inputs, sample_size=n, allowed_errors=math.ceil(rate * n))


def _too_wide(errors: int, n: int, population: int, allowed: Fraction, alpha: Fraction) -> bool:
    """Whether the upper limit alone is further from the estimate than the whole interval may be wide.

    One tail tells, where two limits would take a dozen. At a risk of a half or less the lower limit is not above
    the estimate rounded up to a whole count.
    """
    bad = math.ceil(Fraction(errors * population, n)) + math.floor(allowed * population) + 3
    return bad <= population - (n - errors) and hypergeometric_exceeds(errors, n, bad, population, alpha / 2)


def _first_narrow(width: Callable[[int], float], rate: Fraction, allowed: float, slack: float, most: int) -> int:
    """The smallest n with an allowed width, searched block by block of equal counts.

    Within a block (equal number of the rarer outcome) a larger n narrows the interval up to `slack`; from block
    end to block end the rate is constant, so the width falls there too, up to rounding: three blocks of grace.
    """
    for n in range(1, min(_SCANNED, most) + 1):
        if width(n) <= allowed:
            return n
    first, last = _block_of(_SCANNED, rate), _block_of(most, rate)
    low, high = first, first + 1
    while high < last and width(_block_end(high, rate, most)) > allowed + slack:
        low, high = high, min(last, 2 * high)
    high = min(high, last)
    while low < high:
        middle = (low + high) // 2
        if width(_block_end(middle, rate, most)) <= allowed + slack:
            high = middle
        else:
            low = middle + 1
    for block in range(max(first, low - 3), last + 1):
        start = max(_SCANNED + 1, _block_end(block - 1, rate, most) + 1)
        end = _block_end(block, rate, most)
        found = _first_in_block(width, (start, end), allowed, slack)
        if found is not None:
            return found
    raise BadInput(f"No sample of up to {most:,} units is as precise as that; raise half_width.")


def _first_in_block(
    width: Callable[[int], float], block: tuple[int, int], allowed: float, slack: float
) -> int | None:
    start, end = block
    if start > end or width(end) > allowed + slack:
        return None
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if width(middle) <= allowed + slack:
            high = middle
        else:
            low = middle + 1
    return next((n for n in range(low, end + 1) if width(n) <= allowed), None)


def _block_of(n: int, rate: Fraction) -> int:
    """How many of the rarer outcome are expected among n: ceil(rate * n) errors, or what is left of n."""
    errors = math.ceil(rate * n)
    return errors if rate <= Fraction(1, 2) else n - errors


def _block_end(block: int, rate: Fraction, most: int) -> int:
    """The largest n up to `most` with that many of the rarer outcome expected."""
    if block < 0:
        return 0
    if rate in (0, 1):
        return most
    if rate <= Fraction(1, 2):
        return min(most, math.floor(block / rate))
    return min(most, math.ceil((block + 1) / (1 - rate)) - 1)
