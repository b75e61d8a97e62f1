"""What a count of errors in a sample of a known frame says about the frame: hypergeometric test inversion.

Limits are rates; the counts they stand for are given beside them. A count of errors is inside when its exact tail
exceeds the risk, ties out. Does not know weights: for unequal selection see `ratio`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.count_limits import highest_count, lowest_count
from auditor.stats.results import Basis, Interval, Limit
from auditor.stats.tails import hypergeometric_tail

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

_STRATIFIED = Basis(
    method="stratified hypergeometric",
    formula="counts K = sum K_h with max over K_h of Fisher's joint tail > a/2 on either side",
    assumptions=("simple random samples without replacement within strata, independent of each other",),
    source="Fisher 1932; Wendell & Schmee 1996, doi:10.2307/2291664",
    convention="conservative: covers at least the stated confidence",
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


def stratified_interval(strata: Sequence[tuple[int, int, int]], *, confidence: Rate) -> CountInterval:
    """A conservative interval for the error rate of a frame that was sampled by strata.

    strata: (errors, n, population) of each stratum. confidence: in (0, 1). With one stratum it is the exact
    interval. Raises BadInput. **Assumes simple random samples within strata, independent of each other.**
    Tail probabilities are joined by Fisher's method, at the spread of errors over strata that suits the worst case;
    Fisher 1932, Statistical Methods for Research Workers, 21.1; Wendell & Schmee 1996, doi:10.2307/2291664.

    >>> found = stratified_interval([(1, 60, 400), (4, 60, 200)], confidence=0.95)
    >>> found.low_count, found.high_count
    (6, 56)
    """
    if not strata:
        raise BadInput("strata must hold at least one stratum.")
    counts = [checks.finite(*stratum) for stratum in strata]
    alpha, whole = checks.risk(confidence), sum(population for _, _, population in counts)
    clean = [(n - errors, n, population) for errors, n, population in counts]
    low, high = whole - _highest_total(clean, alpha / 2), _highest_total(counts, alpha / 2)
    inputs = {"strata": tuple(counts), "confidence": float(1 - alpha)}
    return CountInterval(
        basis=_STRATIFIED,
        inputs=inputs,
        low=low / whole,
        high=high / whole,
        estimate=sum(population * errors / n for errors, n, population in counts) / whole,
        confidence=float(1 - alpha),
        n=sum(n for _, n, _ in counts),
        low_count=low,
        high_count=high,
    )


def _highest_total(strata: Sequence[tuple[int, int, int]], risk: Fraction) -> int:
    """The largest number of errors in all strata under which so few in the samples are likely enough.

    The logarithm of each tail falls concavely in its stratum's errors (the tail is that of a negative
    hypergeometric, whose masses are log-concave). So the likeliest spread of a total is where all strata fall
    equally steeply, and the total is found by searching that steepness.
    """
    if len(strata) == 1:
        return highest_count(*strata[0], risk)
    least = -float(special.chdtri(2 * len(strata), float(risk))) / 2
    every = [population - n + errors for errors, n, population in strata]
    inside, flat, steep = [errors for errors, _, _ in strata], 0.0, 1e-9
    while _joint_tail(outside := _spread(strata, steep, inside, every), strata) > least:
        if outside == every:
            return sum(every)
        inside, flat, steep = outside, steep, 64 * steep
    while sum(outside) - sum(inside) > 1 and steep - flat > 1e-12 * steep:
        middle = (flat + steep) / 2
        spread = _spread(strata, middle, inside, outside)
        if _joint_tail(spread, strata) > least:
            inside, flat = spread, middle
        else:
            outside, steep = spread, middle
    return sum(outside) - 1


def _spread(strata: Sequence[tuple[int, int, int]], steepness: float, least: list[int], most: list[int]) -> list[int]:
    """For each stratum the most errors at which one more costs its tail's logarithm no more than the steepness."""
    return [_steep_at(*each, steepness) for each in zip(strata, least, most, strict=True)]


def _steep_at(stratum: tuple[int, int, int], least: int, most: int, steepness: float) -> int:
    inside, outside = least, most + 1
    while outside - inside > 1:
        middle = (inside + outside) // 2
        cost = _log_tail(stratum, middle - 1) - _log_tail(stratum, middle)
        inside, outside = (middle, outside) if cost <= steepness else (inside, middle)
    return inside


def _joint_tail(spread: Sequence[int], strata: Sequence[tuple[int, int, int]]) -> float:
    return sum(_log_tail(stratum, bad) for stratum, bad in zip(strata, spread, strict=True))


def _log_tail(stratum: tuple[int, int, int], bad: int) -> float:
    errors, n, population = stratum
    tail = hypergeometric_tail(errors, n, bad, population)
    return math.log(tail) if tail > 0 else -math.inf


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
