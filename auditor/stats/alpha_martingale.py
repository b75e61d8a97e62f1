"""ALPHA: a test of a bounded mean by an alternative that learns, as election audits use it. Knows no plan."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.betting import Floats
from auditor.stats.results import Basis, Result, Size

EPSILON = float(np.finfo(np.float64).eps)

BASIS = Basis(
    method="ALPHA supermartingale, shrink-truncate alternative",
    formula="prod (x eta_t / m_t + (u - x)(u - eta_t) / (u - m_t)) / u",
    assumptions=("values in [0, upper]", "drawn at random, each remaining one equally likely", "in draw order"),
    source="Stark (2023), ALPHA, Annals of Applied Statistics 17(1), 641-679, doi:10.1214/22-AOAS1646",
    convention="tests that the mean is at most null_mean",
)


@dataclass(frozen=True, kw_only=True)
class SequentialTest(Result):
    """p-values valid at any stopping time; `p_value` is the smallest so far, `p_path` the one of each moment."""

    p_value: float
    p_path: tuple[float, ...]


def alpha_martingale(
    values: Sequence[float],
    *,
    null_mean: float,
    eta: float,
    population: int | None = None,
    prior_weight: float = 100,
    gap: float | None = None,
    upper: float = 1,
) -> SequentialTest:
    """Test that a mean is at most `null_mean`, valid at any stopping time.

    values: in [0, upper], in draw order; eta: the mean hoped for, in (null_mean, upper); prior_weight: observations
    that eta counts for (above 0); gap: how far the alternative keeps from the null at first, half of eta - null_mean
    unless given; population: drawn from without replacement, None for with replacement.

    **Assumes a random draw order.** Raises: BadInput for values or means outside their range.

    >>> round(alpha_martingale([1] * 8, null_mean=0.5, eta=0.75, prior_weight=1e9).p_value, 4)
    0.039

    Stark (2023), doi:10.1214/22-AOAS1646.
    """
    column = _checked(values, null_mean, eta, upper, population)
    keep = (eta - null_mean) / 2 if gap is None else float(checks.positive(gap, "gap"))
    weight = float(checks.positive(prior_weight, "prior_weight"))
    sums_before, drawn_before = np.cumsum(column) - column, np.arange(column.size)
    rest = np.full(column.size, float(null_mean))
    if population is not None:
        rest = (population * null_mean - sums_before) / (population - drawn_before)
    hoped = (weight * eta + sums_before) / (weight + drawn_before)
    keep_off = keep / np.sqrt(weight + drawn_before)
    alternative = np.minimum(upper * (1 - EPSILON), np.maximum(hoped, rest + keep_off))
    capital = _capital(column, rest, alternative, upper)
    if population is not None and column.sum() > population * null_mean:
        capital[-1] = np.inf
    with np.errstate(divide="ignore"):
        path = np.minimum(1.0, 1 / capital)
    return SequentialTest(
        basis=BASIS,
        inputs={"null_mean": null_mean, "eta": eta, "population": population},
        p_value=float(path.min()),
        p_path=tuple(path.tolist()),
    )


def alpha_sample_size(
    *,
    value: float,
    null_mean: float,
    eta: float,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
    prior_weight: float = 100,
    most: int = 100_000,
) -> Size:
    """Draws until ALPHA rejects when every value is the same. Parameters as in alpha_martingale.

    **Assumes that each draw gives `value`.** Raises: BadInput where that does not happen within `most` draws.

    >>> alpha_sample_size(value=1, null_mean=0.5, eta=0.75).sample_size
    8

    Stark (2023), doi:10.1214/22-AOAS1646.
    """
    draws = most if population is None else min(most, population)
    test = alpha_martingale(
        [value] * draws, null_mean=null_mean, eta=eta, population=population, prior_weight=prior_weight
    )
    enough = np.flatnonzero(np.array(test.p_path) <= float(checks.risk(confidence)))
    if not enough.size:
        raise BadInput(f"value must be high enough to reject within {draws} draws; {value:g} is not.")
    return Size(basis=BASIS, inputs={"value": value, **test.inputs}, sample_size=int(enough[0]) + 1)


def _capital(column: Floats, rest: Floats, alternative: Floats, upper: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factors = column * alternative / rest + (upper - column) * (upper - alternative) / (upper - rest)
        capital = np.asarray(np.cumprod(factors / upper), dtype=np.float64)
    capital[rest > upper] = 0.0
    capital[np.isclose(rest, 0, atol=1e-12) | np.isclose(rest, upper, atol=1e-12)] = 1.0
    capital[rest < 0] = np.inf
    return capital


def _checked(values: Sequence[float], null_mean: float, eta: float, upper: float, population: int | None) -> Floats:
    column = checks.numbers(values, "values", least=0)
    checks.positive(upper, "upper")
    if column.max() > upper:
        raise BadInput(f"values must lie in [0, {upper:g}]; the largest is {column.max():g}.")
    if not 0 < null_mean < eta < upper:
        raise BadInput(f"eta must lie between null_mean and upper; got {null_mean:g}, {eta:g}, {upper:g}.")
    if population is not None and column.size > checks.count(population, "population", least=1):
        raise BadInput(f"values must not outnumber population; got {column.size} of {population}.")
    return column
