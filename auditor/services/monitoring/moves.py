"""What moved in a strand: rows of a rate table whose change is proven, large enough, lasting, and AI's own.

Used for codes and for modifiers alike; it does not know which.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.stats.control_arm import ArmContrast, contrast, log_ratio, moved_alone
from auditor.stats.multiplicity import benjamini_hochberg, material
from auditor.stats.week_scan import ScanRow, Split, scan
from auditor.stats.week_spread import week_spread

Floats = NDArray[np.float64]

SINGLE_WEEK_TRUST = 0.02
"""A window of one week gets this share of a longer window's level: one odd week is not drift."""

_APART_LEVEL = 0.02
"""The level at which a change must stand out from people's over the same weeks, all changes together."""

WANDER = 0.10
"""How far seasons carry a rate from half a year's baseline, as a share of it (standard deviation).

A season that swings a rate by 12 % either way does; a baseline of half a year is too short to show it."""

_DOUBT = 10.0
"""Changes that seasons may have made must stand out from people's so many times more clearly."""

_TOGETHER_LEVEL = 0.005
"""The level at which all changes together must show that people stayed behind."""

_LEAST_CASES = 10
"""Rows with fewer cases over all weeks are not tested: no split of them could prove anything."""


@dataclass(frozen=True)
class RateTable:
    """Counts by row and week with the claims of each week, of the weeks now, of the baseline, and of people."""

    now: Floats
    now_claims: Floats
    base: Floats
    base_claims: Floats
    human: Floats
    human_claims: Floats


@dataclass(frozen=True)
class Floor:
    """The smallest change of a rate that is told of: by ratio, by difference, and all changed rows together."""

    ratio: float
    difference: float
    together: float = 0.0


@dataclass(frozen=True)
class Move:
    """A row that moved: which split shows it best, and what people did over the same weeks.

    `unseasonal` moves are larger than seasons make as well.
    """

    row: int
    scan: ScanRow
    adjusted: float
    direction: int
    arms: ArmContrast
    unseasonal: bool

    @property
    def difference(self) -> float:
        """The change of the rate, signed."""
        return float(self.scan.rate[self.row] - self.scan.base_rate[self.row])


@dataclass(frozen=True)
class Moves:
    """What one family of tests says: its smallest adjusted p-value, the moves to tell of, and those shared."""

    smallest: float
    tested: int
    told: tuple[Move, ...]
    shared: tuple[Move, ...]


def window_weights(splits: Sequence[Split]) -> Floats:
    """How the level is shared over the splits; the weights add up to 1."""
    weights = np.array([SINGLE_WEEK_TRUST if len(split.now) == 1 else 1.0 for split in splits])
    shared: Floats = weights / weights.sum()
    return shared


def open_splits(table: RateTable, splits: Sequence[Split], *, least: int) -> list[Split]:
    """The splits that have something on either side, and a baseline of at least so many weeks with something."""
    return [
        split
        for split in splits
        if table.now_claims[list(split.now)].sum() > 0
        and (table.base_claims[list(split.base)] > 0).sum() >= min(least, len(split.base))
    ]


