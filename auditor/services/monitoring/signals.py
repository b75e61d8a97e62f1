"""Moves as signals: names, measures, people's figures beside them, and what it comes to in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

import numpy as np

from auditor.domain.stories import Measure, Signal
from auditor.services.monitoring.cube import Floats
from auditor.services.monitoring.level_moves import LevelMove, LevelTable, MeanTable
from auditor.services.monitoring.measures import TwoSides, levels, share
from auditor.services.monitoring.moves import Move, RateTable
from auditor.services.monitoring.stopped import StoppedCode
from auditor.stats.week_scan import Split


@dataclass(frozen=True)
class Naming:
    """How a signal is told: its monitor, what moved, and what it is counted over."""

    monitor: str
    what: str
    denominator: str


def rate_signal(naming: Naming, table: RateTable, move: Move, weeks: Sequence[date]) -> Signal:
    """A row whose rate moved."""
    row, split = move.row, move.scan.split
    effect = float(move.scan.design_effect[row])
    ours = _ours(table, row, split, effect=effect)
    if ours is None:
        raise ValueError("a move has claims on either side")
    people = _people(table, row, split)
    before = float(move.scan.base_rate[row])
    return Signal(
        monitor=naming.monitor,
        what=naming.what,
        unit="share",
        denominator=naming.denominator,
        direction=move.direction,
        baseline=ours.baseline,
        now=ours.now,
        ratio=float(move.scan.rate[row]) / before if before else None,
        p_value=move.adjusted,
        since=weeks[_began(table, row, split)],
        human_baseline=people.baseline if people else None,
        human_now=people.now if people else None,
        excess_a_week=move.difference * float(table.now_claims[list(split.now)].mean()),
    )


def level_signal(monitor: str, move: LevelMove, table: LevelTable | MeanTable, weeks: Sequence[date]) -> Signal:
    """A shift of visit levels, or of a mean."""
    ours = levels(move.row)
    people = levels(move.human) if move.human else None
    return Signal(
        monitor=monitor,
        what=table.what,
        unit="level",
        denominator=table.denominator,
        direction=move.direction,
        baseline=ours.baseline,
        now=ours.now,
        ratio=None,
        p_value=move.adjusted,
        since=weeks[_turn(table.beyond(move.row), move.row.split)],
        human_baseline=people.baseline if people else None,
        human_now=people.now if people else None,
        excess_a_week=move.row.shift * move.row.visits / len(move.row.split.now),
    )


def stopped_signal(monitor: str, what: str, table: RateTable, code: StoppedCode, weeks: Sequence[date]) -> Signal:
    """A code that people stopped using while AI goes on; its excess is all that AI still uses."""
    ours = _ours(table, code.row, code.split)
    people = _people(table, code.row, code.split)
    if ours is None or people is None:
        raise ValueError("a stopped code has claims of both arms on either side")
    here = list(code.split.now)
    return Signal(
        monitor=monitor,
        what=what,
        unit="share",
        denominator="claims",
        direction=1,
        baseline=ours.baseline,
        now=ours.now,
        ratio=None,
        p_value=code.adjusted,
        since=weeks[_people_stopped(table, code)],
        human_baseline=people.baseline,
        human_now=people.now,
        excess_a_week=float(table.now[code.row, here].sum()) / len(here),
    )


def usual_start(signals: Sequence[Signal]) -> date:
    """The middle one of the weeks in which changes of one kind began."""
    return median_low(signal.since for signal in signals)


def _ours(table: RateTable, row: int, split: Split, *, effect: float = 1.0) -> TwoSides | None:
    now = _share(table.now[row], table.now_claims, split.now, effect)
    before = _share(table.base[row], table.base_claims, split.base, effect)
    return TwoSides(before, now) if now and before else None


def _people(table: RateTable, row: int, split: Split) -> TwoSides | None:
    now, before = (_share(table.human[row], table.human_claims, weeks, 1.0) for weeks in (split.now, split.base))
    return TwoSides(before, now) if now and before else None


def _share(counts: Floats, claims: Floats, weeks: Sequence[int], effect: float) -> Measure | None:
    columns = list(weeks)
    return share(float(counts[columns].sum()), float(claims[columns].sum()), design_effect=effect)


def _began(table: RateTable, row: int, split: Split) -> int:
    here, there = list(split.now), list(split.base)
    rate = table.base[row, there].sum() / table.base_claims[there].sum()
    now_rate = table.now[row, here].sum() / table.now_claims[here].sum()
    middle = (rate + now_rate) / 2
    beyond = np.sign(now_rate - rate) * (table.now[row] - table.now_claims * middle)
    return _turn(beyond, split)


def _turn(beyond: Floats, split: Split) -> int:
    """The week from which on everything together lies furthest on the side of now."""
    weeks = sorted({*split.base, *split.now})
    return max(weeks, key=lambda week: (float(beyond[week:].sum()), week))


def _people_stopped(table: RateTable, code: StoppedCode) -> int:
    there = list(code.split.base)
    middle = table.human[code.row, there].sum() / table.human_claims[there].sum() / 2
    return _turn(table.human_claims * middle - table.human[code.row], code.split)
