"""Have visit levels moved up or down? A signed shift with its size, its interval and an exact test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_counts, require_number

_EXACT_UP_TO = 300
"""Visits in both periods together up to which the permutation distribution is counted out."""


@dataclass(frozen=True, slots=True)
class LevelShift:
    """Mean level now minus mean level before (`estimate`, in levels), its interval, and the two-sided
    p-value.

    `effect` is the shift in standard deviations of the baseline; `exact` whether the p-value counts
    permutations.
    """

    estimate: float
    low: float
    high: float
    effect: float | None
    p_value: float
    exact: bool
    confidence: float


def _permutations(pooled: Floats, drawn: int, steps: Floats) -> tuple[Floats, Floats]:
    """All totals of `drawn` levels out of the pooled ones, in steps above the lowest, with their
    probabilities."""
    top = int(steps.max()) * drawn
    ways = np.zeros((drawn + 1, top + 1))
    ways[0, 0] = 1.0
    for available, step in zip(pooled.astype(int).tolist(), steps.astype(int).tolist(), strict=True):
        grown = np.zeros_like(ways)
        for taken in range(min(available, drawn) + 1):
            moved = taken * step
            choices = special.binom(available, taken)
            grown[taken:, moved:] += choices * ways[: drawn + 1 - taken, : top + 1 - moved]
        ways = grown / grown.max()
    return np.arange(top + 1.0), ways[drawn] / ways[drawn].sum()


def level_shift(
    now: ArrayLike,
    before: ArrayLike,
    *,
    levels: ArrayLike | None = None,
    confidence: float = 0.95,
    design_effect: float = 1.0,
) -> LevelShift:
    """Signed shift of ordered levels, e.g. visit levels 1 to 5, from counts per level now and before.

    `now` and `before` are counts with one entry a level, at least one visit in all in each; `levels` the
    scores, by default 1, 2, ...; `design_effect` (1 or more) widens for visits of one provider that hang
    together. The p-value is the permutation test's: counted out for whole scores and few visits, else by
    its normal approximation with half a level of continuity. Raises BadInput outside these ranges.
    **Assumes visits exchangeable between the periods when nothing has changed.** Mehta, Patel and
    Senchaudhuri (1992), J. Computational and Graphical Statistics 1, 21-40; Armitage (1955), Biometrics 11,
    375-386.

    >>> shift = level_shift([2, 10, 30, 45, 13], [3, 15, 45, 30, 7])
    >>> round(shift.estimate, 3), round(shift.low, 3), round(shift.high, 3), round(shift.p_value, 4), shift.exact
    (0.34, 0.089, 0.591, 0.0107, True)
    """
    after, base = require_counts(now, "now"), require_counts(before, "before")
    if after.size != base.size or after.size < 2 or after.sum() < 1 or base.sum() < 1:
        raise BadInput("now and before must have one count for each of two levels or more, and a visit each.")
    score = np.arange(1.0, after.size + 1) if levels is None else require_array(levels, "levels")
    if score.size != after.size:
        raise BadInput(f"levels must have one score for each of {after.size} levels; got {score.size}.")
    widening = require_number(design_effect, "design_effect", above=1 - 1e-12)
    (mean, variance), (base_mean, base_variance) = _moments(after, score), _moments(base, score)
    error = np.sqrt(widening * (variance / after.sum() + base_variance / base.sum()))
    reach = special.ndtri((1 + require_number(confidence, "confidence", above=0, below=1)) / 2) * error
    p_value, exact = _p_value(after, base, score, widening)
    shift = float(mean - base_mean)
    effect = float(shift / np.sqrt(base_variance)) if base_variance > 0 else None
    return LevelShift(shift, float(shift - reach), float(shift + reach), effect, p_value, exact, confidence)


def _moments(counts: Floats, score: Floats) -> tuple[float, float]:
    n = counts.sum()
    mean = float((counts * score).sum() / n)
    return mean, float((counts * (score - mean) ** 2).sum() / max(n - 1, 1))


def _p_value(after: Floats, base: Floats, score: Floats, widening: float) -> tuple[float, bool]:
    """The permutation p-value, two-sided by distance from the mean, and whether it was counted out."""
    pooled, n = after + base, after.sum()
    mean, variance = _moments(pooled, score)
    steps = score - score.min()
    whole = bool((steps == np.floor(steps)).all()) and steps.max() <= 20
    if widening == 1 and whole and pooled.sum() <= _EXACT_UP_TO:
        totals, chances = _permutations(pooled, int(n), steps)
        center = n * (mean - score.min())
        far = abs(float((after * steps).sum()) - center) - 1e-9
        return float(min(1.0, chances[np.abs(totals - center) >= far].sum())), True
    if variance == 0:
        return 1.0, False
    distance = max(0.0, abs(float((after * score).sum()) - n * mean) - (0.5 if whole else 0.0))
    spread = np.sqrt(widening * n * base.sum() / pooled.sum() * variance)
    return float(2 * special.ndtr(-distance / spread)), False
