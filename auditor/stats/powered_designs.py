"""Prediction-powered rates of stratified draws and of draws with unequal chances. Does not draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import norm

from auditor.errors import BadInput
from auditor.stats import checks, finite_population, proportion
from auditor.stats.checks import Floats
from auditor.stats.powered_mean import (
    FEWEST,
    SOURCE,
    PoweredInterval,
    binary,
    powered_or_exact,
)
from auditor.stats.results import Basis, Interval

STRATIFIED = Basis(
    method="Prediction-powered rate of a stratified frame",
    formula="sum W_h (mean y_h + l (mean f_frame,h - mean f_h)); var = sum W_h^2 (1 - n_h/N_h) var(y - l f)_h / n_h",
    assumptions=("a simple random sample within each stratum", "scores not learned on these cases"),
    source=SOURCE + "; Cochran (1977), Sampling Techniques, section 7.10 (combined estimate)",
    convention=f"one weight for all strata; the exact interval where errors or clean cases are below {FEWEST}",
)
WEIGHTED = Basis(
    method="Prediction-powered rate of a draw with unequal chances",
    formula="(l sum_frame f + sum_S (y - l f) / p) / N; var = n/(n-1) sum_S (1-p) ((y - l f)/p - mean)^2 / N^2",
    assumptions=("inclusion probabilities p are those of the draw", "scores not learned on these cases"),
    source=SOURCE + "; Deville and Tille (2005), J. Stat. Plan. Inference 128, 569-591; Hajek (1964)",
    convention=f"Korn-Graubard exact interval at the effective n where errors or clean cases are below {FEWEST}",
)
ACTIVE = Basis(
    method="Active statistical inference",
    formula="mean of l f + drawn (y - l f) / p; l = cov(f (drawn/p - 1), drawn y/p) / var(f (drawn/p - 1))",
    assumptions=("each case drawn on its own, with its chance p", "scores not learned on these cases"),
    source="Zrnic and Candes (2024), Active statistical inference, arXiv:2403.03208",
    convention="normal interval",
)


@dataclass(frozen=True, slots=True)
class ScoredStratum:
    """The audited cases of a stratum (0 or 1, and their scores) and the scores of all its cases."""

    outcomes: Sequence[float]
    scores: Sequence[float]
    frame_scores: Sequence[float]


def stratified_prediction_powered_rate(
    strata: Sequence[ScoredStratum], *, confidence: checks.Rate = "0.95"
) -> PoweredInterval:
    """Error rate of a frame that was sampled by strata, with a score for every case.

    strata: each with at least 2 audited cases. With fewer than 15 errors or clean cases in all the exact stratified
    interval is reported.

    **Assumes simple random samples within strata, and scores not learned on them.** Raises: BadInput for strata
    with one audited case, more audited cases than the frame has, or outcomes other than 0 and 1.

    >>> good = ScoredStratum([1] * 6 + [0] * 44, [0.9] * 6 + [0.1] * 44, [0.9] * 60 + [0.1] * 440)
    >>> poor = ScoredStratum([1] * 10 + [0] * 40, [0.8] * 8 + [0.2] * 42, [0.8] * 30 + [0.2] * 170)
    >>> found = stratified_prediction_powered_rate([good, poor])
    >>> found.reported, found.effective_n > found.n
    ('prediction-powered', True)

    Cochran (1977), section 7.10; Angelopoulos, Duchi and Zrnic (2023), arXiv:2311.01453.
    """
    read = [_columns(each) for each in strata]
    if not read:
        raise BadInput("strata must hold at least one stratum.")
    sizes = np.array([whole.size for _, _, whole in read])
    scale = (sizes / sizes.sum()) ** 2 * np.array([(1 - y.size / w.size) / y.size for y, _, w in read])
    spread = sum(c * np.var(f, ddof=1) for c, (_, f, _) in zip(scale, read, strict=True))
    shared = sum(c * np.cov(y, f)[0, 1] for c, (y, f, _) in zip(scale, read, strict=True))
    weight = min(max(float(shared / spread), 0.0), 1.0) if spread > 0 else 0.0
    means = [y.mean() + weight * (whole.mean() - f.mean()) for y, f, whole in read]
    variance = sum(c * np.var(y - weight * f, ddof=1) for c, (y, f, _) in zip(scale, read, strict=True))
    heaviest = max(w.size / sizes.sum() / y.size * (1 - y.size / w.size) for y, _, w in read)
    counts = [(int(y.sum()), y.size, whole.size) for y, _, whole in read]
    errors, n = sum(c for c, _, _ in counts), sum(c for _, c, _ in counts)
    return powered_or_exact(
        lambda: finite_population.stratified_interval(counts, confidence=confidence), basis=STRATIFIED,
        confidence=confidence, n=n,
        estimate=float(np.average(means, weights=sizes)), variance=float(variance), heaviest=heaviest, weight=weight,
        classical=float(sum(c * np.var(y, ddof=1) for c, (y, _, _) in zip(scale, read, strict=True))),
        rarer=min(errors, n - errors),
    )  # fmt: skip


def weighted_prediction_powered_rate(
    outcomes: Sequence[float],
    scores: Sequence[float],
    frame_scores: Sequence[float],
    *,
    inclusion_probabilities: Sequence[float],
    confidence: checks.Rate = "0.95",
) -> PoweredInterval:
    """Error rate of a frame drawn with unequal, known inclusion probabilities, with a score for every case.

    outcomes, scores, inclusion_probabilities: of each audited case, the last in (0, 1], not all 1; frame_scores: of
    all N cases. With fewer than 15 errors or clean cases the Korn-Graubard interval of the unpowered estimate is
    reported.

    **Assumes these inclusion probabilities, and scores not learned on these cases.** Raises: BadInput for
    probabilities outside (0, 1] or columns that do not fit.

    >>> y, f = [1] * 16 + [0] * 64, [0.9] * 14 + [0.1] * 66
    >>> found = weighted_prediction_powered_rate(
    ...     y, f, [0.9] * 100 + [0.1] * 900, inclusion_probabilities=[0.2] * 14 + [0.07] * 66)
    >>> found.reported, 0.08 < found.estimate < 0.16
    ('prediction-powered', True)

    Deville and Tille (2005), doi:10.1016/j.jspi.2003.11.011; Zrnic and Candes (2024), arXiv:2403.03208.
    """
    y, f, whole = _columns(ScoredStratum(outcomes, scores, frame_scores))
    p = checks.numbers(inclusion_probabilities, "inclusion_probabilities", least=0, length=y.size)
    if p.min() <= 0 or p.max() > 1 or p.min() == 1:
        raise BadInput("inclusion_probabilities must lie in (0, 1], and not all be 1.")
    weight = _clipped_weight(y / p, f / p, 1 - p)
    estimate = float(weight * whole.sum() + ((y - weight * f) / p).sum()) / whole.size
    variance, classical = (_hajek_variance(column / p, 1 - p) / whole.size**2 for column in (y - weight * f, y))
    errors = int(y.sum())
    return powered_or_exact(
        lambda: _korn_graubard(y, p, classical, confidence), basis=WEIGHTED, confidence=confidence, n=y.size,
        estimate=estimate, variance=variance, heaviest=float(((1 - p) / p).max()) / whole.size, weight=weight,
        classical=classical, rarer=min(errors, y.size - errors),
    )  # fmt: skip


def active_inference(
    outcomes: Sequence[float | None],
    scores: Sequence[float],
    *,
    chances: Sequence[float],
    confidence: checks.Rate = "0.95",
    weight: float | None = None,
) -> PoweredInterval:
    """Mean of all cases when each was drawn on its own with its own chance.

    outcomes: of every case, None where it was not drawn; scores, chances: of every case, chances in (0, 1]; weight:
    of the scores, None for the best (not clipped).

    **Assumes independent draws with these chances, and scores not learned on these cases.** Raises: BadInput for
    chances outside (0, 1] or columns that do not fit.

    >>> found = active_inference([3, 5, None, None], [2, 4, 5, 7], chances=[0.5] * 4)
    >>> round(found.estimate, 2), round(found.weight, 2), found.effective_n
    (5.34, 0.89, 35)

    Zrnic and Candes (2024), arXiv:2403.03208.
    """
    f = checks.numbers(scores, "scores", length=len(outcomes))
    p = checks.numbers(chances, "chances", least=0, length=len(outcomes))
    if p.min() <= 0 or p.max() > 1:
        raise BadInput("chances must lie in (0, 1].")
    drawn = np.array([outcome is not None for outcome in outcomes])
    if drawn.sum() < 2:
        raise BadInput("outcomes must hold at least 2 cases that were drawn.")
    y = checks.numbers([0.0 if outcome is None else float(outcome) for outcome in outcomes], "outcomes")
    moved, expanded = f * (drawn / p - 1), y * drawn / p
    if weight is None:
        spread = float(np.var(moved, ddof=1))
        weight = float(np.cov(moved, expanded)[0, 1]) / spread if spread > 0 else 0.0
    weight = float(checks.fraction(weight, "weight"))
    values = expanded - weight * moved
    error = float(np.std(values, ddof=1)) / sqrt(values.size)
    estimate, level = float(values.mean()), float(checks.open_rate(confidence, "confidence"))
    half = float(norm.ppf((1 + level) / 2)) * error
    return PoweredInterval(
        basis=ACTIVE,
        inputs={"n": int(drawn.sum()), "cases": values.size, "confidence": confidence},
        low=estimate - half,
        high=estimate + half,
        estimate=estimate,
        confidence=level,
        n=int(drawn.sum()),
        standard_error=error,
        weight=weight,
        effective_n=int(drawn.sum() * np.var(expanded, ddof=1) / values.size / error**2)
        if error
        else int(drawn.sum()),
        reported="prediction-powered",
        powered_low=estimate - half,
        powered_high=estimate + half,
    )


def _columns(stratum: ScoredStratum) -> tuple[Floats, Floats, Floats]:
    y = binary(stratum.outcomes)
    f = checks.numbers(stratum.scores, "scores", length=y.size)
    whole = checks.numbers(stratum.frame_scores, "frame_scores")
    if y.size < 2 or whole.size < y.size:
        raise BadInput(
            "outcomes must hold at least 2 cases, and frame_scores no fewer than were audited; "
            f"got {y.size} and {whole.size}."
        )
    return y, f, whole


def _centred(column: Floats, mass: Floats) -> Floats:
    return column - float(np.average(column, weights=mass))


def _clipped_weight(y: Floats, f: Floats, mass: Floats) -> float:
    """The weight with the smallest estimated variance of a draw with unequal chances, in [0, 1]."""
    spread = float((mass * _centred(f, mass) ** 2).sum())
    shared = float((mass * _centred(f, mass) * _centred(y, mass)).sum())
    return min(max(shared / spread, 0.0), 1.0) if spread > 0 else 0.0


def _hajek_variance(expanded: Floats, mass: Floats) -> float:
    n = expanded.size
    return float(n / (n - 1) * (mass * _centred(expanded, mass) ** 2).sum())


def _korn_graubard(y: Floats, p: Floats, variance: float, confidence: checks.Rate) -> Interval:
    """Clopper-Pearson at the sample size whose binomial variance equals the design's, never above the real one."""
    n, share = y.size, float(np.average(y, weights=1 / p))
    size = min(float(n), share * (1 - share) / variance) if variance > 0 and 0 < share < 1 else float(n)
    alpha = float(checks.risk(confidence))
    low = proportion.beta_low(share * size, size, alpha / 2)
    high = proportion.beta_high(share * size, size, alpha / 2)
    return Interval(
        basis=WEIGHTED, inputs={"n": n, "confidence": confidence}, low=low, high=high, estimate=share,
        confidence=1 - alpha, n=n,
    )  # fmt: skip
