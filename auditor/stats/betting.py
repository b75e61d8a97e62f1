"""Capital processes and confidence sequences for a bounded mean. Takes values in draw order; knows no plan.

Two players start with half of the capital each: one bets that the mean is above m, the other that it is below. With
stakes that do not depend on m, except that they are capped at c / m_t and c / (1 - m_t), each factor
`1 + stake * (x - m_t)` falls in m for the first player and rises for the second, for every x in [0, 1]. So each
player rules out one end of the grid, and counting ruled-out values on a grid gives the whole sequence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.results import Basis, Interval, Result

Floats = NDArray[np.float64]
ROWS_AT_ONCE = 32  # grid values treated together, so that the arrays stay in the processor's cache

BASIS = Basis(
    method="Hedged betting confidence sequence",
    formula="all m with max(K+_t(m), K-_t(m)) / 2 below 1 / (1 - confidence), intersected over t",
    assumptions=("values in [0, 1]", "drawn at random, each remaining one equally likely", "given in draw order"),
    source="Waudby-Smith and Ramdas (2024), JRSS-B 86(1), 1-27, doi:10.1093/jrsssb/qkad009",
    convention="predictable plug-in empirical-Bernstein bets, cap c = 1/2, grid of `breaks` steps rounded outwards",
)


@dataclass(frozen=True, kw_only=True)
class ConfidenceSequence(Interval):
    """An interval valid at any stopping time, with its limits after each observation."""

    lower_path: tuple[float, ...]
    upper_path: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class CapitalProcess(Result):
    """The capital after each observation; 1 / `maximum` is a p-value valid at any stopping time."""

    capital: tuple[float, ...]
    final: float
    maximum: float
    p_value: float


def betting_confidence_sequence(
    values: Sequence[float],
    *,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
    breaks: int = 1000,
) -> ConfidenceSequence:
    """Two-sided confidence sequence for the mean of values in [0, 1], valid at any stopping time.

    values: in draw order, each in [0, 1]; population: drawn from without replacement, None for with replacement;
    breaks: steps of the grid of means, the limits are rounded outwards by one step.

    **Assumes a random draw order.** Raises: BadInput for values outside [0, 1] or more values than the population.

    >>> found = betting_confidence_sequence([0, 0, 1, 0] * 25, population=400)
    >>> 0.1 < found.low < 0.25 < found.high < 0.45
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    column = bounded(values, population)
    alpha = float(checks.risk(confidence))
    grid = np.arange(checks.count(breaks, "breaks", least=2) + 1) / breaks
    below, above = _ruled_out(column, grid, alpha=alpha, population=population)
    nothing_left = below + above > breaks
    lower = np.where(nothing_left, 0.0, np.maximum(0, below - 1) / breaks)
    upper = np.where(nothing_left, 1.0, np.minimum(breaks, breaks - above + 1) / breaks)
    if population is not None:
        sums, drawn = np.cumsum(column), np.arange(1, column.size + 1)
        lower = np.maximum(lower, sums / population)
        upper = np.minimum(upper, 1 - (drawn - sums) / population)
    lower, upper = np.maximum.accumulate(lower), np.minimum.accumulate(upper)
    return ConfidenceSequence(
        basis=BASIS,
        inputs={"confidence": confidence, "population": population, "breaks": breaks},
        low=float(lower[-1]),
        high=float(upper[-1]),
        estimate=float(column.mean()),
        confidence=1 - alpha,
        n=column.size,
        lower_path=tuple(lower.tolist()),
        upper_path=tuple(upper.tolist()),
    )


