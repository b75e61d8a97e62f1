"""Weekly counts as tables: one row a code or modifier, one column a week, for each arm and model version.

Made anew at each run from the parts of its weeks, of which those that changed were counted again. It does not judge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claims import CodingSource
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.domain.em_levels import MOST_LEVELS, families
from auditor.services.monitoring.week_parts import Arm, Opened, WeekPart, arms_of, missing_of, numbers
from auditor.sources.tally import Tally

Floats = NDArray[np.float64]
CodeName = tuple[str, str]


@dataclass(frozen=True)
class TallyWeeks:
    """One measure by week: totals by row, their squares, and the units that they are counted over."""

    totals: Floats
    squares: Floats
    units: Floats

    def within(self, weeks: NDArray[np.bool_]) -> "TallyWeeks":
        """The same with nothing outside these weeks."""
        return TallyWeeks(self.totals * weeks, self.squares * weeks, self.units * weeks)

    def plus(self, other: "TallyWeeks") -> "TallyWeeks":
        """Both together."""
        return TallyWeeks(self.totals + other.totals, self.squares + other.squares, self.units + other.units)


@dataclass(frozen=True)
class ArmWeeks:
    """One arm's output by week: claims, lines by code, lines by modifier, and what else is measured."""

    claims: Floats
    codes: Floats
    modifiers: Floats
    tallies: Mapping[Tally, TallyWeeks] = field(default_factory=dict)

    def within(self, weeks: NDArray[np.bool_]) -> "ArmWeeks":
        """The same with nothing outside these weeks."""
        tallies = {measure: tally.within(weeks) for measure, tally in self.tallies.items()}
        return ArmWeeks(self.claims * weeks, self.codes * weeks, self.modifiers * weeks, tallies)

    def plus(self, other: "ArmWeeks") -> "ArmWeeks":
        """Both together."""
        tallies = dict(self.tallies)
        for measure, tally in other.tallies.items():
            tallies[measure] = tallies[measure].plus(tally) if measure in tallies else tally
        sums = self.claims + other.claims, self.codes + other.codes, self.modifiers + other.modifiers
        return ArmWeeks(*sums, tallies)


@dataclass(frozen=True)
class WeekCube:
    """All arms of one source over the same weeks, codes, modifiers and rows of each measure.

    `missing` has the sentence that says why a measure cannot be taken here.
    """

    weeks: tuple[date, ...]
    codes: tuple[CodeName, ...]
    modifiers: tuple[str, ...]
    arms: Mapping[Arm, ArmWeeks]
    rows: Mapping[Tally, tuple[str, ...]] = field(default_factory=dict)
    missing: Mapping[Tally, str] = field(default_factory=dict)

    def tally(self, arm: ArmWeeks, measure: Tally) -> TallyWeeks:
        """One measure of an arm, zeros where it has none."""
        known = arm.tallies.get(measure)
        width, height = len(self.weeks), len(self.rows.get(measure, ()))
        return known or TallyWeeks(np.zeros((height, width)), np.zeros((height, width)), np.zeros(width))

    def empty(self) -> ArmWeeks:
        """An arm that has put out nothing."""
        width = len(self.weeks)
        return ArmWeeks(np.zeros(width), np.zeros((len(self.codes), width)), np.zeros((len(self.modifiers), width)))

    def humans(self) -> ArmWeeks:
        """What people coded."""
        return self.together(CodingSource.HUMAN)

    def together(self, source: CodingSource) -> ArmWeeks:
        """All versions of an arm as one; nothing is copied where there is but one."""
        of_arm = [weeks for (own, _), weeks in self.arms.items() if own is source]
        return reduce(ArmWeeks.plus, of_arm) if of_arm else self.empty()

    def levels(self, arm: ArmWeeks) -> Floats:
        """Visits of an arm by family, level and week."""
        place = {code: row for row, (family, code) in enumerate(self.codes) if family == PROCEDURE_FAMILY}
        table = np.zeros((len(families()), MOST_LEVELS, len(self.weeks)))
        for row, (_, codes) in enumerate(families()):
            for column, (code, _) in enumerate(codes):
                if code in place:
                    table[row, column] = arm.codes[place[code]]
        return table


def level_scores() -> Floats:
    """The level that each column of `WeekCube.levels` stands for; unused columns score 0 and hold no visits."""
    scores = np.zeros((len(families()), MOST_LEVELS))
    for row, (_, codes) in enumerate(families()):
        scores[row, : len(codes)] = [level for _, level in codes]
    return scores


def build(weeks: Sequence[date], parts: Iterable[WeekPart]) -> WeekCube:
    """The cube of these weeks, out of one part a week; parts of other weeks are left out."""
    column = {on: place for place, on in enumerate(weeks)}
    sums = _Sums(len(weeks))
    for part in parts:
        if part.week_on in column:
            sums.add(part.opened(), column[part.week_on])
    return sums.cube(tuple(weeks))


