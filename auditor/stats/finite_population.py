"""What a count of errors in a sample of a known frame says about the frame: hypergeometric test inversion.

Limits are rates; the counts they stand for are given beside them. A count of errors is inside when its exact tail
exceeds the risk, ties out. Does not know weights: for unequal selection see `design_based`.
"""

from dataclasses import dataclass
from fractions import Fraction

from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Interval, Limit
from auditor.stats.tails import hypergeometric_exceeds

_SOURCE = "hypergeometric test inversion; Buonaccorsi 1987, doi:10.2307/2684177; Katz 1953"
_ASSUMPTIONS = ("simple random sample without replacement from the whole frame",)
_TWO_SIDED = Basis(
    method="exact hypergeometric",
    formula="counts K with P(X >= errors | K) > a/2 and P(X <= errors | K) > a/2",
    assumptions=_ASSUMPTIONS,
    source=_SOURCE,
    convention="exact; ties are outside; limits are counts / population",
)
_ONE_SIDED = Basis(
    method="exact hypergeometric limit",
    formula="upper: largest K with P(X <= errors | K) > a; lower: smallest K with P(X >= errors | K) > a",
    assumptions=_ASSUMPTIONS,
    source=_SOURCE + "; Edwards et al. 2003",
    convention="one-sided: all of the risk lies on one side; limit is count / population",
)


@dataclass(frozen=True, kw_only=True)
class CountInterval(Interval):
    """An interval of rates with the whole counts of errors in the frame that it stands for."""

    low_count: int
    high_count: int


@dataclass(frozen=True, kw_only=True)
class CountLimit(Limit):
    """A limit of the rate with the whole count of errors in the frame that it stands for."""

    count: int


def exact_interval(errors: int, n: int, population: int, *, confidence: Rate) -> CountInterval:
    """The tight exact interval for the error rate of a frame.

    errors: units in error, 0 to n. n: units drawn, 1 to population. population: units in the frame.
    confidence: in (0, 1). Raises BadInput. **Assumes a simple random sample without replacement.**
    Buonaccorsi 1987, doi:10.2307/2684177.

    >>> found = exact_interval(2, 100, 300, confidence=0.95)
    >>> found.low_count, found.high_count
    (2, 18)
    """
    found, drawn, whole = checks.finite(errors, n, population)
    alpha = checks.risk(confidence)
    low, high = lowest_count(found, drawn, whole, alpha / 2), highest_count(found, drawn, whole, alpha / 2)
    return CountInterval(
        basis=_TWO_SIDED,
        inputs=_inputs(found, drawn, whole, alpha),
        low=low / whole,
        high=high / whole,
        estimate=found / drawn,
        confidence=float(1 - alpha),
        n=drawn,
        low_count=low,
        high_count=high,
    )


def upper_limit(errors: int, n: int, population: int, *, confidence: Rate) -> CountLimit:
    """The exact one-sided upper limit of a frame's error rate.

    errors: 0 to n. n: 1 to population. confidence: in (0, 1). Raises BadInput.
    **Assumes a simple random sample without replacement.** Buonaccorsi 1987.

    >>> upper_limit(2, 102, 1200, confidence=0.9).count
    59
    """
    found, drawn, whole = checks.finite(errors, n, population)
    alpha = checks.risk(confidence)
    return _limit("upper", (found, drawn, whole), highest_count(found, drawn, whole, alpha), alpha)


def lower_limit(errors: int, n: int, population: int, *, confidence: Rate) -> CountLimit:
    """The exact one-sided lower limit of a frame's error rate.

    errors: 0 to n. n: 1 to population. confidence: in (0, 1). Raises BadInput.
    **Assumes a simple random sample without replacement.** Edwards et al. 2003, the minimum sum method.

    >>> lower_limit(3, 102, 1200, confidence=0.9).count
    14
    """
    found, drawn, whole = checks.finite(errors, n, population)
    alpha = checks.risk(confidence)
    return _limit("lower", (found, drawn, whole), lowest_count(found, drawn, whole, alpha), alpha)


def highest_count(errors: int, n: int, population: int, risk: Fraction) -> int:
    """The largest number of errors in the frame under which so few in the sample are likelier than the risk."""
    inside, outside = errors, population - (n - errors) + 1
    while outside - inside > 1:
        middle = (inside + outside) // 2
        if hypergeometric_exceeds(errors, n, middle, population, risk):
            inside = middle
        else:
            outside = middle
    return inside


def lowest_count(errors: int, n: int, population: int, risk: Fraction) -> int:
    """The smallest number of errors in the frame under which so many in the sample are likelier than the risk."""
    return population - highest_count(n - errors, n, population, risk)


def _limit(side: str, counts: tuple[int, int, int], count: int, alpha: Fraction) -> CountLimit:
    errors, n, population = counts
    return CountLimit(
        basis=_ONE_SIDED,
        inputs=_inputs(errors, n, population, alpha),
        limit=count / population,
        estimate=errors / n,
        confidence=float(1 - alpha),
        side=side,
        n=n,
        count=count,
    )


def _inputs(errors: int, n: int, population: int, alpha: Fraction) -> dict[str, object]:
    return {"errors": errors, "n": n, "population": population, "confidence": float(1 - alpha)}
