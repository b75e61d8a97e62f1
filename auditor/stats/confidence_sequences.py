"""Confidence sequences without a grid: empirical Bernstein, beta-binomial, and for batch estimates. Knows no plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.optimize import brentq

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.betting import ConfidenceSequence, Floats, bounded, plug_in_stakes
from auditor.stats.results import Basis, Interval, Limit, Result
from auditor.stats.uniform_boundaries import beta_binomial_log_mixture

BERNSTEIN = Basis(
    method="Predictable plug-in empirical-Bernstein confidence sequence",
    formula="(sum l_t (x_t + Z_t) -+ (ln(1/alpha) + sum v_t psi(l_t))) / sum l_t (1 + W_t)",
    assumptions=("values in [0, 1]", "drawn at random, each remaining one equally likely", "given in draw order"),
    source="Waudby-Smith and Ramdas (2024), JRSS-B 86(1), 1-27, theorem 2, doi:10.1093/jrsssb/qkad009",
    convention="stakes at most 1/2; running intersection",
)
MIXTURE = Basis(
    method="Beta-binomial mixture confidence sequence",
    formula="all p whose two-sided beta-binomial mixture martingale is below 1 / (1 - confidence)",
    assumptions=("independent cases, each an error with the same chance",),
    source="Howard, Ramdas, McAuliffe and Sekhon (2021), Annals of Statistics 49(2), doi:10.1214/20-AOS1991",
)
ASYMPTOTIC = Basis(
    method="Asymptotic confidence sequence of a running mean",
    formula="mean_k -+ sqrt(2 (V r + 1) / (k^2 r) ln(1 + sqrt(V r + 1) / (2 alpha)))",
    assumptions=("batch estimates nearly normal with known standard errors", "batches independent of what was seen"),
    source="Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Annals of Statistics 52(6), 2613-2640",
    convention="one-sided on either side; tightest at the named batch; the guarantee is asymptotic",
)


@dataclass(frozen=True, kw_only=True)
class SequenceLimit(Limit):
    """A one-sided limit valid at any stopping time, with its path."""

    path: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class RunningMean(Result):
    """The running mean of batch estimates and its lower and upper limits, each one-sided at `confidence`."""

    running_mean: tuple[float, ...]
    lower_path: tuple[float, ...]
    upper_path: tuple[float, ...]
    confidence: float

    @property
    def low(self) -> float:
        """The lower limit now."""
        return self.lower_path[-1]

    @property
    def high(self) -> float:
        """The upper limit now."""
        return self.upper_path[-1]

    @property
    def estimate(self) -> float:
        """The running mean now."""
        return self.running_mean[-1]


def empirical_bernstein_limit(
    values: Sequence[float], *, confidence: checks.Rate = "0.95", population: int | None = None
) -> SequenceLimit:
    """One-sided lower limit of the mean of values in [0, 1], in closed form.

    values: in draw order, each in [0, 1]; population: drawn from without replacement, None for with replacement.
    **Assumes a random draw order.** Raises: BadInput for values outside [0, 1] or more values than the population.

    >>> round(empirical_bernstein_limit([0, 1, 0, 0] * 25, confidence=0.95).limit, 3)
    0.116

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    column = bounded(values, population)
    alpha = float(checks.risk(confidence))
    path = _bernstein_path(column, alpha, population)
    return SequenceLimit(
        basis=BERNSTEIN,
        inputs={"confidence": confidence, "population": population},
        limit=float(path[-1]),
        estimate=float(column.mean()),
        confidence=1 - alpha,
        side="lower",
        n=column.size,
        path=tuple(path.tolist()),
    )


