"""Has the level of visits, or a mean, moved in a strand by more than people's over the same weeks?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.services.monitoring.moves import window_weights
from auditor.stats.control_arm import ArmContrast, contrast
from auditor.stats.level_scan import LevelRow, scan_levels
from auditor.stats.mean_scan import WeekSums, scan_mean
from auditor.stats.week_scan import Split

Floats = NDArray[np.float64]

_APART_LEVEL = 0.03
"""The level at which a shift of levels or of a mean must stand out from people's over the same weeks."""

_DOUBT = 2.0
"""A shift that seasons may have made must stand out from people's so many times more clearly."""

_WANDER = 0.04
"""How far seasons carry a mean from half a year's baseline, in standard deviations of one claim.

Levels whose shares swing by 12 % each, apart from one another, do."""


@dataclass(frozen=True)
class LevelTable:
    """Visits by family, level and week: of the weeks now, of the baseline, of people; and each level's score."""

    now: Floats
    base: Floats
    human: Floats
    scores: Floats
    what: str = "E/M level"
    denominator: str = "visits"

    @property
    def now_units(self) -> Floats:
        """Visits by week."""
        visits: Floats = self.now.sum(axis=(0, 1))
        return visits

    def scan(self, split: Split) -> LevelRow | None:
        """The shift over a split."""
        return scan_levels(self.now, self.base, scores=self.scores, split=split)

    def scan_people(self, split: Split) -> LevelRow | None:
        """People's shift over the same split."""
        return scan_levels(self.human, self.human, scores=self.scores, split=split)

    def beyond(self, row: LevelRow) -> Floats:
        """By week, how far everything together lies on the side of now."""
        base = self.base[:, :, list(row.split.base)].sum(axis=2)
        visits = base.sum(axis=1)
        mean = (base * self.scores).sum(axis=1) / np.maximum(visits, 1)
        offset = (self.scores - mean[:, None] - row.shift / 2)[:, :, None]
        sides: Floats = (self.now * offset * (visits >= 10)[:, None, None]).sum(axis=(0, 1))
        sides *= np.sign(row.shift)
        return sides


@dataclass(frozen=True)
class MeanTable:
    """Weekly sums of one value (charges, confidence, codes a claim): now, in the baseline, and people's."""

    now: WeekSums
    base: WeekSums
    human: WeekSums
    what: str
    denominator: str = "claims"

    @property
    def now_units(self) -> Floats:
        """Units by week."""
        return self.now.units

    def scan(self, split: Split) -> LevelRow | None:
        """The shift over a split."""
        return scan_mean(self.now, self.base, split=split)

    def scan_people(self, split: Split) -> LevelRow | None:
        """People's shift over the same split."""
        return scan_mean(self.human, self.human, split=split)

    def beyond(self, row: LevelRow) -> Floats:
        """By week, how far the sum lies on the side of now."""
        middle = (row.mean + row.base_mean) / 2
        sides: Floats = np.sign(row.shift) * (self.now.total - self.now.units * middle)
        return sides


@dataclass(frozen=True)
class LevelMove:
    """The split that shows the shift best, its p-value over all splits, and people's shift beside it.

    `beyond_seasons` is the p-value over all splits when seasons may have made a part of it.
    """

    row: LevelRow
    adjusted: float
    beyond_seasons: float
    human: LevelRow | None
    arms: ArmContrast
    lasting: bool

    @property
    def direction(self) -> int:
        """+1 for a shift up, -1 for one down."""
        return 1 if self.row.shift > 0 else -1

    def own(self, level: float) -> bool:
        """Whether it is AI's own: it stands out from people's, more clearly where seasons could have made it.

        Where people coded too little to say, it must be more than seasons make, at this level.
        """
        unseasonal = self.beyond_seasons <= level
        if not self.arms.informative:
            return unseasonal
        return not self.arms.shared and self.arms.p_value * (1.0 if unseasonal else _DOUBT) <= _APART_LEVEL


def level_move(table: LevelTable | MeanTable, splits: Sequence[Split]) -> LevelMove | None:
    """The shift of the splits that is hardest to explain by chance; None when there are no visits to compare."""
    rows = [table.scan(split) for split in splits]
    weights = window_weights(splits)
    tested = [(row, weight) for row, weight in zip(rows, weights, strict=True) if row is not None]
    if not tested:
        return None
    row, weight = min(tested, key=lambda each: each[0].p_value / each[1])
    human = table.scan_people(row.split)
    beside = (human.shift, human.error) if human else (0.0, float("inf"))
    arms = contrast(row.shift, row.error, *beside, freedom=max(row.weeks - 1, 1))
    beyond = min(each.wander_p_value(_WANDER) / share for each, share in tested)
    return LevelMove(row, _at_most_one(row.p_value / weight), _at_most_one(beyond), human, arms, _lasts(table, row))


def _at_most_one(p_value: float) -> float:
    return float(min(1.0, p_value))


def _lasts(table: LevelTable | MeanTable, row: LevelRow) -> bool:
    """Whether the newest two weeks still show at least half of it, and no single week carries it alone."""
    weeks = row.split.now
    newest = table.scan(Split(weeks[-2:], row.split.base))
    if newest is None or np.sign(row.shift) * newest.shift < abs(row.shift) / 2:
        return False
    if len(weeks) == 1:
        return True
    each = [table.scan(Split((week,), row.split.base)) for week in weeks]
    return sum(1 for week in each if week is not None and np.sign(row.shift) * week.shift > 0) >= 2
