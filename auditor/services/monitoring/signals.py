"""Moves as signals: names, measures, people's figures beside them, and what it comes to in a week.

A change is proven over the split that shows it best, and told over the weeks since it began: now, n and the weekly
excess speak of the weeks from `since` on, before of the baseline's weeks ahead of it.
"""

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
    row = move.row
    split = _told(move.scan.split, _began(table, row, move.scan.split), table.now_claims)
    ours = _ours(table, row, split, effect=float(move.scan.design_effect[row]))
    if ours is None:
        raise ValueError("a move has claims on either side")
    people = _people(table, row, split)
    before, now = ours.baseline.estimate, ours.now.estimate or 0.0
    return Signal(
        monitor=naming.monitor,
        what=naming.what,
        unit="share",
        denominator=naming.denominator,
        direction=move.direction,
        baseline=ours.baseline,
        now=ours.now,
        ratio=now / before if before else None,
        p_value=move.adjusted,
        since=weeks[split.now[0]],
        human_baseline=people.baseline if people else None,
        human_now=people.now if people else None,
        excess_a_week=(now - (before or 0.0)) * float(table.now_claims[list(split.now)].mean()),
    )


def level_signal(monitor: str, move: LevelMove, table: LevelTable | MeanTable, weeks: Sequence[date]) -> Signal:
    """A shift of visit levels, or of a mean."""
    split = _told(move.row.split, _turn(table.beyond(move.row), move.row.split), table.now_units)
    row, beside = table.scan(split), table.scan_people(split)
    if row is None:
        row, beside, split = move.row, move.human, move.row.split
    ours, people = levels(row), levels(beside) if beside else None
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
        since=weeks[split.now[0]],
        human_baseline=people.baseline if people else None,
        human_now=people.now if people else None,
        excess_a_week=row.shift * row.visits / len(split.now),
    )


def stopped_signal(monitor: str, what: str, table: RateTable, code: StoppedCode, weeks: Sequence[date]) -> Signal:
    """A code that people stopped using while AI goes on; its excess is all that AI still uses."""
    split = _told(code.split, _people_stopped(table, code), table.now_claims)
    ours, people = _ours(table, code.row, split), _people(table, code.row, split)
    if ours is None or people is None:
        raise ValueError("a stopped code has claims of both arms on either side")
    here = list(split.now)
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
        since=weeks[split.now[0]],
        human_baseline=people.baseline,
        human_now=people.now,
        excess_a_week=float(table.now[code.row, here].sum()) / len(here),
    )


def usual_start(signals: Sequence[Signal]) -> date:
    """The middle one of the weeks in which changes of one kind began."""
    return median_low(signal.since for signal in signals)


def _told(split: Split, began: int, exposure: Floats) -> Split:
    """The weeks since the change, none before the strand's own first, against the baseline's weeks ahead of them."""
    last = split.now[-1]
    began = min(max(began, int(np.flatnonzero(exposure)[0])), last)
    base = tuple(week for week in split.base if week < began)
    return Split(tuple(range(began, last + 1)), base or split.base)


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
