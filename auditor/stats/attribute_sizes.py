"""How many units a yes-or-no question needs so that few errors rule out a bad error rate.

Rates are exact fractions: in floating point 0.035 * 400 is above 14, and a plan one error too strict follows.
Does not know what an error is, nor how the units will be drawn.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Size
from auditor.stats.tails import binomial_exceeds, binomial_tail, hypergeometric_exceeds

# Beyond this no audit is planned, and the search would take long.
_LARGEST = 20_000_000

_BINOMIAL = "binomial: the frame is much larger than the sample"
_HYPERGEOMETRIC = "hypergeometric with K = ceil(population * tolerable) errors in the frame"
_SOURCE = "AICPA Audit Guide: Audit Sampling (2017), appendix A, tables A-1 and A-2"

Passes = Callable[[int, int], bool]


def attribute_size(*, tolerable: Rate, expected: Rate, confidence: Rate, population: int | None = None) -> Size:
    """The smallest n at which the expected number of errors still rules out the tolerable rate.

    tolerable: rate in (0, 1) to be ruled out. expected: rate in [0, tolerable). confidence: in (0, 1).
    population: units in the frame, or None for a large one. Floats mean the decimal that they print as.
    Raises BadInput, also where no sample is large enough. **Assumes a simple random sample.**
    AICPA Audit Guide: Audit Sampling (2017), tables A-1 and A-2.

    >>> attribute_size(tolerable="0.05", expected="0.035", confidence="0.9").sample_size
    400
    """
    limit, hoped = checks.open_rate(tolerable, "tolerable"), checks.rate(expected, "expected")
    alpha = checks.risk(confidence)
    if hoped >= limit:
        raise BadInput(f"expected must be below tolerable; got {float(hoped):g} and {float(limit):g}.")
    whole = None if population is None else checks.count(population, "population", least=1)
    passes, most = _plan(limit, alpha, whole)
    errors, n = _first_block(hoped, passes, most)
    inputs = {"tolerable": limit, "expected": hoped, "confidence": 1 - alpha, "population": whole}
    basis = _basis("attribute sampling", "smallest n with P(X <= k) <= 1 - confidence, k = ceil(expected * n)", whole)
    return Size(basis=basis, inputs=inputs, sample_size=n, allowed_errors=errors)


def acceptance_size(*, tolerable: Rate, allowed_errors: int, confidence: Rate, population: int | None = None) -> Size:
    """The smallest n at which a fixed number of errors still rules out the tolerable rate.

    With 0 allowed errors this is discovery sampling. tolerable: rate in (0, 1). allowed_errors: at least 0.
    confidence: in (0, 1). population: units in the frame, or None. Raises BadInput, also where no sample is
    large enough. **Assumes a simple random sample.** Touw & Hoogduin 2011; DCAA EZ-Quant.

    >>> acceptance_size(tolerable="0.05", allowed_errors=0, confidence="0.95").sample_size
    59
    """
    limit, alpha = checks.open_rate(tolerable, "tolerable"), checks.risk(confidence)
    allowed = checks.count(allowed_errors, "allowed_errors")
    whole = None if population is None else checks.count(population, "population", least=1)
    passes, most = _plan(limit, alpha, whole)
    n = _smallest(allowed, passes, allowed + 1, most)
    inputs = {"tolerable": limit, "allowed_errors": allowed, "confidence": 1 - alpha, "population": whole}
    name = "discovery sampling" if allowed == 0 else "acceptance sampling"
    basis = _basis(name, "smallest n with P(X <= allowed errors) <= 1 - confidence", whole)
    return Size(basis=basis, inputs=inputs, sample_size=n, allowed_errors=allowed)


def two_stage_size(*, tolerable: Rate, allowed_errors: tuple[int, int], confidence: Rate) -> Size:
    """The smallest plan that may draw as much again; `sample_size` counts both stages, of equal size.

    allowed_errors (a, b): without errors the first stage passes; with 1 to a of them a second stage is drawn,
    which must show at most b; more fail. The risk of passing the tolerable rate counts both ways through.
    tolerable, confidence: in (0, 1). Raises BadInput.
    **Assumes that the rule was fixed before the first draw.** Touw & Hoogduin 2011, p. 129.

    >>> two_stage_size(tolerable="0.05", allowed_errors=(1, 0), confidence="0.9").sample_size
    98
    """
    limit, alpha = checks.open_rate(tolerable, "tolerable"), checks.risk(confidence)
    first, second = (checks.count(each, "allowed_errors") for each in allowed_errors)

    def passes(_: int, n: int) -> bool:
        clean = binomial_tail(0, n, limit)
        continued = binomial_tail(min(first, n), n, limit) - clean
        return clean + continued * binomial_tail(min(second, n), n, limit) <= alpha

    n = _smallest(first, passes, 1, _LARGEST)
    inputs = {"tolerable": limit, "allowed_errors": (first, second), "confidence": 1 - alpha}
    formula = "P(X1 = 0) + P(1 <= X1 <= a) P(X2 <= b) <= 1 - confidence"
    basis = _basis("two-stage acceptance sampling", formula, None)
    return Size(basis=basis, inputs=inputs, sample_size=2 * n)


def _plan(limit: Fraction, alpha: Fraction, population: int | None) -> tuple[Passes, int]:
    """Whether so many errors among n rule out the tolerable rate, and the largest n there is."""
    if population is None:
        return (lambda errors, n: not binomial_exceeds(errors, n, limit, alpha)), _LARGEST
    bad = math.ceil(population * limit)
    return (lambda errors, n: not hypergeometric_exceeds(errors, n, bad, population, alpha)), population


def _first_block(hoped: Fraction, passes: Passes, most: int) -> tuple[int, int]:
    """The first n that passes with k = ceil(hoped * n): k is constant on blocks, and there larger n pass more."""
    if hoped == 0:
        return 0, _smallest(0, passes, 1, most)
    errors, block_end = 0, 0
    while block_end < most:
        errors, block_start = errors + 1, block_end + 1
        block_end = min(most, math.floor(errors / hoped))
        if block_start <= block_end and passes(errors, block_end):
            return errors, _smallest(errors, passes, block_start, block_end)
    raise _too_small(most)


def _smallest(errors: int, passes: Passes, least: int, most: int) -> int:
    """The smallest n from least to most that passes with a fixed number of errors."""
    step, last = 1, least
    while last < most and not passes(errors, last):
        least, last, step = last + 1, min(most, last + step), step * 2
    if least > most or not passes(errors, last):
        raise _too_small(most)
    while least < last:
        middle = (least + last) // 2
        if passes(errors, middle):
            last = middle
        else:
            least = middle + 1
    return last


def _too_small(most: int) -> BadInput:
    return BadInput(
        f"No sample of up to {most:,} units can do this; lower expected or allowed_errors, or raise tolerable."
    )


def _basis(name: str, formula: str, population: int | None) -> Basis:
    return Basis(
        method=name,
        formula=formula,
        assumptions=("simple random sample", "each unit is in error or not"),
        source=_SOURCE,
        convention=_BINOMIAL if population is None else _HYPERGEOMETRIC,
    )
