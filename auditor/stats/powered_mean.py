"""Error rates from few audited cases and a risk score for every case. Does not know where scores come from.

The estimate is `mean_S(y) + weight * (mean_U(f) - mean_S(f))`: the audited mean, moved by how much riskier the rest
looks than the audited cases do. At weight 0 it is the classical estimate; the weight is the one of smallest variance,
clipped to [0, 1]. The score must not have been learned on the cases that it is compared with: cross-fit it
(risk_scores). With few errors the normal interval undercovers, and the exact one is reported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import norm, t

from auditor.errors import BadInput
from auditor.stats import checks, finite_population
from auditor.stats.checks import Floats
from auditor.stats.results import Basis, Interval

FEWEST = 15  # errors, and clean cases, from which on the powered interval is reported
SURPRISES = 2  # added to the sample that the powered interval is made of

SOURCE = "Angelopoulos, Duchi and Zrnic (2023), PPI++, arXiv:2311.01453; Angelopoulos et al. (2023), Science 382, 669"

SUPERPOPULATION = Basis(
    method="Prediction-powered mean (PPI++)",
    formula="mean(y) + l (mean f_U - mean f_S); l = cov(y, f) / ((1 + n/N) var f) in [0, 1]",
    assumptions=("audited and other cases are random draws of one process", "scores not learned on these cases"),
    source=SOURCE,
    convention="normal interval",
)
FRAME = Basis(
    method="Prediction-powered rate of a frame",
    formula="mean(y) + l (mean f_frame - mean f_S); l = cov(y, f) / var f in [0, 1]; var (1 - n/N) var(y - l f) / n",
    assumptions=("audited cases are a simple random sample of the frame", "scores not learned on these cases"),
    source=SOURCE + "; Cochran (1977), Sampling Techniques, chapter 7",
    convention=f"two surprises added; the exact hypergeometric one where errors or clean cases are below {FEWEST}",
)


@dataclass(frozen=True, kw_only=True)
class PoweredInterval(Interval):
    """An interval with the weight of the scores and the audits that a classical sample would have needed.

    `reported` says which interval low and high are: "prediction-powered" or "exact"; `powered_low` and `powered_high`
    are the former's in any case, `effective_n` belongs to it.
    """

    weight: float
    effective_n: int
    reported: str
    powered_low: float
    powered_high: float


def ppi_mean(
    outcomes: Sequence[float],
    scores: Sequence[float],
    unlabeled: Sequence[float],
    *,
    confidence: checks.Rate = "0.95",
    weight: float | None = None,
    spread_of_sample: bool = True,
) -> PoweredInterval:
    """Mean of a process from audited cases (outcomes, scores) and scores of cases not audited.

    outcomes, scores: of each audited case, at least 2; unlabeled: scores of at least 2 others; weight: 1 for the
    plain method, 0 for the classical mean, None for the best in [0, 1]; spread_of_sample: variances divided by n - 1,
    otherwise by n as ppi-python does.

    **Assumes that both are random draws of one process, and scores not learned on these cases.** Raises: BadInput
    for columns of different length or too short.

    >>> round(ppi_mean([5, 6], [4.9, 6.1], [5.2, 6.1]).estimate, 3)
    5.618

    Angelopoulos, Duchi and Zrnic (2023), arXiv:2311.01453.
    """
    y, f, u = _columns(outcomes, scores, unlabeled)
    ddof, n, others = int(spread_of_sample), y.size, u.size
    chosen = float(checks.fraction(weight, "weight")) if weight is not None else best_weight(y, f, u, ddof=ddof)
    estimate = float(y.mean() + chosen * (u.mean() - f.mean()))
    variance = float(np.var(y - chosen * f, ddof=ddof) / n + chosen**2 * np.var(u, ddof=ddof) / others)
    half = float(norm.ppf((1 + float(checks.open_rate(confidence, "confidence"))) / 2)) * sqrt(variance)
    return PoweredInterval(
        basis=SUPERPOPULATION,
        inputs={"n": n, "unlabeled": others, "confidence": confidence},
        low=estimate - half,
        high=estimate + half,
        estimate=estimate,
        confidence=float(checks.rate(confidence, "confidence")),
        n=n,
        standard_error=sqrt(variance),
        weight=chosen,
        effective_n=effective_size(y, variance),
        reported="prediction-powered",
        powered_low=estimate - half,
        powered_high=estimate + half,
    )


def prediction_powered_rate(
    outcomes: Sequence[float],
    scores: Sequence[float],
    frame_scores: Sequence[float],
    *,
    confidence: checks.Rate = "0.95",
) -> PoweredInterval:
    """Error rate of a frame from a simple random sample of it and a score for every case of the frame.

    outcomes: 0 or 1 of each audited case; scores: of the same cases; frame_scores: of all N cases, audited ones
    included. With fewer than 15 errors or clean cases the exact hypergeometric interval is reported.

    **Assumes a simple random sample without replacement, and scores not learned on it.** Raises: BadInput for
    outcomes other than 0 and 1, or columns that do not fit.

    >>> y, f = [1] * 16 + [0] * 84, [0.9] * 14 + [0.1] * 86
    >>> found = prediction_powered_rate(y, f, f * 20)
    >>> found.reported, round(found.estimate, 2), found.effective_n > 2 * found.n
    ('prediction-powered', 0.16, True)

    Angelopoulos, Duchi and Zrnic (2023), arXiv:2311.01453; Cochran (1977), chapter 7.
    """
    y, f, whole = _columns(binary(outcomes), scores, frame_scores, "frame_scores")
    n, population = y.size, whole.size
    if n > population:
        raise BadInput(f"frame_scores must cover the sample; got {population} for {n} audited cases.")
    weight = clipped_slope(y, f)
    estimate = float(y.mean() + weight * (whole.mean() - f.mean()))
    left = 1 - n / population
    variance = left * float((_jackknifed(y, f, weight) ** 2).sum()) / n**2
    errors = int(y.sum())
    return powered_or_exact(
        lambda: finite_population.exact_interval(errors, n, population, confidence=confidence), basis=FRAME,
        confidence=confidence, n=n, rarer=min(errors, n - errors), estimate=estimate, variance=variance,
        classical=left * float(np.var(y, ddof=1)) / n, heaviest=left / n, weight=weight,
    )  # fmt: skip


def powered_or_exact(
    exact: Callable[[], Interval],
    *,
    basis: Basis,
    confidence: checks.Rate,
    n: int,
    rarer: int,
    estimate: float,
    variance: float,
    classical: float,
    heaviest: float,
    weight: float,
) -> PoweredInterval:
    """The powered interval around the estimate, or the exact one where cases are few; both are told.

    `heaviest` is what the case that weighs most moves the estimate by. A good score leaves few surprises (errors that
    it did not expect), often none, and then the sample says nothing about their spread: as Agresti and Coull add two
    errors and two clean cases to a proportion, two such surprises are added here. `rarer` counts the errors or the
    clean cases, whichever are fewer: the degrees of freedom, and below 15 the exact interval is the one to report.
    """
    level, few = float(checks.open_rate(confidence, "confidence")), rarer < FEWEST
    spread, tilt = sqrt(max(variance, 0.0)), heaviest * (1 - 2 * min(max(estimate, 0.0), 1.0))
    half = float(t.ppf((1 + level) / 2, max(rarer, 1))) * sqrt(spread**2 + SURPRISES * tilt**2)
    middle = estimate + SURPRISES * tilt
    low, high = max(0.0, min(middle - half, estimate)), min(1.0, max(middle + half, estimate))
    told = exact() if few else None
    return PoweredInterval(
        basis=basis,
        inputs={"n": n, "confidence": confidence},
        warnings=(f"Fewer than {FEWEST} errors or clean cases: the exact interval is reported.",) if told else (),
        low=told.low if told else low,
        high=told.high if told else high,
        estimate=told.estimate if told else min(max(estimate, 0.0), 1.0),
        confidence=level,
        n=n,
        standard_error=spread,
        weight=weight,
        effective_n=int(n * classical / variance) if variance > 0 else n,
        reported="exact" if told else "prediction-powered",
        powered_low=low,
        powered_high=high,
    )


def ppi_effective_n(n: int, unlabeled: int, *, correlation: float) -> float:
    """The classical sample that would be as precise as n audits and scores of that correlation for others.

    n, unlabeled: at least 1; correlation of outcome and score in [-1, 1]. **Assumes one process.** Raises: BadInput.

    >>> round(ppi_effective_n(605, 3345, correlation=0.9), 2)
    1926.36

    Angelopoulos, Duchi and Zrnic (2023), arXiv:2311.01453; as computed by ppi-python, tests/test_power_analysis.py.
    """
    labels, others = checks.count(n, "n", least=1), checks.count(unlabeled, "unlabeled", least=1)
    if not -1 <= correlation <= 1:
        raise BadInput(f"correlation must lie in [-1, 1], not {correlation:g}.")
    return labels * (labels + others) / (labels + (1 - correlation**2) * others)


def best_weight(y: Floats, f: Floats, u: Floats, *, ddof: int = 1) -> float:
    """cov(y, f) / ((1 + n/N) var f) over all scores, clipped to [0, 1]; 0 where scores do not differ."""
    spread = float(np.var(np.concatenate([f, u]), ddof=1))
    if spread <= 0 or y.size < 2:
        return 0.0
    slope = float(np.cov(y, f, ddof=ddof)[0, 1]) / ((1 + y.size / u.size) * spread)
    return min(max(slope, 0.0), 1.0)


def clipped_slope(y: Floats, f: Floats) -> float:
    """cov(y, f) / var f in [0, 1]; 0 where scores do not differ."""
    spread = float(np.var(f, ddof=1)) if f.size > 1 else 0.0
    return min(max(float(np.cov(y, f)[0, 1]) / spread, 0.0), 1.0) if spread > 0 else 0.0


def _jackknifed(y: Floats, f: Floats, weight: float) -> Floats:
    """Residuals as they would be had the case not helped to fit the weight (a few high scores have much leverage)."""
    residuals = y - weight * f
    spread = float(((f - f.mean()) ** 2).sum())
    leverage = 1 / f.size + ((f - f.mean()) ** 2 / spread if 0 < weight < 1 and spread > 0 else np.zeros(f.size))
    return np.asarray((residuals - residuals.mean()) / (1 - np.minimum(leverage, 0.9)), dtype=np.float64)


def effective_size(y: Floats, variance: float) -> int:
    """How many cases would make a classical mean as precise."""
    return int(np.var(y, ddof=1) / variance) if variance > 0 else y.size


def binary(outcomes: Sequence[float], name: str = "outcomes") -> Floats:
    """Outcomes as a column of 0 and 1."""
    column = checks.numbers(outcomes, name, least=0)
    if not np.isin(column, (0.0, 1.0)).all():
        raise BadInput(f"{name} must be 0 (clean) or 1 (error).")
    return column


def _columns(
    outcomes: Sequence[float] | Floats, scores: Sequence[float], others: Sequence[float], named: str = "unlabeled"
) -> tuple[Floats, Floats, Floats]:
    y = checks.numbers(outcomes, "outcomes")
    f = checks.numbers(scores, "scores", length=y.size)
    u = checks.numbers(others, named)
    if y.size < 2 or u.size < 2:
        raise BadInput(f"outcomes and {named} must hold at least 2 cases each.")
    return y, f, u
