"""Estimates that carry the auditors' own errors: a first review of all sampled cases, an adjudicated second of some.

The first finding of a case is the proxy, the adjudicated second review of a random share is the truth. The estimate
of each group of first findings is that of its adjudicated cases, and groups count as they occur among all first
reviews. Does not know who reviewed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from auditor.errors import BadInput
from auditor.stats import checks, finite_population
from auditor.stats.checks import Floats
from auditor.stats.powered_mean import FEWEST, binary, clipped_slope
from auditor.stats.proportion import beta_high, beta_low
from auditor.stats.results import Basis, Interval

FEW = "Fewer than 15 adjudicated errors or clean cases: an exact interval is reported."

RATE = Basis(
    method="Two-phase error rate (double sampling for stratification by the first finding)",
    formula="sum w_g y_g; var = sum w_g^2 (1/m_g - 1/n_g) s_g^2 + (1/n - 1/N) (sum w_g s_g^2 + sum w_g (y_g - y)^2)",
    assumptions=(
        "the first-reviewed cases are a simple random sample of the frame",
        "within each first finding the adjudicated cases were chosen at random",
        "adjudication is right",
    ),
    source="Cochran (1977), Sampling Techniques, section 12.2; Rao (1973), Biometrika 60, 125-133",
    convention=f"t interval, degrees of freedom the adjudicated errors or clean cases; exact below {FEWEST} of them",
)
MEAN = Basis(
    method="Two-phase mean (regression on the first review)",
    formula="mean_m y + b (mean_n x - mean_m x); var = (1/m - 1/n) var(y - b x) + (1/n - 1/N) var y",
    assumptions=(
        "the first-reviewed cases are a simple random sample of the frame",
        "the adjudicated cases are a simple random sample of these",
        "adjudication is right",
    ),
    source="Cochran (1977), Sampling Techniques, section 12.6",
    convention="t interval with m - 2 degrees of freedom",
)


@dataclass(frozen=True, kw_only=True)
class TwoPhaseInterval(Interval):
    """An interval for the true rate or mean, with what the first review said.

    `share_first_phase` is the part of the variance that only more first reviews reduce; `reported` says whether
    low and high are "two-phase" or "exact"; false_alarms and misses estimate the rates among first findings of
    error and of clean (None for amounts).
    """

    first_review: float
    adjudicated: int
    share_first_phase: float
    reported: str
    false_alarms: float | None = None
    misses: float | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """Cases with one first finding: how many, and the adjudicated outcomes among them."""

    size: int
    truths: Floats


def two_phase_rate(
    first: Sequence[float],
    second: Sequence[float | None],
    *,
    population: int,
    confidence: checks.Rate = "0.95",
    random_share: bool = True,
) -> TwoPhaseInterval:
    """True error rate of a frame from first findings of a sample and adjudicated findings of a part of it.

    first: 0 or 1 of every sampled case; second: 0 or 1 where adjudicated, None elsewhere; population: cases in the
    frame; random_share: the adjudicated are a random share of all sampled cases, False where shares differ by first
    finding (then at least 2 of each finding). With fewer than 15 adjudicated errors or clean cases an exact
    interval is reported: of the adjudicated alone, or, where shares differ, of each part at a third of the risk.

    **Assumes a simple random sample, random adjudication as said, and that adjudication is right.** Raises: BadInput
    for findings other than 0 and 1, or too few adjudicated.

    >>> first = [1] * 40 + [0] * 360
    >>> second = [1] * 18 + [0] * 2 + [None] * 20 + [1] * 2 + [0] * 88 + [None] * 270
    >>> found = two_phase_rate(first, second, population=8000, random_share=False)
    >>> round(found.estimate, 3), found.first_review, round(found.false_alarms, 2), round(found.misses, 3)
    (0.11, 0.1, 0.1, 0.022)

    Cochran (1977), section 12.2.
    """
    x, y, seen, whole = _read(binary(first, "first"), second, population)
    truths = binary(y[seen].tolist(), "second")
    groups = [_Group(int((x == z).sum()), y[seen & (x == z)]) for z in (1.0, 0.0) if (x == z).any()]
    thin = any(group.truths.size < min(2, group.size) for group in groups)
    if thin and not random_share:
        raise BadInput("second must hold at least 2 adjudicated cases of each first finding.")
    estimate, early, late = (float(truths.mean()), 0.0, 0.0) if thin else _stratified(groups, whole)
    errors, m = int(truths.sum()), truths.size
    low, high = _normal(estimate, early + late, min(errors, m - errors), confidence)
    few = thin or min(errors, m - errors) < FEWEST
    if few and random_share:
        exact = finite_population.exact_interval(errors, m, whole, confidence=confidence)
        low, high, estimate = exact.low, exact.high, exact.estimate
    elif few:
        low, high = _apart(x, groups, whole, float(checks.risk(confidence)))
    return TwoPhaseInterval(
        basis=RATE, inputs={"n": x.size, "adjudicated": m, "population": whole, "confidence": confidence},
        warnings=(FEW,) if few else (), low=max(0.0, low), high=min(1.0, high), estimate=estimate,
        confidence=float(checks.rate(confidence, "confidence")), n=x.size, standard_error=sqrt(early + late),
        first_review=float(x.mean()), adjudicated=m, share_first_phase=_part(early, late),
        reported="exact" if few else "two-phase",
        false_alarms=_share(1 - y[seen & (x == 1)]), misses=_share(y[seen & (x == 0)]),
    )  # fmt: skip


def two_phase_mean(
    first: Sequence[float],
    second: Sequence[float | None],
    *,
    population: int,
    confidence: checks.Rate = "0.95",
) -> TwoPhaseInterval:
    """True mean of an amount (an overpayment, say) from first reviews of a sample and adjudicated ones of a part.

    first: the amount that the first review found, of every sampled case; second: the adjudicated amount, None where
    there is none, at least 3; population: cases in the frame. The slope is clipped to [0, 1].

    **Assumes a simple random sample, and adjudication of a random share of it.** Raises: BadInput for columns that
    do not fit or fewer than 3 adjudicated.

    >>> first = [0.0, 10.0, 0.0, 40.0, 0.0, 20.0, 0.0, 30.0] * 10
    >>> second = [0.0, 12.0, 0.0, 38.0, 0.0, 20.0, 5.0, 30.0] + [None] * 72
    >>> found = two_phase_mean(first, second, population=4000)
    >>> round(found.estimate, 2), found.first_review
    (13.12, 12.5)

    Cochran (1977), section 12.6.
    """
    x, y, seen, whole = _read(checks.numbers(first, "first"), second, population)
    truths, proxies, m, n = y[seen], x[seen], int(seen.sum()), x.size
    if m < 3:
        raise BadInput(f"second must hold at least 3 adjudicated amounts, not {m}.")
    slope = clipped_slope(truths, proxies)
    estimate = float(truths.mean() + slope * (x.mean() - proxies.mean()))
    late = (1 / m - 1 / n) * float(np.var(truths - slope * proxies, ddof=2))
    early = (1 / n - 1 / whole) * float(np.var(truths, ddof=1))
    low, high = _normal(estimate, early + late, m - 2, confidence)
    return TwoPhaseInterval(
        basis=MEAN, inputs={"n": n, "adjudicated": m, "population": whole, "confidence": confidence},
        low=low, high=high, estimate=estimate, confidence=float(checks.rate(confidence, "confidence")), n=n,
        standard_error=sqrt(early + late), first_review=float(x.mean()), adjudicated=m,
        share_first_phase=_part(early, late), reported="two-phase",
    )  # fmt: skip


def _stratified(groups: list[_Group], population: int) -> tuple[float, float, float]:
    """The estimate, and its variance from the first and from the second phase."""
    n = sum(group.size for group in groups)
    shares = np.array([group.size / n for group in groups])
    means = np.array([group.truths.mean() for group in groups])
    spreads = np.array([np.var(g.truths, ddof=1) if g.truths.size > 1 else 0.0 for g in groups])
    estimate = float(shares @ means)
    late = sum(
        share**2 * (1 / g.truths.size - 1 / g.size) * spread
        for share, g, spread in zip(shares, groups, spreads, strict=True)
    )
    early = (1 / n - 1 / population) * float(shares @ spreads + shares @ (means - estimate) ** 2)
    return estimate, early, float(late)


def _apart(x: Floats, groups: list[_Group], population: int, alpha: float) -> tuple[float, float]:
    """Exact limits of the first finding's rate and of the truth within each finding, each at a third of the risk."""
    flagged = finite_population.exact_interval(
        int(x.sum()), x.size, population, confidence=str(Fraction(1) - Fraction(str(alpha)) / 3)
    )
    parts = {True: (0.0, 1.0), False: (0.0, 1.0)}
    for group, adverse in zip(groups, [True, False] if x.any() else [False], strict=False):
        errors, m = float(group.truths.sum()), group.truths.size
        parts[adverse] = (beta_low(errors, m, alpha / 6), beta_high(errors, m, alpha / 6))
    low, high = (
        [p * parts[True][side] + (1 - p) * parts[False][side] for p in (flagged.low, flagged.high)] for side in (0, 1)
    )
    return min(low), max(high)


def _normal(estimate: float, variance: float, freedom: int, confidence: checks.Rate) -> tuple[float, float]:
    level = float(checks.open_rate(confidence, "confidence"))
    half = float(t.ppf((1 + level) / 2, max(freedom, 1))) * sqrt(variance)
    return estimate - half, estimate + half


def _part(early: float, late: float) -> float:
    return early / (early + late) if early + late > 0 else 0.0


def _share(column: Floats) -> float | None:
    return float(column.mean()) if column.size else None


def _read(
    first: Floats, second: Sequence[float | None], population: int
) -> tuple[Floats, Floats, NDArray[np.bool_], int]:
    """First findings, second findings with 0 where there are none, which cases have one, and the frame's size."""
    if len(second) != first.size:
        raise BadInput(f"second must have {first.size} entries, None where not adjudicated; got {len(second)}.")
    whole = checks.count(population, "population", least=1)
    if first.size > whole:
        raise BadInput(f"first must not outnumber population; got {first.size} of {whole}.")
    seen = np.array([each is not None for each in second])
    if seen.sum() < 2:
        raise BadInput("second must hold at least 2 adjudicated cases.")
    truths = checks.numbers([0.0 if each is None else float(each) for each in second], "second")
    return first, truths, seen, whole
