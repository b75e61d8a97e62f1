"""Readings of the monitors that watch all AI output, audited or not: codes, levels, modifiers, stopped codes."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from auditor.domain.alerts import StreamState
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.domain.monitors import MonitorDefinition, MonitorKind, Reading
from auditor.domain.stories import Signal
from auditor.services.monitoring.cube import WeekCube, level_scores
from auditor.services.monitoring.level_moves import LevelTable, level_move
from auditor.services.monitoring.moves import Floor, RateTable, moves
from auditor.services.monitoring.signals import level_signal, rate_signal, stopped_signal, usual_start
from auditor.services.monitoring.stopped import StoppedRule, stopped_codes
from auditor.services.monitoring.strands import WatchedStrand

_SMALLEST_P = 1e-300


@dataclass(frozen=True)
class _Answer:
    """What a family of tests came to."""

    p_value: float | None = None
    note: str = ""
    told: tuple[Signal, ...] = ()
    shared: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class OutputReader:
    """One strand of one source at one moment, ready to be read by any monitor; `level` is what each may spend."""

    cube: WeekCube
    watched: WatchedStrand
    level: float

    def read(self, monitor: MonitorDefinition) -> Reading:
        """What this monitor says of the strand."""
        if not self.watched.splits:
            note = "too few weeks before now to hold these weeks against"
            return self._reading(monitor, StreamState.INSUFFICIENT, _Answer(note=note))
        readers: dict[MonitorKind, Callable[[MonitorDefinition], Reading]] = {
            MonitorKind.CODE_RATES: self._codes,
            MonitorKind.MODIFIER_RATES: self._modifiers,
            MonitorKind.EM_LEVEL: self._levels,
            MonitorKind.STOPPED_CODES: self._stopped,
        }
        return readers[monitor.kind](monitor)

    def _codes(self, monitor: MonitorDefinition) -> Reading:
        options, table = monitor.options, self.code_table()
        floor = Floor(options["least_ratio"], options["least_difference"], options["least_together"])
        return self._rates(monitor, table, floor, [code_name(code) for code in self.cube.codes])

    def _modifiers(self, monitor: MonitorDefinition) -> Reading:
        floor = Floor(monitor.options["least_ratio"], monitor.options["least_difference"])
        names = [f"modifier {modifier}" for modifier in self.cube.modifiers]
        return self._rates(monitor, self.modifier_table(), floor, names)

    def _rates(self, monitor: MonitorDefinition, table: RateTable, floor: Floor, names: list[str]) -> Reading:
        if not names:
            return self._reading(monitor, StreamState.NO_DATA, _Answer(note="nothing of this kind was coded"))
        found = moves(table, self.watched.splits, floor=floor, level=self._spend(monitor))
        told, shared = (
            tuple(rate_signal(monitor.name, names[move.row], table, move, self.cube.weeks) for move in group)
            for group in (found.told, found.shared)
        )
        state = StreamState.ALARM if told else StreamState.QUIET if found.tested else StreamState.INSUFFICIENT
        note = "people's coding moved along: case mix or guideline, not AI" if shared and not told else ""
        return self._reading(monitor, state, _Answer(found.smallest, note, told, shared))

    def _levels(self, monitor: MonitorDefinition) -> Reading:
        table = self.level_table()
        move = level_move(table, self.watched.splits)
        if move is None:
            return self._reading(monitor, StreamState.NO_DATA, _Answer(note="no visits to compare"))
        proven = move.adjusted <= self._spend(monitor) and move.lasting
        material = abs(move.row.shift) >= monitor.options["least_shift"]
        signal = level_signal(monitor.name, move, table, self.cube.weeks)
        told = (signal,) if proven and material and not move.arms.shared else ()
        shared = (signal,) if proven and material and move.arms.shared else ()
        note = "people's levels moved along: case mix or guideline, not AI" if shared else ""
        state = StreamState.ALARM if told else StreamState.QUIET
        return self._reading(monitor, state, _Answer(move.adjusted, note, told, shared))

    def _stopped(self, monitor: MonitorDefinition) -> Reading:
        table, options = self.code_table(), monitor.options
        names = ("most_human", "least_ai", "least_expected", "least_together")
        rule = StoppedRule(*(options[name] for name in names))
        found = stopped_codes(table, self.watched.splits, rule=rule, level=self._spend(monitor))
        if not found.tested:
            note = "people coded too few claims beside AI"
            return self._reading(monitor, StreamState.INSUFFICIENT, _Answer(note=note))
        told = tuple(
            stopped_signal(monitor.name, code_name(self.cube.codes[code.row]), table, code, self.cube.weeks)
            for code in found.found
        )
        state = StreamState.ALARM if told else StreamState.QUIET
        return self._reading(monitor, state, _Answer(found.smallest, told=told))

    def code_table(self) -> RateTable:
        """Codes of the strand, its baseline and people."""
        own, base, human = self.watched.own, self.watched.base, self.cube.humans()
        return RateTable(own.codes, own.claims, base.codes, base.claims, human.codes, human.claims)

    def modifier_table(self) -> RateTable:
        """Modifiers likewise."""
        own, base, human = self.watched.own, self.watched.base, self.cube.humans()
        return RateTable(own.modifiers, own.claims, base.modifiers, base.claims, human.modifiers, human.claims)

    def level_table(self) -> LevelTable:
        """Visit levels likewise."""
        own, base, human = (
            self.cube.levels(each) for each in (self.watched.own, self.watched.base, self.cube.humans())
        )
        return LevelTable(own, base, human, level_scores())

    def _spend(self, monitor: MonitorDefinition) -> float:
        return self.level * monitor.options["spend"]

    def _reading(self, monitor: MonitorDefinition, state: StreamState, answer: "_Answer") -> Reading:
        p_value = answer.p_value
        told, shared = (tuple(map(self._of_version, group)) for group in (answer.told, answer.shared))
        return Reading(
            monitor=monitor.name,
            kind=monitor.kind,
            strand=self.watched.strand,
            state=state,
            n=round(float(self.watched.own.claims[list(self._now())].sum())),
            statistic=None if p_value is None else abs(math.log10(max(p_value, _SMALLEST_P))),
            threshold=-math.log10(self._spend(monitor)),
            since=usual_start(told) if told else None,
            signals=told,
            held_back=shared,
            note=answer.note,
        )

    def _of_version(self, signal: Signal) -> Signal:
        """Nothing of a version began before its first week, even if people stopped using a code earlier."""
        return replace(signal, since=max(signal.since, self.cube.weeks[self.watched.first_week]))

    def _now(self) -> tuple[int, ...]:
        """The weeks that count as now: those of the longest split, or the newest four."""
        longest = max(self.watched.splits, key=lambda split: len(split.now), default=None)
        return longest.now if longest else tuple(range(max(0, len(self.cube.weeks) - 4), len(self.cube.weeks)))


def code_name(code: tuple[str, str]) -> str:
    """A code as people write it: `code 99214`, `code J45.909`."""
    family, text = code
    dotted = text if family == PROCEDURE_FAMILY or not family.startswith("ICD-10-CM") or len(text) <= 3 else ""
    return f"code {dotted or f'{text[:3]}.{text[3:]}'}"
