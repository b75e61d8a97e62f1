"""Readings of the monitors that watch all AI output, audited or not: rates, levels, means, stopped codes."""

import math
from dataclasses import dataclass, replace

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import MonitorDefinition, MonitorKind, Reading
from auditor.domain.stories import Signal
from auditor.services.monitoring.cube import ArmWeeks, WeekCube, level_scores
from auditor.services.monitoring.level_moves import LevelTable, MeanTable, level_move
from auditor.services.monitoring.moves import Floor, moves, open_splits
from auditor.services.monitoring.rate_tables import MEANS, NamedRates, Reference, code_name, missing_for, rates_for
from auditor.services.monitoring.signals import Naming, level_signal, rate_signal, stopped_signal, usual_start
from auditor.services.monitoring.stopped import StoppedRule, stopped_codes
from auditor.services.monitoring.strands import WatchedStrand
from auditor.sources.tally import Tally
from auditor.stats.mean_scan import WeekSums

_SMALLEST_P = 1e-300
_LEAST_WEEKS = 8
_SHARED = "not shown to be AI's own: people's moved along, or seasons make as much"


@dataclass(frozen=True)
class _Answer:
    """What a family of tests came to."""

    p_value: float | None = None
    note: str = ""
    told: tuple[Signal, ...] = ()
    shared: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class OutputReader:
    """One strand of one source at one moment, ready to be read by any monitor."""

    cube: WeekCube
    watched: WatchedStrand
    reference: Reference

    def read(self, monitor: MonitorDefinition, *, level: float) -> Reading:
        """What this monitor says of the strand; `level` is the chance of a false alarm it may spend this week."""
        spend = level * monitor.options.get("spend", 1.0)
        missing = missing_for(monitor.kind, self.cube, self.reference)
        if missing:
            return self._reading(monitor, StreamState.NO_DATA, _Answer(note=missing), spend)
        if not self.watched.splits:
            note = "too few weeks before now to hold these weeks against"
            return self._reading(monitor, StreamState.INSUFFICIENT, _Answer(note=note), spend)
        if monitor.kind is MonitorKind.EM_LEVEL or monitor.kind in MEANS:
            return self._levels(monitor, spend)
        rates = rates_for(monitor.kind, self.cube, self.watched, self.reference)
        if rates.table is None:
            return self._reading(monitor, StreamState.NO_DATA, _Answer(note=rates.missing), spend)
        return (self._stopped if monitor.kind is MonitorKind.STOPPED_CODES else self._rates)(monitor, rates, spend)

    def _rates(self, monitor: MonitorDefinition, rates: NamedRates, spend: float) -> Reading:
        table, options = rates.table, monitor.options
        if table is None or not rates.names:
            return self._reading(monitor, StreamState.NO_DATA, _Answer(note="nothing of this kind was coded"), spend)
        splits = open_splits(table, self.watched.splits, least=_LEAST_WEEKS)
        if not splits:
            silent = not table.now_claims.any()
            note = (
                f"no {rates.denominator} of this version yet" if silent else f"too few weeks with {rates.denominator}"
            )
            state = StreamState.NO_DATA if silent else StreamState.INSUFFICIENT
            return self._reading(monitor, state, _Answer(note=note), spend)
        floor = Floor(options["least_ratio"], options["least_difference"], options.get("least_together", 0.0))
        found = moves(table, splits, floor=floor, level=spend)
        told, shared = (
            tuple(
                rate_signal(
                    Naming(monitor.name, rates.names[move.row], rates.denominator), table, move, self.cube.weeks
                )
                for move in group
            )
            for group in (found.told, found.shared)
        )
        state = StreamState.ALARM if told else StreamState.QUIET if found.tested else StreamState.INSUFFICIENT
        note = _SHARED if shared and not told else ""
        if state is StreamState.QUIET and not table.now_claims[-2:].any():
            state, note = StreamState.INSUFFICIENT, f"no {rates.denominator} in the newest two weeks"
        return self._reading(monitor, state, _Answer(found.smallest, note, told, shared), spend)

    def mean_table(self, kind: MonitorKind) -> LevelTable | MeanTable:
        """Visit levels, or the sums of a value, of the strand, its baseline and people."""
        arms = (self.watched.own, self.watched.base, self.cube.humans())
        if kind is MonitorKind.EM_LEVEL:
            own, base, human = (self.cube.levels(each) for each in arms)
            return LevelTable(own, base, human, level_scores())
        measure, what = MEANS[kind]
        now, before, people = (self._sums(arm, measure) for arm in arms)
        return MeanTable(now, before, people, what)

    def _sums(self, arm: ArmWeeks, measure: Tally) -> WeekSums:
        tally = self.cube.tally(arm, measure)
        return WeekSums(tally.totals.sum(axis=0), tally.squares.sum(axis=0), tally.units)

    def _levels(self, monitor: MonitorDefinition, spend: float) -> Reading:
        table = self.mean_table(monitor.kind)
        move = level_move(table, self.watched.splits)
        if move is None:
            note = (
                f"no {table.denominator} to compare"
                if table.denominator == "visits"
                else f"no {table.what} to compare"
            )
            return self._reading(monitor, StreamState.NO_DATA, _Answer(note=note), spend)
        proven = move.adjusted <= spend and move.lasting
        least = monitor.options.get("least_shift", 0.0)
        material = abs(move.row.shift) >= max(
            least, monitor.options.get("least_change", 0.0) * abs(move.row.base_mean)
        )
        signal = level_signal(monitor.name, move, table, self.cube.weeks)
        own = move.own(spend)
        told = (signal,) if proven and material and own else ()
        shared = (signal,) if proven and material and not own else ()
        state = StreamState.ALARM if told else StreamState.QUIET
        return self._reading(monitor, state, _Answer(move.adjusted, _SHARED if shared else "", told, shared), spend)

    def _stopped(self, monitor: MonitorDefinition, rates: NamedRates, spend: float) -> Reading:
        table, options = rates.table, monitor.options
        names = ("most_human", "least_ai", "least_expected", "least_together")
        rule = StoppedRule(*(options[name] for name in names))
        found = stopped_codes(table, self.watched.splits, rule=rule, level=spend) if table else None
        if table is None or found is None or not found.tested:
            note = "people coded too few claims beside AI"
            return self._reading(monitor, StreamState.INSUFFICIENT, _Answer(note=note), spend)
        told = tuple(
            stopped_signal(monitor.name, code_name(self.cube.codes[code.row]), table, code, self.cube.weeks)
            for code in found.found
        )
        state = StreamState.ALARM if told else StreamState.QUIET
        return self._reading(monitor, state, _Answer(found.smallest, told=told), spend)

    def _reading(self, monitor: MonitorDefinition, state: StreamState, answer: "_Answer", spend: float) -> Reading:
        p_value = answer.p_value
        told, shared = (tuple(map(self._of_version, group)) for group in (answer.told, answer.shared))
        return Reading(
            monitor=monitor.name,
            kind=monitor.kind,
            strand=self.watched.strand,
            state=state,
            n=round(float(self.watched.own.claims[list(self._now())].sum())),
            statistic=None if p_value is None else abs(math.log10(max(p_value, _SMALLEST_P))),
            threshold=-math.log10(spend),
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