def empirical_bernstein_cs(
    values: Sequence[float], *, confidence: checks.Rate = "0.95", population: int | None = None
) -> ConfidenceSequence:
    """Two-sided empirical-Bernstein confidence sequence: both one-sided limits at half of the risk.

    Parameters, assumptions and Raises as in empirical_bernstein_limit.

    >>> found = empirical_bernstein_cs([0, 1, 0, 0] * 25, confidence=0.95)
    >>> 0.1 < found.low < 0.25 < found.high < 0.45
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    column = bounded(values, population)
    alpha = float(checks.risk(confidence))
    lower = _bernstein_path(column, alpha / 2, population)
    upper = 1 - _bernstein_path(1 - column, alpha / 2, population)
    return ConfidenceSequence(
        basis=BERNSTEIN,
        inputs={"confidence": confidence, "population": population},
        low=float(lower[-1]),
        high=float(upper[-1]),
        estimate=float(column.mean()),
        confidence=1 - alpha,
        n=column.size,
        lower_path=tuple(lower.tolist()),
        upper_path=tuple(upper.tolist()),
    )


def bernoulli_confidence_sequence(
    errors: int, n: int, *, confidence: checks.Rate = "0.95", tightest_at: float = 200
) -> Interval:
    """Two-sided interval of an error rate that may be read after every case.

    errors, n: whole numbers, errors <= n; tightest_at: the n at which the interval is to be narrowest, above 0.
    **Assumes independent cases with one error rate (draws with replacement).** Raises: BadInput for bad counts.

    >>> found = bernoulli_confidence_sequence(5, 50, confidence=0.95, tightest_at=50)
    >>> round(found.low, 4), round(found.high, 4)
    (0.013, 0.2693)

    Howard, Ramdas, McAuliffe and Sekhon (2021), doi:10.1214/20-AOS1991.
    """
    found, looked_at = checks.sampled(errors, n)
    threshold = -log(checks.risk(confidence))
    target = float(checks.positive(tightest_at, "tightest_at"))

    def excess(p: float) -> float:
        grown = beta_binomial_log_mixture(
            found - p * looked_at, p * (1 - p) * looked_at, optimal_v=p * (1 - p) * target, below=p, above=1 - p
        )
        return grown - threshold

    share = found / looked_at
    edge = 1e-12
    # Without errors, or with nothing else, the rate of the sample lies on the edge, where no bet is defined.
    middle = min(max(share, edge), 1 - edge)
    low = float(brentq(excess, edge, middle, xtol=1e-13)) if found and excess(edge) > 0 else 0.0
    high = float(brentq(excess, middle, 1 - edge, xtol=1e-13)) if found < looked_at and excess(1 - edge) > 0 else 1.0
    return Interval(
        basis=MIXTURE,
        inputs={"errors": found, "n": looked_at, "confidence": confidence, "tightest_at": target},
        low=low,
        high=high,
        estimate=share,
        confidence=float(checks.rate(confidence, "confidence")),
        n=looked_at,
    )


def asymptotic_confidence_sequence(
    estimates: Sequence[float],
    *,
    standard_errors: Sequence[float],
    confidence: checks.Rate = "0.95",
    tightest_at: int = 10,
) -> RunningMean:
    """Limits for the running mean of batch estimates, at any number of batches.

    estimates, standard_errors: one a batch, the latter not negative; confidence above 0.5, of each side;
    tightest_at: the batch at which the limits are to be closest (the last where there are fewer).

    **Assumes batch estimates that are nearly normal; the guarantee is asymptotic.** Raises: BadInput for columns of
    different length or standard errors that are all zero.

    >>> found = asymptotic_confidence_sequence([0.05, 0.04, 0.06], standard_errors=[0.02] * 3)
    >>> round(found.estimate, 3), found.low < 0.05 < found.high
    (0.05, True)

    Waudby-Smith et al. (2024), arXiv:2103.06476.
    """
    column = checks.numbers(estimates, "estimates")
    errors = checks.numbers(standard_errors, "standard_errors", least=0, length=column.size)
    alpha = float(checks.risk(confidence))
    if alpha >= 0.5:
        raise BadInput("confidence must lie above 0.5: each side is one-sided.")
    batches, variance = np.arange(1, column.size + 1), np.cumsum(errors**2)
    target = variance[min(checks.count(tightest_at, "tightest_at", least=1), column.size) - 1]
    if target <= 0:
        raise BadInput("standard_errors must not all be zero.")
    width = _mixture_width(batches, variance, float(target), alpha)
    means = np.cumsum(column) / batches
    return RunningMean(
        basis=ASYMPTOTIC,
        inputs={"confidence": confidence, "tightest_at": tightest_at},
        running_mean=tuple(means.tolist()),
        lower_path=tuple((means - width).tolist()),
        upper_path=tuple((means + width).tolist()),
        confidence=1 - alpha,
    )


def _mixture_width(
    batches: np.ndarray[tuple[int], np.dtype[np.int64]], variance: Floats, target: float, alpha: float
) -> Floats:
    spent = -2 * log(2 * alpha)
    scale = (spent + log(spent + 1)) / target
    grown = variance * scale + 1
    width: Floats = np.sqrt(2 * grown / (batches**2 * scale) * np.log1p(np.sqrt(grown) / (2 * alpha)))
    return width


def _bernstein_path(column: Floats, alpha: float, population: int | None) -> Floats:
    drawn = np.arange(1, column.size + 1)
    stakes = np.minimum(plug_in_stakes(column, alpha), 0.5)
    means_before = np.append(0.0, (np.cumsum(column) / drawn)[:-1])
    drawn_part: Floats | float = 0.0
    sum_part: Floats | float = 0.0
    if population is not None:
        drawn_part = (drawn - 1) / (population - drawn + 1)
        sum_part = (np.cumsum(column) - column) / (population - drawn + 1)
    weight = np.cumsum(stakes * (1 + drawn_part))
    cost = log(1 / alpha) + np.cumsum((column - means_before) ** 2 * (-np.log1p(-stakes) - stakes))
    path = (np.cumsum(stakes * (column + sum_part)) - cost) / weight
    return np.maximum.accumulate(np.maximum(path, 0.0))
