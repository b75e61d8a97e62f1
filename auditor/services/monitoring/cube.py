"""Weekly counts as tables: one row a code or modifier, one column a week, for each arm and model version.

Made anew from the source at each run, so that late claims correct the past. It does not judge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claims import CodingSource
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.domain.em_levels import MOST_LEVELS, families
from auditor.sources.weeks import ClaimCount, LineCount

Floats = NDArray[np.float64]
Arm = tuple[CodingSource, str | None]
CodeName = tuple[str, str]


@dataclass(frozen=True)
class ArmWeeks:
    """One arm's output by week: claims, lines by code, lines by modifier."""

    claims: Floats
    codes: Floats
    modifiers: Floats

    def within(self, weeks: NDArray[np.bool_]) -> "ArmWeeks":
        """The same with nothing outside these weeks."""
        return ArmWeeks(self.claims * weeks, self.codes * weeks, self.modifiers * weeks)

    def plus(self, other: "ArmWeeks") -> "ArmWeeks":
        """Both together."""
        return ArmWeeks(self.claims + other.claims, self.codes + other.codes, self.modifiers + other.modifiers)


@dataclass(frozen=True)
class WeekCube:
    """All arms of one source over the same weeks, codes and modifiers."""

    weeks: tuple[date, ...]
    codes: tuple[CodeName, ...]
    modifiers: tuple[str, ...]
    arms: Mapping[Arm, ArmWeeks]

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


def build(weeks: Sequence[date], lines: Iterable[LineCount], claims: Iterable[ClaimCount]) -> WeekCube:
    """The cube of these weeks; what lies outside them is left out."""
    week = {on: column for column, on in enumerate(weeks)}
    kept = [line for line in lines if line.week_start in week]
    names = {line: (code_family(line.code_system), normal_code(line.code)) for line in kept}
    codes = sorted(set(names.values()))
    modifiers = sorted({modifier for line in kept for modifier in line.modifiers})
    row, mark = {name: at for at, name in enumerate(codes)}, {name: at for at, name in enumerate(modifiers)}
    empty = WeekCube(tuple(weeks), tuple(codes), tuple(modifiers), {})
    arms: defaultdict[Arm, ArmWeeks] = defaultdict(empty.empty)
    for tally in claims:
        if tally.week_start in week:
            arms[tally.coding_source, tally.model_version].claims[week[tally.week_start]] += tally.claims
    for line in kept:
        arm, column = arms[line.coding_source, line.model_version], week[line.week_start]
        arm.codes[row[names[line]], column] += line.lines
        for modifier in set(line.modifiers):
            arm.modifiers[mark[modifier], column] += line.lines
    return WeekCube(tuple(weeks), tuple(codes), tuple(modifiers), dict(arms))