def moves(table: RateTable, splits: Sequence[Split], *, floor: Floor, level: float) -> Moves:
    """Test every row over every split, and sort what changed into what is told of and what people share."""
    rows = scan(table.now, table.now_claims, table.base, table.base_claims, splits=splits, wander=WANDER)
    weeks = sorted({week for split in splits for week in (*split.now, *split.base)})
    tested = np.flatnonzero(np.maximum(table.now, table.base)[:, weeks].sum(axis=1) >= _LEAST_CASES)
    if not tested.size:
        return Moves(1.0, 0, (), ())
    p_values = np.stack([row.p_value[tested] for row in rows]) / window_weights(splits)[:, None]
    best = p_values.argmin(axis=0)
    found = benjamini_hochberg(np.minimum(1.0, p_values.min(axis=0)), level=level)
    beyond = np.stack([row.wander_p_value[tested] for row in rows]) / window_weights(splits)[:, None]
    unseasonal = benjamini_hochberg(np.minimum(1.0, beyond.min(axis=0)), level=level).rejected
    candidates = []
    for place in np.flatnonzero(found.rejected):
        row, chosen = int(tested[place]), rows[int(best[place])]
        arms = _against_people(table, chosen, row)
        direction = 1 if chosen.rate[row] > chosen.base_rate[row] else -1
        move = Move(row, chosen, float(found.adjusted[place]), direction, arms, bool(unseasonal[place]))
        if _matters(move, floor) and _lasts(table, move):
            candidates.append(move)
    told, shared = _own(candidates)
    if sum(abs(move.difference) for move in told) < floor.together:
        told = []
    return Moves(float(found.adjusted.min()), int(tested.size), _sorted(told), _sorted(shared))


def _own(candidates: list[Move]) -> tuple[list[Move], list[Move]]:
    """AI's own moves, and those that people share, that do not stand out from people's, or that seasons may make.

    A move is AI's own when it stands out by itself, or when all moves together show that people stayed behind; where
    people coded too little to say, when it is more than seasons make.
    """
    judged = [move for move in candidates if move.arms.informative]
    apart: set[int] = set()
    if judged:
        p_values = [move.arms.p_value * (1.0 if move.unseasonal else _DOUBT) for move in judged]
        found = benjamini_hochberg(np.minimum(1.0, p_values), level=_APART_LEVEL)
        together = moved_alone([move.arms for move in judged if move.unseasonal]) <= _TOGETHER_LEVEL
        clear = [
            bool(rejected) or (together and move.unseasonal)
            for rejected, move in zip(found.rejected, judged, strict=True)
        ]
        apart = {move.row for move, own in zip(judged, clear, strict=True) if own and not move.arms.shared}
    told = [move for move in candidates if (move.row in apart if move.arms.informative else move.unseasonal)]
    rows = {move.row for move in told}
    return told, [move for move in candidates if move.row not in rows]


def _sorted(found: list[Move]) -> tuple[Move, ...]:
    return tuple(sorted(found, key=lambda move: (-abs(move.difference), move.row)))


def _against_people(table: RateTable, chosen: ScanRow, row: int) -> ArmContrast:
    here, there = list(chosen.split.now), list(chosen.split.base)
    change, error = log_ratio(
        chosen.count[row],
        chosen.total,
        chosen.base_count[row],
        chosen.base_total,
        design_effect=chosen.design_effect[row],
    )
    human, claims = table.human[row], table.human_claims
    effect = week_spread(human[there], claims[there], window=len(here))[0]
    theirs, noise = log_ratio(
        human[here].sum(),
        float(claims[here].sum()),
        human[there].sum(),
        float(claims[there].sum()),
        design_effect=effect,
    )
    return contrast(float(change), float(error), float(theirs), float(noise), freedom=len(there) - 1)


def _matters(move: Move, floor: Floor) -> bool:
    now, before = move.scan.rate[[move.row]], move.scan.base_rate[[move.row]]
    return bool(material(now, before, least_difference=floor.difference, least_ratio=floor.ratio)[0])


def _lasts(table: RateTable, move: Move) -> bool:
    """Whether more than one week shows it, and the newest two still do at half its size."""
    weeks = list(move.scan.split.now)
    before = move.scan.base_rate[move.row]
    newest = weeks[-2:]
    claims = float(table.now_claims[newest].sum())
    if not claims:
        return False
    still = move.direction * (table.now[move.row, newest].sum() / claims - before) >= abs(move.difference) / 2
    if len(weeks) == 1:
        return bool(still)
    open_weeks = [week for week in weeks if table.now_claims[week] > 0]
    beyond = sum(
        move.direction * (table.now[move.row, week] / table.now_claims[week] - before) > 0 for week in open_weeks
    )
    return bool(still and beyond >= 2)
