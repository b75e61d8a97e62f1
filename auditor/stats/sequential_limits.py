"""Limits for the error rate of a sequential audit. Findings are read in draw order only.

A case that is drawn and not finished counts as an error for the upper limit and as clean for the lower one until it
is finished. The capital falls when a clean finding is replaced by an error (likelihood_bets), so at every moment the
upper limit is at least the one that all true findings would give: nothing is gained by finishing easy cases first.
The module does not know how cases were drawn; it takes the order that it is given for a random one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.likelihood_bets import Bets, Floats, Integers, even_bets, largest_open, tuned_bets
from auditor.stats.results import Basis, Limit

Outcome = int | bool | None

BASIS = Basis(
    method="Betting confidence sequence, likelihood-ratio bets",
    formula="largest K with max over t of sum_j w_j P(S_t in t | K_j) / P(S_t in t | K) below 1 / (1 - confidence)",
    assumptions=(
        "cases drawn at random, each remaining one equally likely",
        "findings given in draw order",
        "a case not finished counts for the worse",
    ),
    source="Waudby-Smith and Ramdas (2024), JRSS-B 86(1), 1-27, doi:10.1093/jrsssb/qkad009",
    convention="one-sided; valid at any stopping time; 80 % of the capital on the anticipated rate",
)


@dataclass(frozen=True, kw_only=True)
class SequentialLimit(Limit):
    """A one-sided limit valid at any stopping time, with its `path` after each draw."""

    errors: int
    unfinished: int
    path: tuple[float, ...]


def sequential_upper_limit(
    outcomes: Sequence[Outcome],
    *,
    tolerable: checks.Rate,
    anticipated: checks.Rate = 0,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
) -> SequentialLimit:
    """One-sided upper limit of the error rate, valid at any stopping time.

    outcomes: 1 error, 0 clean, None not finished, in draw order; tolerable, anticipated: rates in (0, 1), the second
    smaller (0 allowed), that tune the bets: a mistaken one costs time, never validity; population: cases drawn from
    without replacement, None for draws with replacement. The limit of a finite population is errors / population.

    **Assumes a random draw order, each remaining case equally likely next.**

    Raises: BadInput for outcomes other than 0, 1, None, more outcomes than cases, rates outside their range.

    >>> sequential_upper_limit([0] * 61, tolerable="0.05", population=10_000).limit < 0.05
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    bets = tuned(tolerable, anticipated)
    errors, unfinished = read_in_order(outcomes, population)
    counted = running(errors + unfinished)
    threshold = -log(checks.risk(confidence))
    draws = np.arange(counted.size)
    path = np.minimum.accumulate(largest_open(bets, draws, counted, population=population, threshold=threshold))
    return _limit("upper", path, errors, unfinished, float(checks.rate(confidence, "confidence")), population)


def sequential_lower_limit(
    outcomes: Sequence[Outcome],
    *,
    tolerable: checks.Rate,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
) -> SequentialLimit:
    """One-sided lower limit of the error rate, valid at any stopping time.

    Parameters and Raises as in sequential_upper_limit; cases that are not finished count as clean. The capital is
    spread evenly over alternatives around `tolerable`.

    **Assumes a random draw order, each remaining case equally likely next.**

    >>> sequential_lower_limit([1, 0, 1, 1] * 10, tolerable="0.05", population=400).limit > 0.5
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    bets = even_bets(checks.open_rate(tolerable, "tolerable"))
    errors, unfinished = read_in_order(outcomes, population)
    draws, counted = np.arange(errors.size + 1), running(errors)
    threshold = -log(checks.risk(confidence))
    clean = largest_open(bets.mirrored(), draws, draws - counted, population=population, threshold=threshold)
    fewest = 1 - clean if population is None else np.rint((1 - clean) * population) / population
    path = np.maximum.accumulate(fewest)
    return _limit("lower", path, errors, unfinished, float(checks.rate(confidence, "confidence")), population)


def tuned(tolerable: checks.Rate, anticipated: checks.Rate) -> Bets:
    """The bets of a plan, its two rates checked."""
    most = checks.open_rate(tolerable, "tolerable")
    hoped = checks.rate(anticipated, "anticipated")
    if hoped >= most:
        raise BadInput(f"anticipated must be below tolerable; got {float(hoped):g} against {float(most):g}.")
    return tuned_bets(most, hoped)


def read_in_order(outcomes: Sequence[Outcome], population: int | None) -> tuple[Integers, Integers]:
    """Errors and unfinished cases as 0/1 columns in draw order."""
    if population is not None and len(outcomes) > checks.count(population, "population", least=1):
        raise BadInput(f"outcomes must not outnumber population; got {len(outcomes)} of {population}.")
    for place, outcome in enumerate(outcomes):
        if outcome not in (None, 0, 1):
            raise BadInput(f"outcomes must be 0 (clean), 1 (error) or None (not finished); see place {place + 1}.")
    errors = np.array([outcome == 1 for outcome in outcomes], dtype=np.int64)
    return errors, np.array([outcome is None for outcome in outcomes], dtype=np.int64)


def running(column: Integers) -> Integers:
    """Cumulative count, beginning with the zero before the first draw."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(column)])


def _possible(limit: float, errors: Integers, unfinished: Integers, population: int | None) -> float:
    """A limit within what the findings leave possible, which the limits of an unlucky draw may contradict."""
    if population is None:
        return limit
    found = int(errors.sum())
    most = population - errors.size + found + int(unfinished.sum())
    return min(max(limit, found / population), most / population)


def _limit(
    side: str, path: Floats, errors: Integers, unfinished: Integers, confidence: float, population: int | None
) -> SequentialLimit:
    n = errors.size
    return SequentialLimit(
        basis=BASIS,
        inputs={"confidence": confidence, "population": population},
        limit=_possible(float(path[-1]), errors, unfinished, population),
        estimate=float(errors.sum() / n) if n else 0.0,
        confidence=confidence,
        side=side,
        n=n,
        errors=int(errors.sum()),
        unfinished=int(unfinished.sum()),
        path=tuple(path[1:].tolist()),
    )
