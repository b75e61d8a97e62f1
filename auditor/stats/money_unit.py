"""How many dollars to look at when each dollar of a book may be wrong in part: monetary unit sampling.

The Poisson convention, which takes fractional expected errors; at 10 % and 95 % it asks for 30 where the binomial
plan asks for 29. Does not select dollars (see `selection`) nor evaluate them (see `taint_bounds`).
"""

import math

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Limit, Size

_LARGEST = 20_000_000
_ASSUMPTIONS = ("dollars are selected with equal probability", "a dollar is wrong by at most itself")
_BASIS = Basis(
    method="monetary unit sampling",
    formula="smallest n with gamma.ppf(confidence, 1 + expected * n, scale = 1/n) <= tolerable",
    assumptions=_ASSUMPTIONS,
    source="AICPA Audit Guide: Audit Sampling (2017), appendix C, table C-1",
    convention="Poisson; `expected` is a rate of the book, not a share of the tolerable rate",
)
_FACTOR = Basis(
    method="confidence factor",
    formula="F = gamma.ppf(confidence, 1 + ratio * F)",
    assumptions=_ASSUMPTIONS,
    source="AICPA Audit Guide: Audit Sampling (2017), appendix C, table C-2",
    convention="Poisson; n = book * F / tolerable dollars",
)


def money_unit_size(*, tolerable: Rate, expected: Rate, confidence: Rate) -> Size:
    """The smallest number of dollars at which the expected error still rules out the tolerable rate.

    tolerable: share of the book in (0, 1). expected: share of the book in [0, tolerable). confidence: in (0, 1).
    Raises BadInput. **Assumes dollars selected with equal probability.** AICPA 2017, table C-1.

    >>> money_unit_size(tolerable="0.1", expected=0, confidence="0.95").sample_size
    30
    """
    limit, hoped = checks.open_rate(tolerable, "tolerable"), checks.rate(expected, "expected")
    alpha = float(checks.risk(confidence))
    if hoped >= limit:
        raise BadInput(f"expected must be below tolerable; got {float(hoped):g} and {float(limit):g}.")
    n = _first(float(limit), float(hoped), alpha)
    inputs = {"tolerable": limit, "expected": hoped, "confidence": 1 - alpha}
    return Size(basis=_BASIS, inputs=inputs, sample_size=n)


def money_unit_factor(*, expected_to_tolerable: Rate, confidence: Rate) -> Limit:
    """The confidence factor F of the auditor's tables, where expected error is a share of tolerable error.

    expected_to_tolerable: in [0, 1). confidence: in (0, 1). The factor is `.limit`. Raises BadInput.
    **Assumes dollars selected with equal probability.** AICPA 2017, table C-2.

    >>> round(money_unit_factor(expected_to_tolerable="0.2", confidence="0.95").limit, 2)
    4.62
    """
    ratio, alpha = checks.rate(expected_to_tolerable, "expected_to_tolerable"), float(checks.risk(confidence))
    if ratio == 1:
        raise BadInput("expected_to_tolerable must be below 1.")
    share = float(ratio)
    low, high = 0.0, -math.log(alpha) + 1
    while special.gammaincc(1 + share * high, high) > alpha:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if special.gammaincc(1 + share * middle, middle) > alpha else (low, middle)
    inputs = {"expected_to_tolerable": ratio, "confidence": 1 - alpha}
    return Limit(
        basis=_FACTOR, inputs=inputs, limit=high, estimate=share * high, confidence=1 - alpha, side="upper", n=0
    )


def _first(limit: float, hoped: float, alpha: float) -> int:
    """The first n at which the Poisson tail at the tolerable rate is no more than the risk."""
    start, step = 1, 1024
    while start < _LARGEST:
        n = np.arange(start, start + step, dtype=np.float64)
        passing = np.flatnonzero(special.gammaincc(1 + hoped * n, limit * n) <= alpha * (1 + 1e-13))
        if passing.size:
            return int(n[passing[0]])
        start, step = start + step, min(2 * step, 1 << 18)
    raise BadInput(f"No sample of up to {_LARGEST:,} dollars can do this; lower expected or raise tolerable.")
