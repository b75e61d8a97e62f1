"""Weekly counts as tables: one row a code or modifier, one column a week, for each arm and model version.

Made anew from the source at each run, so that late claims correct the past. It does not judge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claims import CodingSource
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.domain.em_levels import MOST_LEVELS, families
from auditor.sources.tally import Tally, WeekTally
from auditor.sources.weeks import ClaimCount, LineCount, WeekCounts

Floats = NDArray[np.float64]
Arm = tuple[CodingSource, str | None]
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
        total = self.empty()
        for (source, _), weeks in self.arms.items():
            if source is CodingSource.HUMAN:
                total = total.plus(weeks)
        return total

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


def build(weeks: Sequence[date], counts: WeekCounts) -> WeekCube:
    """The cube of these weeks; what lies outside them is left out."""
    week = {on: column for column, on in enumerate(weeks)}
    kept = [line for line in counts.lines if line.week_start in week]
    tallies = [each for each in counts.tallies if each.week_start in week]
    names = {line: (code_family(line.code_system), normal_code(line.code)) for line in kept}
    rows: defaultdict[Tally, set[str]] = defaultdict(set)
    for each in tallies:
        rows[each.measure].add(each.row)
    empty = WeekCube(
        tuple(weeks),
        tuple(sorted(set(names.values()))),
        tuple(sorted({modifier for line in kept for modifier in line.modifiers})),
        {},
        {measure: tuple(sorted(found)) for measure, found in rows.items()},
        counts.missing,
    )
    arms: defaultdict[Arm, ArmWeeks] = defaultdict(empty.empty)
    _count_claims(arms, counts.claims, week)
    _count_lines(arms, kept, empty, week)
    _count_tallies(arms, tallies, empty, week)
    return replace(empty, arms=dict(arms))


def _count_claims(arms: defaultdict[Arm, ArmWeeks], claims: Iterable[ClaimCount], week: Mapping[date, int]) -> None:
    for tally in claims:
        if tally.week_start in week:
            arms[tally.coding_source, tally.model_version].claims[week[tally.week_start]] += tally.claims


def _count_lines(
    arms: defaultdict[Arm, ArmWeeks], lines: Iterable[LineCount], cube: WeekCube, week: Mapping[date, int]
) -> None:
    row = {name: at for at, name in enumerate(cube.codes)}
    mark = {name: at for at, name in enumerate(cube.modifiers)}
    for line in lines:
        arm, column = arms[line.coding_source, line.model_version], week[line.week_start]
        arm.codes[row[code_family(line.code_system), normal_code(line.code)], column] += line.lines
        for modifier in set(line.modifiers):
            arm.modifiers[mark[modifier], column] += line.lines


def _count_tallies(
    arms: defaultdict[Arm, ArmWeeks], tallies: Iterable[WeekTally], cube: WeekCube, week: Mapping[date, int]
) -> None:
    place = {(measure, name): at for measure, rows in cube.rows.items() for at, name in enumerate(rows)}
    own: dict[tuple[Arm, Tally], TallyWeeks] = {}
    for each in tallies:
        arm, column = (each.coding_source, each.model_version), week[each.week_start]
        found = own.get((arm, each.measure)) or cube.tally(cube.empty(), each.measure)
        own[arm, each.measure] = found
        at = place[each.measure, each.row]
        found.totals[at, column] += each.total
        found.squares[at, column] += each.squares
        found.units[column] = max(found.units[column], each.units)
    for (arm, measure), found in own.items():
        arms[arm] = replace(arms[arm], tallies={**arms[arm].tallies, measure: found})
