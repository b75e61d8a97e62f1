"""Readings of how often AI output breaks each guideline rule, a share of the lines judged, by week.

The counts are those that checks stored (`services.guidelines.weekly`). Rules judged in the same weeks make one family
of tests; a week in which a rule's lists were not in force is no week of that rule, never a clean one.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import MonitorDefinition, Reading, Strand
from auditor.domain.stories import Signal, StoryChart
from auditor.services.guidelines.weekly import ViolationWeek
from auditor.services.monitoring.cube import ArmWeeks, WeekCube
from auditor.services.monitoring.moves import Floor, RateTable, moves
from auditor.services.monitoring.signals import Naming, rate_signal, usual_start
from auditor.services.monitoring.story_charts import Caption, rate_chart
from auditor.services.monitoring.strands import StrandPast, WatchedStrand, watched
from auditor.services.monitoring.week_parts import Arm

PREFIX = "violations of "
_RULE = "rule"
_SMALLEST_P = 1e-300


@dataclass(frozen=True)
class _Family:
    """What one family of rules came to."""

    smallest: float
    tested: int
    told: tuple[Signal, ...]
    shared: tuple[Signal, ...]


def violation_cubes(weeks: Sequence[date], counts: Iterable[ViolationWeek]) -> tuple[WeekCube, ...]:
    """One cube a family: its rules in place of codes, the lines judged in place of claims."""
    kept: dict[str, list[ViolationWeek]] = defaultdict(list)
    for each in counts:
        if each.judged and weeks and weeks[0] <= each.week_on <= weeks[-1]:
            kept[each.rule].append(each)
    families: dict[frozenset[tuple[date, Arm, int]], list[str]] = defaultdict(list)
    for rule, found in kept.items():
        families[frozenset(_lines(found).items())].append(rule)  # type: ignore[arg-type]
    return tuple(_cube(weeks, {rule: kept[rule] for rule in sorted(rules)}) for rules in families.values())


@dataclass(frozen=True, kw_only=True)
class RuleStreams:
    """The checked weeks of a source, a cube a family, ready to be read; `baseline` and `least` count weeks."""

    cubes: tuple[WeekCube, ...]
    pasts: Mapping[Strand, StrandPast]
    baseline: int
    least: int

    def read(self, strand: Strand, monitor: MonitorDefinition, *, level: float) -> Reading:
        """What the stored checks say of a strand; `level` is what all its families may spend together."""
        streams = [(cube, one) for cube in self.cubes if (one := self._stream(cube, strand)) is not None]
        spend = level * monitor.options["spend"]
        rules = sum(len(cube.codes) for cube, _ in streams)
        found = [
            _family(cube, one, monitor, level=spend * len(cube.codes) / rules) for cube, one in streams if one.splits
        ]
        told = tuple(signal for each in found for signal in each.told)
        tested = sum(each.tested for each in found)
        smallest = min((each.smallest for each in found if each.tested), default=None)
        return Reading(
            monitor=monitor.name,
            kind=monitor.kind,
            strand=strand,
            state=_state(streams, tested, told),
            n=max((_now(one) for _, one in streams), default=0),
            statistic=None if smallest is None else abs(math.log10(max(smallest, _SMALLEST_P))),
            threshold=-math.log10(spend),
            since=usual_start(told) if told else None,
            signals=told,
            held_back=tuple(signal for each in found for signal in each.shared),
            note=_note(streams, found),
        )

    def chart(self, strand: Strand, caption: Caption) -> StoryChart:
        """The leading rule's share of lines, week by week, and people's under it."""
        name = (_RULE, caption.lead.what.removeprefix(PREFIX))
        cube = next(each for each in self.cubes if name in each.codes)
        stream = self._stream(cube, strand)
        if stream is None:
            raise ValueError("a strand in alarm has weeks")
        return rate_chart(cube, stream, caption, row=cube.codes.index(name))

    def _stream(self, cube: WeekCube, strand: Strand) -> WatchedStrand | None:
        every = watched(cube, source=strand.source, pasts=self.pasts, baseline=self.baseline, least=self.least)
        return next((each for each in every if each.strand == strand), None)


def _family(cube: WeekCube, stream: WatchedStrand, monitor: MonitorDefinition, *, level: float) -> _Family:
    own, base, human = stream.own, stream.base, cube.humans()
    table = RateTable(own.codes, own.claims, base.codes, base.claims, human.codes, human.claims)
    floor = Floor(monitor.options["least_ratio"], monitor.options["least_difference"])
    found = moves(table, stream.splits, floor=floor, level=level)
    told, shared = (
        tuple(
            rate_signal(Naming(monitor.name, f"{PREFIX}{cube.codes[move.row][1]}", "lines"), table, move, cube.weeks)
            for move in group
        )
        for group in (found.told, found.shared)
    )
    return _Family(found.smallest, found.tested, told, shared)


def _state(streams: Sequence[object], tested: int, told: Sequence[Signal]) -> StreamState:
    if not streams:
        return StreamState.NO_DATA
    return StreamState.ALARM if told else StreamState.QUIET if tested else StreamState.INSUFFICIENT


def _note(streams: Sequence[object], found: Sequence[_Family]) -> str:
    if not streams:
        return "no guideline check has counted these weeks: run `auditor guideline check`"
    if not found:
        return "too few checked weeks before now to hold these weeks against"
    if any(each.shared for each in found) and not any(each.told for each in found):
        return "not shown to be AI's own: people's coding moved along, or seasons make as much"
    return ""


def _now(stream: WatchedStrand) -> int:
    longest = max(stream.splits, key=lambda split: len(split.now), default=None)
    return round(float(stream.own.claims[list(longest.now)].sum())) if longest else 0


def _lines(found: Iterable[ViolationWeek]) -> dict[tuple[date, Arm], int]:
    lines: dict[tuple[date, Arm], int] = defaultdict(int)
    for each in found:
        lines[each.week_on, (each.coding_source, each.model_version)] += each.lines
    return lines


def _cube(weeks: Sequence[date], found: Mapping[str, Sequence[ViolationWeek]]) -> WeekCube:
    place = {week: column for column, week in enumerate(weeks)}
    shape = (len(found), len(weeks))
    arms: dict[Arm, ArmWeeks] = {}
    for row, counts in enumerate(found.values()):
        for each in counts:
            arm = (each.coding_source, each.model_version)
            mine = arms.setdefault(arm, ArmWeeks(np.zeros(len(weeks)), np.zeros(shape), np.zeros((0, len(weeks)))))
            column = place[each.week_on]
            mine.codes[row, column] += min(each.violations, each.lines)  # a line can break a rule twice
            mine.claims[column] += each.lines if row == 0 else 0
    return WeekCube(tuple(weeks), tuple((_RULE, rule) for rule in found), (), arms)
