"""Limits of a sequential audit whose cases were drawn with unequal, known chances. Cases are read in draw order.

If the case at turn t was drawn with chance q_t among those left, z_t = x_t / (N q_t) has the mean
m - S_{t-1} / N given the past, where m is the error rate of all N cases and S the errors before; it lies between 0
and 1 / (N q) for the smallest chance q that any case left has. Stakes follow from chances alone, so the capital
against m falls when a clean finding is replaced by an error and rises with m.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import logsumexp

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.likelihood_bets import ANTICIPATED_SHARE, Floats, Integers
from auditor.stats.results import Basis, Limit
from auditor.stats.sequential_limits import Outcome, read_in_order, tuned

OTHER_STAKES = (0.9, 0.75, 0.6, 0.45, 0.3, 0.15, 0.05)  # as shares of the largest that cannot bankrupt
UPWARD_STAKES = (0.6, 0.3, 0.1, 0.05, 0.02)  # as shares of 1 / tolerable

BASIS = Basis(
    method="Weighted betting confidence sequence",
    formula="all m with max over t of sum_j w_j prod (1 + l_tj (m - S_{t-1}/N - x_t/(N q_t))) < 1 / (1 - confidence)",
    assumptions=(
        "the chance of each drawn case among those left is as given",
        "no case left had a smaller chance than least_chances says",
        "findings given in draw order; a case not finished counts for the worse",
    ),
    source="Waudby-Smith, Stark and Ramdas (2021), RiLACS, doi:10.1007/978-3-030-86942-7_9; Shekhar et al. (2023)",
    convention="one-sided; valid at any stopping time",
)


@dataclass(frozen=True, kw_only=True)
class WeightedLimit(Limit):
    """A one-sided limit valid at any stopping time."""

    errors: int
    unfinished: int


def weighted_upper_limit(
    outcomes: Sequence[Outcome],
    *,
    chances: Sequence[float],
    least_chances: Sequence[float],
    population: int,
    tolerable: checks.Rate,
    anticipated: checks.Rate = 0,
    confidence: checks.Rate = "0.95",
) -> WeightedLimit:
    """One-sided upper limit of the error rate of a population drawn with unequal chances, without replacement.

    outcomes: 1, 0, None not finished, in draw order; chances: of each drawn case among those left at its turn;
    least_chances: the smallest chance of any case left at that turn, both in (0, 1]; tolerable, anticipated tune
    the bets (successive_draw gives chances and least chances).

    **Assumes the chances are those of the draw.** Raises: BadInput for chances or outcomes that cannot be.

    >>> even = [1 / (1000 - turn) for turn in range(70)]
    >>> weighted_upper_limit(
    ...     [0] * 70, chances=even, least_chances=even, population=1000, tolerable="0.05").limit < 0.05
    True

    Waudby-Smith, Stark and Ramdas (2021), doi:10.1007/978-3-030-86942-7_9.
    """
    bets, threshold = tuned(tolerable, anticipated), -log(checks.risk(confidence))
    errors, unfinished = read_in_order(outcomes, population)
    turns = _Turns.read(errors + unfinished, chances, least_chances, population)
    most, hoped = float(bets.tolerable), bets.rates[0]
    stakes = np.array([1 - hoped / most, *OTHER_STAKES])
    shares = np.array([ANTICIPATED_SHARE, *[(1 - ANTICIPATED_SHARE) / len(OTHER_STAKES)] * len(OTHER_STAKES)])
    wanted = stakes[:, None] / np.maximum(turns.ceilings - most, turns.ceilings * 0.05)

    def ruled_out(rate: float) -> bool:
        rest = rate - turns.before
        with np.errstate(divide="ignore"):
            room = np.where(turns.ceilings > rest, 1 / (turns.ceilings - rest), np.inf)
        factors = np.minimum(wanted, room) * (rest - turns.values)
        return _grown(factors, shares) >= threshold

    found = int(turns.counted.sum())
    limit = _edge(ruled_out, open_at=found / population, shut_at=1 - (errors.size - found) / population)
    return _limit("upper", limit, turns, (int(errors.sum()), int(unfinished.sum())), confidence)


def weighted_lower_limit(
    outcomes: Sequence[Outcome],
    *,
    chances: Sequence[float],
    least_chances: Sequence[float],
    population: int,
    tolerable: checks.Rate,
    confidence: checks.Rate = "0.95",
) -> WeightedLimit:
    """One-sided lower limit; parameters, assumptions and Raises as in weighted_upper_limit.

    Cases that are not finished count as clean.

    >>> even = [1 / (1000 - turn) for turn in range(60)]
    >>> weighted_lower_limit(
    ...     [1, 0] * 30, chances=even, least_chances=even, population=1000, tolerable="0.05").limit > 0.2
    True

    Waudby-Smith, Stark and Ramdas (2021), doi:10.1007/978-3-030-86942-7_9.
    """
    most, threshold = float(checks.open_rate(tolerable, "tolerable")), -log(checks.risk(confidence))
    errors, unfinished = read_in_order(outcomes, population)
    turns = _Turns.read(errors, chances, least_chances, population)
    wanted = np.array(UPWARD_STAKES)[:, None] / most
    shares = np.full(len(UPWARD_STAKES), 1 / len(UPWARD_STAKES))

    def ruled_out(rate: float) -> bool:
        rest = rate - turns.before
        with np.errstate(divide="ignore"):
            room = np.where(rest > 0, 1 / rest, np.inf)
        return _grown(np.minimum(wanted, room) * (turns.values - rest), shares) >= threshold

    found = int(errors.sum())
    highest = 1 - (errors.size - found - int(unfinished.sum())) / population
    limit = _edge(ruled_out, open_at=highest, shut_at=found / population)
    return _limit("lower", limit, turns, (found, int(unfinished.sum())), confidence)


@dataclass(frozen=True, slots=True)
class _Turns:
    """What each turn gave: errors counted, their share of the population before, weighted values, their ceilings."""

    counted: Floats
    before: Floats
    values: Floats
    ceilings: Floats

    @classmethod
    def read(cls, counted: Integers, chances: Sequence[float], least: Sequence[float], population: int) -> "_Turns":
        column = np.asarray(counted, dtype=np.float64)
        if not column.size:
            return cls(column, column, column, column)
        drawn = checks.numbers(chances, "chances", least=0, length=column.size)
        smallest = checks.numbers(least, "least_chances", least=0, length=column.size)
        if drawn.min() <= 0 or drawn.max() > 1:
            raise BadInput("chances must lie in (0, 1].")
        if smallest.min() <= 0 or (smallest > drawn).any():
            raise BadInput("least_chances must be above 0 and not above the chance of the case that was drawn.")
        before = (np.cumsum(column) - column) / population
        return cls(column, before, column / (population * drawn), 1 / (population * smallest))


def _grown(steps: Floats, shares: Floats) -> float:
    """The largest log capital over time; before the first draw it is 0."""
    with np.errstate(divide="ignore"):
        paths = np.cumsum(np.log1p(np.maximum(steps, -1.0)), axis=1)
    if not paths.shape[1]:
        return 0.0
    return float(logsumexp(paths + np.log(shares)[:, None], axis=0).max())


def _edge(ruled_out: Callable[[float], bool], *, open_at: float, shut_at: float) -> float:
    """Where ruling out begins between a rate that stays open and the end of what is possible; the safe side of it."""
    if not ruled_out(shut_at):
        return shut_at
    for _ in range(45):
        middle = (open_at + shut_at) / 2
        open_at, shut_at = (open_at, middle) if ruled_out(middle) else (middle, shut_at)
    return shut_at


def _limit(side: str, limit: float, turns: _Turns, found: tuple[int, int], confidence: checks.Rate) -> WeightedLimit:
    return WeightedLimit(
        basis=BASIS,
        inputs={"confidence": confidence},
        limit=limit,
        estimate=float((turns.before + turns.values).mean()) if turns.counted.size else 0.0,
        confidence=float(checks.rate(confidence, "confidence")),
        side=side,
        n=turns.counted.size,
        errors=found[0],
        unfinished=found[1],
    )
