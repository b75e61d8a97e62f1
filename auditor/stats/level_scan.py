"""Have ordered levels moved up or down, family by family, against baseline weeks? A signed shift with its error.

Tables are counts by family, level and week. It does not know visits or codes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats
from auditor.stats.week_scan import Split
from auditor.stats.week_spread import residual_spread


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One split's answer: mean shift in levels within families, its standard error and two-sided p-value.

    `mean` is the level now, `base_mean` the level that the baseline expects for the same families; `weeks` the
    baseline weeks with visits, whose spread the error is made of, `deviation` the standard deviation of one visit.
    """

    split: Split
    shift: float
    error: float
    p_value: float
    mean: float
    base_mean: float
    visits: float
    base_visits: float
    weeks: int
    deviation: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The two-sided interval of the shift."""
        reach = self.error * float(special.stdtrit(max(self.weeks - 1, 1), (1 + confidence) / 2))
        return self.shift - reach, self.shift + reach

    def wander_p_value(self, wander: float) -> float:
        """The p-value when the mean may also have strayed from its baseline, by `wander` deviations of one visit."""
        error = float(np.hypot(self.error, wander * self.deviation))
        return float(2 * special.stdtr(max(self.weeks - 1, 1), -abs(self.shift) / error))


@dataclass(frozen=True, slots=True)
class _Family:
    """Per family: mean and variance of the score in the baseline, and its visits."""

    mean: Floats
    variance: Floats
    visits: Floats


def scan_levels(now: ArrayLike, base: ArrayLike, *, scores: ArrayLike, split: Split) -> LevelRow | None:
    """Shift of the mean score now against what the baseline's families lead to expect; None when nothing compares.

    `now` and `base` are counts of shape families x levels x weeks, `scores` one score a family and level. Families
    with fewer than 10 baseline visits are left out. The p-value is Student's, on the baseline's own spread of
    weeks. Raises BadInput for tables that do not fit. **Assumes that weeks spread now as they did in the
    baseline.** Armitage (1955), Biometrics 11, 375-386, with McCullagh and Nelder (1989), section 4.5.

    >>> weeks = np.array([[[20, 21, 20, 19, 8, 9], [20, 19, 20, 21, 32, 31]]])
    >>> row = scan_levels(weeks, weeks, scores=[[3, 4]], split=Split((4, 5), (0, 1, 2, 3)))
    >>> round(row.shift, 4), bool(row.p_value < 0.05)
    (0.2875, True)
    """
    counts, before = np.asarray(now, dtype=np.float64), np.asarray(base, dtype=np.float64)
    score = np.asarray(scores, dtype=np.float64)
    if counts.ndim != 3 or counts.shape != before.shape or score.shape != counts.shape[:2]:
        raise BadInput("now and base must count families x levels x weeks, scores families x levels.")
    here, there = counts[:, :, list(split.now)].sum(axis=2), before[:, :, list(split.base)]
    family = _families(there.sum(axis=2), score)
    use = (family.visits >= 10) & (here.sum(axis=1) > 0)
    if not use.any():
        return None
    return _answer(here[use], there[use], score[use], _only(family, use), split)


def _families(base: Floats, score: Floats) -> _Family:
    visits = base.sum(axis=1)
    mean = (base * score).sum(axis=1) / np.maximum(visits, 1)
    spread = (base * (score - mean[:, None]) ** 2).sum(axis=1) / np.maximum(visits - 1, 1)
    return _Family(mean, spread, visits)


def _only(family: _Family, use: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> _Family:
    return _Family(family.mean[use], family.variance[use], family.visits[use])


def _answer(here: Floats, there: Floats, score: Floats, family: _Family, split: Split) -> LevelRow | None:
    each = here.sum(axis=1)
    total = float(each.sum())
    mean = float((here * score).sum() / total)
    expected = float((each * family.mean).sum() / total)
    variance = float((each**2 * family.variance * (1 / each + 1 / family.visits)).sum()) / total**2
    if variance <= 0:
        return None
    effect, weeks = _spread(there, score, family, len(split.now))
    error = float(np.sqrt(effect * variance))
    p_value = float(2 * special.stdtr(max(weeks - 1, 1), -abs(mean - expected) / error))
    deviation = float(np.sqrt((each * family.variance).sum() / total))
    before = float(family.visits.sum())
    return LevelRow(split, mean - expected, error, p_value, mean, expected, total, before, weeks, deviation)


def _spread(there: Floats, score: Floats, family: _Family, window: int) -> tuple[float, int]:
    """The design effect of a sum over `window` weeks, and the weeks that tell it."""
    offsets = (score - family.mean[:, None])[:, :, None]
    sums = (there * offsets).sum(axis=(0, 1))
    variances = (there.sum(axis=1) * family.variance[:, None]).sum(axis=0)
    told = variances > 0
    weeks = int(told.sum())
    if weeks < 4:
        return 1.0, weeks
    residual = (sums[told] / np.sqrt(variances[told]))[None, :]
    return float(residual_spread(residual, telling=np.array([True]), window=window)[0]), weeks