def betting_martingale(
    values: Sequence[float],
    *,
    null_mean: checks.Rate,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
    upward_share: float = 0.5,
    stake: float | None = None,
    cap: float = 0.5,
) -> CapitalProcess:
    """The capital of two players who bet against one mean; infinite once what was seen rules that mean out.

    values: in draw order, each in [0, 1]; null_mean in [0, 1]; upward_share: the share of the capital that bets on a
    mean above null_mean, the rest bets on one below; stake: fixed, or None for bets tuned on the past at this
    confidence; cap c in (0, 1]: no stake above c / m_t or c / (1 - m_t).

    **Assumes a random draw order.** Raises: BadInput for values, shares or caps outside their range.

    >>> round(betting_martingale([0.9] * 20, null_mean=0.5, stake=0.5, upward_share=1).p_value, 6)
    0.026084

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    column, mean = bounded(values, population), float(checks.rate(null_mean, "null_mean"))
    share = float(checks.rate(upward_share, "upward_share"))
    if not 0 < cap <= 1:
        raise BadInput(f"cap must be above 0 and at most 1, not {cap:g}.")
    alpha = float(checks.risk(confidence))
    stakes = (_tuned(column, alpha * share), _tuned(column, alpha * (1 - share)))
    if stake is not None:
        stakes = (np.full(column.size, float(checks.positive(stake, "stake"))),) * 2
    rest = means_left(column, np.array([mean]), population)
    upward, downward = (side[0] for side in _log_capitals(column, rest, stakes, cap))
    log_capital = np.maximum(_weighted(share, upward), _weighted(1 - share, downward))
    log_capital[(rest[0] < 0) | (rest[0] > 1)] = inf  # what was seen rules this mean out
    capital = np.exp(np.minimum(log_capital, 700.0))
    capital[np.isposinf(log_capital)] = inf
    return CapitalProcess(
        basis=BASIS,
        inputs={"null_mean": mean, "population": population, "upward_share": share},
        capital=tuple(capital.tolist()),
        final=float(capital[-1]),
        maximum=float(capital.max()),
        p_value=min(1.0, exp(-float(log_capital.max()))),
    )


def bounded(values: Sequence[float], population: int | None) -> Floats:
    """Values in [0, 1], in draw order, no more than the population holds."""
    column = checks.numbers(values, "values", least=0)
    if column.max() > 1:
        raise BadInput(f"values must lie in [0, 1]; the largest is {column.max():g}.")
    if population is not None and column.size > checks.count(population, "population", least=1):
        raise BadInput(f"values must not outnumber population; got {column.size} of {population}.")
    return column


def plug_in_stakes(column: Floats, alpha: float) -> Floats:
    """Stakes that shrink like 1 / sqrt(t log t), scaled by the variance seen so far (one fake value of 1/2)."""
    drawn = np.arange(1, column.size + 1)
    means = np.minimum((0.5 + np.cumsum(column)) / (drawn + 1), 1)
    variances = (0.25 + np.cumsum((column - means) ** 2)) / (drawn + 1)
    before = np.append(0.25, variances[:-1])
    stakes: Floats = np.sqrt(2 * log(1 / alpha) / (drawn * np.log1p(drawn) * before))
    return stakes


def means_left(column: Floats, grid: Floats, population: int | None) -> Floats:
    """Mean of what is left before each draw if the population mean is m: one row for each m of the grid."""
    if population is None:
        return np.repeat(grid[:, None], column.size, axis=1)
    drawn_before = np.arange(column.size)
    sums_before = np.cumsum(column) - column
    left: Floats = (population * grid[:, None] - sums_before) / (population - drawn_before)
    return left


def _ruled_out(
    column: Floats, grid: Floats, *, alpha: float, population: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """After each draw, how many grid values the upward and the downward player rule out."""
    stakes, threshold = (plug_in_stakes(column, alpha / 2),) * 2, log(2 / alpha)
    below = np.zeros(column.size, dtype=np.int64)
    above = np.zeros(column.size, dtype=np.int64)
    for start in range(0, grid.size, ROWS_AT_ONCE):
        rest = means_left(column, grid[start : start + ROWS_AT_ONCE], population)
        upward, downward = _log_capitals(column, rest, stakes, 0.5)
        below += (upward > threshold).sum(axis=0)
        above += (downward > threshold).sum(axis=0)
    return below, above


def _tuned(column: Floats, alpha: float) -> Floats:
    return plug_in_stakes(column, alpha) if alpha > 0 else np.zeros(column.size)


def _weighted(share: float, log_capital: Floats) -> Floats:
    return log_capital + log(share) if share > 0 else np.full(log_capital.shape, -inf)


def _log_capitals(column: Floats, rest: Floats, stakes: tuple[Floats, Floats], cap: float) -> tuple[Floats, Floats]:
    """Log capitals of the upward and the downward player; infinite where the mean has become impossible."""
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = column - rest
        upward = np.cumsum(np.log1p(_at_most(stakes[0], cap / rest, rest <= 0) * gap), axis=1)
        downward = np.cumsum(np.log1p(-_at_most(stakes[1], cap / (1 - rest), rest >= 1) * gap), axis=1)
    upward[rest < 0], downward[rest < 0] = inf, -inf
    upward[rest > 1], downward[rest > 1] = -inf, inf
    return upward, downward


def _at_most(stakes: Floats, cap: Floats, uncapped: NDArray[np.bool_]) -> Floats:
    capped: Floats = np.minimum(stakes, np.where(uncapped, inf, cap))
    return capped