class _Table:
    """Counts by row and week while they are gathered: rows are numbered as they come, and sorted in the end."""

    def __init__(self, rows: dict[Any, int], width: int) -> None:
        self.rows = rows
        self.counts: Floats = np.zeros((len(rows), width))

    def add(self, names: Iterable[Any], column: int, values: Floats) -> None:
        rows = self.rows
        self.add_at(np.array([rows.setdefault(name, len(rows)) for name in names], dtype=np.int64), column, values)

    def add_at(self, places: NDArray[np.int64], column: int, values: Floats) -> None:
        """Add to these rows, none of which is named twice."""
        self._reach(len(self.rows))
        self.counts[places, column] += values

    def dense(self, order: NDArray[np.int64]) -> Floats:
        """Rows in their final order; `order` gives each numbered row its place."""
        self._reach(order.size)
        table = np.empty_like(self.counts[: order.size])
        table[order] = self.counts[: order.size]
        return table

    def _reach(self, height: int) -> None:
        """Make room for so many rows, and some more."""
        known, width = self.counts.shape
        if height > known:
            grown = np.zeros((height + height // 8, width))
            grown[:known] = self.counts
            self.counts = grown


class _Sums:
    """What the parts of a source come to, part by part, so that no more than one lies open."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.codes: dict[Any, int] = {}
        self.modifiers: dict[Any, int] = {}
        self.rows: defaultdict[Tally, dict[Any, int]] = defaultdict(dict)
        self.claims: defaultdict[Arm, Floats] = defaultdict(lambda: np.zeros(width))
        self.units: defaultdict[tuple[Arm, Tally], Floats] = defaultdict(lambda: np.zeros(width))
        self.tables: dict[tuple[Arm, str], _Table] = {}
        self.missing: dict[Tally, str] = {}

    def add(self, opened: Opened, column: int) -> None:
        """One week."""
        arms = arms_of(opened)
        for arm, claims in zip(arms, opened["claims"], strict=True):
            if claims:
                self.claims[arm][column] += claims
        self._add_lines(opened, arms, column)
        for place, measure, names, *sums in opened["tallies"]:
            self._add_tally((arms[place], Tally(measure)), names, column, [numbers(each) for each in sums])
        self.missing |= missing_of(opened)

    def _add_lines(self, opened: Opened, arms: list[Arm], column: int) -> None:
        rows = self.codes
        known = np.array([rows.setdefault(tuple(name), len(rows)) for name in opened["codes"]], dtype=np.int64)
        of_arm, codes, lines = (numbers(each) for each in opened["lines"])
        for place in np.unique(of_arm).astype(int).tolist():
            mine = of_arm == place
            self._table(arms[place], "codes", self.codes).add_at(known[codes[mine].astype(int)], column, lines[mine])
        for place, modifier, count in opened["modifiers"]:
            self._table(arms[place], "modifiers", self.modifiers).add([modifier], column, np.array([float(count)]))

    def _add_tally(self, of: tuple[Arm, Tally], names: list[str], column: int, sums: list[Floats]) -> None:
        arm, measure = of
        for part, values in zip(("totals", "squares"), sums, strict=False):
            self._table(arm, f"{measure} {part}", self.rows[measure]).add(names, column, values)
        self.units[of][column] = sums[-1].max()

    def _table(self, arm: Arm, name: str, rows: dict[Any, int]) -> _Table:
        found = self.tables.get((arm, name))
        if found is None:
            found = self.tables[arm, name] = _Table(rows, self.width)
        return found

    def cube(self, weeks: tuple[date, ...]) -> WeekCube:
        """All of them, rows in order of their names; nothing is left here."""
        names = {"codes": self.codes, "modifiers": self.modifiers}
        names |= {f"{measure} {part}": rows for measure, rows in self.rows.items() for part in ("totals", "squares")}
        order = {name: _order(rows) for name, rows in names.items()}
        arms = sorted({*self.claims, *(arm for arm, _ in self.tables)}, key=lambda arm: (arm[0].value, arm[1] or ""))

        def table(arm: Arm, name: str) -> Floats:
            found = self.tables.pop((arm, name), None)  # what is gathered goes as what it comes to is made
            return found.dense(order[name]) if found else np.zeros((order[name].size, self.width))

        made = {
            arm: ArmWeeks(
                self.claims[arm],
                table(arm, "codes"),
                table(arm, "modifiers"),
                {
                    measure: TallyWeeks(table(arm, f"{measure} totals"), table(arm, f"{measure} squares"), units)
                    for (of_arm, measure), units in self.units.items()
                    if of_arm == arm
                },
            )
            for arm in arms
        }
        rows = {measure: tuple(sorted(found)) for measure, found in self.rows.items()}
        return WeekCube(weeks, tuple(sorted(self.codes)), tuple(sorted(self.modifiers)), made, rows, self.missing)


def _order(rows: Mapping[Any, int]) -> NDArray[np.int64]:
    """The place of each numbered row when rows are sorted by name."""
    order = np.zeros(len(rows), dtype=np.int64)
    for place, name in enumerate(sorted(rows)):
        order[rows[name]] = place
    return order
