"""Upper limits of the error in a book from the taints of sampled dollars: the Stringer bound.

A taint is the share of an item's amount that is wrong. Does not select dollars nor plan how many (`money_unit`).
The bound is known to be conservative by long experience, not by proof.
"""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.count_limits import highest_count
from auditor.stats.proportion import beta_high
from auditor.stats.results import Basis, Limit


class Factors(StrEnum):
    """Which upper limits of i errors among n the bound is built from."""

    BINOMIAL = "binomial"
    POISSON = "poisson"
    HYPERGEOMETRIC = "hypergeometric"


def stringer(
    taints: Iterable[float],
    n: int,
    *,
    confidence: Rate,
    factors: Factors | str = Factors.BINOMIAL,
    population: int | None = None,
    offset_understatements: bool = False,
) -> Limit:
    """The Stringer bound: an upper limit of the error as a share of the book.

    taints: of the items in error, at most 1; those of 0 may be left out; negative ones are understatements. n:
    sampled dollars, at least the number of taints. confidence: in (0, 1). factors: binomial, poisson or
    hypergeometric; the last needs population, the dollars (or units) of the book. offset_understatements: take
    their mean off the bound (Leslie, Teitlebaum & Anderson 1979); else they are ignored, which errs on the safe
    side. Raises BadInput.
    **Assumes dollars selected with equal probability and no item wrong by more than its amount.** Stringer 1963.

    >>> round(stringer([0.5, 0.4, 0.19887], 145, confidence=0.95).limit, 6)
    0.032519
    """
    column = np.asarray(list(taints), dtype=np.float64)
    found = checks.numbers(column, "taints") if column.size else column
    if found.size and found.max() > 1:
        raise BadInput(f"taints must not exceed 1 (the whole item is wrong); the largest is {found.max():g}.")
    _, dollars = checks.sampled(found.size, n)
    over, alpha = np.sort(found[found > 0])[::-1], checks.risk(confidence)
    kind, steps = _kind(factors), range(over.size + 1)
    if kind is Factors.BINOMIAL:
        limits = np.array([beta_high(i, dollars, float(alpha)) for i in steps])
    elif kind is Factors.POISSON:
        limits = special.gammainccinv(np.array(steps) + 1.0, float(alpha)) / dollars
    else:
        _, _, book = checks.finite(0, dollars, population)
        limits = np.array([highest_count(i, dollars, book, alpha) for i in steps]) / book
    bound = float(limits[0] + (np.diff(limits) * over).sum())
    understated = float(-found[found < 0].sum()) / dollars
    inputs = {"n": dollars, "taints": tuple(found.tolist()), "confidence": 1 - alpha, "population": population}
    return Limit(
        basis=_basis(kind, offset_understatements),
        inputs=inputs,
        warnings=_ignored(found, offset_understatements),
        limit=bound - (understated if offset_understatements else 0.0),
        estimate=float(found.sum() if offset_understatements else over.sum()) / dollars,
        confidence=float(1 - alpha),
        side="upper",
        n=dollars,
    )


def _kind(factors: Factors | str) -> Factors:
    if factors not in list(Factors):
        raise BadInput(f"factors must be one of {', '.join(Factors)}, not {factors}.")
    return Factors(factors)


def _basis(kind: Factors, offset: bool) -> Basis:
    return Basis(
        method=f"Stringer bound, {kind} factors" + (", understatements offset" if offset else ""),
        formula="p_0 + sum over taints, largest first, of (p_i - p_{i-1}) t_i; p_i: upper limit of i errors among n"
        + (", less sum of understated taints / n" if offset else ""),
        assumptions=("dollars are selected with equal probability", "no item is wrong by more than its amount"),
        source="Stringer 1963; Bickel 1992, doi:10.2307/1403649"
        + ("; Leslie, Teitlebaum & Anderson 1979" if offset else ""),
        convention="one-sided upper limit as a share of the book; conservative by experience, not by proof",
    )


def _ignored(taints: Floats, offset: bool) -> tuple[str, ...]:
    count = int((taints < 0).sum())
    if not count or offset:
        return ()
    return (f"{count} understatements are ignored; the bound speaks of overstatements alone.",)
