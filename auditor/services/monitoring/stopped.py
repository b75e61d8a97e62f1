"""Codes that people have stopped using while AI goes on: what an ended code looks like without any code table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.services.monitoring.moves import RateTable
from auditor.stats.control_arm import stopped_test
from auditor.stats.multiplicity import benjamini_hochberg
from auditor.stats.week_scan import Split
from auditor.stats.week_spread import lone_spreads


@dataclass(frozen=True)
class StoppedRule:
    """What counts as stopped: people's rate now over before, at most; AI's, at least; uses expected of people."""

    most_human: float
    least_ai: float
    least_expected: float
    least_together: float


@dataclass(frozen=True)
class StoppedCode:
    """A code that people stopped using: the split that shows it best, and its adjusted p-value."""

    row: int
    split: Split
    adjusted: float


@dataclass(frozen=True)
class StoppedCodes:
    """The smallest adjusted p-value, how many codes could be tested, and those found."""

    smallest: float
    tested: int
    found: tuple[StoppedCode, ...]


def stopped_codes(table: RateTable, splits: Sequence[Split], *, rule: StoppedRule, level: float) -> StoppedCodes:
    """Codes for which an exact test says that people's use fell and AI's did not, in two weeks or more."""
    usable = [split for split in splits if len(split.now) > 1 and _open(table, split)]
    eligible = _eligible(table, usable, rule)
    if not eligible:
        return StoppedCodes(1.0, 0, ())
    best: dict[int, tuple[float, Split]] = {}
    for split in usable:
        rows = _candidates(table, split, rule)
        for row, found_p in zip(rows, _p_values(table, split, rows), strict=True):
            p_value = min(1.0, found_p * len(usable))
            if p_value < best.get(row, (2.0, split))[0]:
                best[row] = (p_value, split)
    p_values = [best[row][0] if row in best else 1.0 for row in eligible]
    found = benjamini_hochberg(p_values, level=level)
    codes = [
        StoppedCode(row, best[row][1], float(found.adjusted[place]))
        for place, row in enumerate(eligible)
        if found.rejected[place]
    ]
    if sum(_rate_now(table, code) for code in codes) < rule.least_together:
        codes = []
    codes.sort(key=lambda code: (-_rate_now(table, code), code.row))
    return StoppedCodes(float(found.adjusted.min()), len(eligible), tuple(codes))


def _rate_now(table: RateTable, code: StoppedCode) -> float:
    here = list(code.split.now)
    return float(table.now[code.row, here].sum() / table.now_claims[here].sum())


def _open(table: RateTable, split: Split) -> bool:
    sides = ((table.now_claims, split.now), (table.human_claims, split.now), (table.human_claims, split.base))
    return all(claims[list(weeks)].sum() > 0 for claims, weeks in sides)


def _expected(table: RateTable, split: Split) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    here, there = list(split.now), list(split.base)
    rate = table.human[:, there].sum(axis=1) / table.human_claims[there].sum()
    expected: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = rate * table.human_claims[here].sum()
    return expected


def _eligible(table: RateTable, splits: Sequence[Split], rule: StoppedRule) -> list[int]:
    """Codes that people used often enough before for their absence to be seen."""
    rows: set[int] = set()
    for split in splits:
        rows |= set(np.flatnonzero(_expected(table, split) >= rule.least_expected).tolist())
    return sorted(rows)


def _candidates(table: RateTable, split: Split, rule: StoppedRule) -> list[int]:
    here, there = list(split.now), list(split.base)
    expected = _expected(table, split)
    seen = table.human[:, here].sum(axis=1)
    before = table.base[:, there].sum(axis=1) / table.base_claims[there].sum()
    now = table.now[:, here].sum(axis=1) / table.now_claims[here].sum()
    stopped = (expected >= rule.least_expected) & (seen <= rule.most_human * expected)
    return [int(row) for row in np.flatnonzero(stopped & (now > 0) & (now >= rule.least_ai * before))]


def _p_values(table: RateTable, split: Split, rows: Sequence[int]) -> list[float]:
    """The exact test on counts divided by how much wider than chance people's weeks, or AI's, spread, row by row."""
    here, there = list(split.now), list(split.base)
    human, base = table.human[rows], table.base[rows]
    effects = np.maximum(
        lone_spreads(human[:, there], table.human_claims[there], window=len(here)),
        lone_spreads(base[:, there], table.base_claims[there], window=len(here)),
    )
    arm, before = table.now[rows][:, here].sum(axis=1) / effects, base[:, there].sum(axis=1) / effects
    people, earlier = human[:, here].sum(axis=1) / effects, human[:, there].sum(axis=1) / effects
    claims, base_claims = table.now_claims[here].sum(), table.base_claims[there].sum()
    human_claims, human_base = table.human_claims[here].sum(), table.human_claims[there].sum()
    return [
        stopped_test(
            (arm[row], claims, before[row], base_claims), (people[row], human_claims, earlier[row], human_base)
        )
        for row in range(len(rows))
    ]
