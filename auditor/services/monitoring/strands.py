"""Which strands of AI output are watched, and which weeks each is held against.

A new model version inherits the baseline of the version that it replaces and is held against it from its first day
on; weeks of an alarm never enter a baseline, unless the alarm was dismissed: then the baseline begins with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claims import CodingSource
from auditor.domain.monitors import POOLED, Strand
from auditor.services.monitoring.cube import ArmWeeks, WeekCube
from auditor.services.monitoring.week_parts import Arm
from auditor.stats.week_scan import Split

WINDOWS = (1, 2, 4, 8, 13)
_RECENT_WEEKS = 4
_SHARE_WEEKS = 8
_LEAST_AFTER_DISMISSAL = 4
"""Weeks from which on a new normal is a baseline: drift that is back, or grows, must not wait for two months."""

_AI_ARMS = (CodingSource.AI, CodingSource.AI_ASSISTED)


@dataclass(frozen=True, kw_only=True)
class StrandPast:
    """What people decided about a strand's earlier alarms, as week numbers of the cube.

    `alarmed` weeks are no baseline; `since` is the first week of the alarm that is open; nothing before `restart`
    counts, where a dismissed alarm was taken as the new normal; what was seen before `fresh` belongs to a closed
    alarm, and raises no other.
    """

    alarmed: frozenset[int] = frozenset()
    since: int | None = None
    restart: int = 0
    fresh: int = 0


@dataclass(frozen=True, kw_only=True)
class WatchedStrand:
    """A strand with its own weeks, its baseline's weeks, and the splits of now against before."""

    strand: Strand
    predecessor: str | None
    first_week: int
    own: ArmWeeks
    base: ArmWeeks
    splits: tuple[Split, ...]


def watched(
    cube: WeekCube, *, source: str, pasts: Mapping[Strand, StrandPast], baseline: int, least: int
) -> list[WatchedStrand]:
    """Every AI strand with output in the last weeks, in order of name; versions side by side also taken together."""
    found = []
    for arm in sorted(cube.arms, key=lambda each: (each[0].value, each[1] or "")):
        if arm[0] in _AI_ARMS and cube.arms[arm].claims[-_RECENT_WEEKS:].sum() > 0:
            strand = Strand(source=source, arm=arm[0], model_version=arm[1])
            past = _inherited(pasts, strand, first=_first_week(cube.arms[arm]))
            found.append(_watch(cube, arm, strand, past=past, limits=(baseline, least)))
    for arm_source in _AI_ARMS:
        if _side_by_side(cube, arm_source):
            strand = Strand(source=source, arm=arm_source, model_version=POOLED)
            found.append(_watch_pooled(cube, strand, past=pasts.get(strand, StrandPast()), limits=(baseline, least)))
    return found


def _side_by_side(cube: WeekCube, arm_source: CodingSource) -> bool:
    """Whether two versions of an arm have both put out claims in each of the last weeks."""
    working = [
        weeks
        for (source, _), weeks in cube.arms.items()
        if source is arm_source and weeks.claims.size >= _RECENT_WEEKS and (weeks.claims[-_RECENT_WEEKS:] > 0).all()
    ]
    return len(working) > 1


def _watch_pooled(cube: WeekCube, strand: Strand, *, past: StrandPast, limits: tuple[int, int]) -> WatchedStrand:
    """All versions of an arm as one process, held against its own weeks before."""
    together = cube.together(strand.arm)
    first = _first_week(together)
    return WatchedStrand(
        strand=strand,
        predecessor=None,
        first_week=first,
        own=together,
        base=together,
        splits=_splits((together, together), past, first=first, limits=limits),
    )


def _inherited(pasts: Mapping[Strand, StrandPast], strand: Strand, *, first: int) -> StrandPast:
    """A strand's own past, with what was decided about other versions of its arm before it began."""
    own = pasts.get(strand, StrandPast())
    others = [
        past
        for other, past in pasts.items()
        if other != strand and other.source == strand.source and other.arm is strand.arm
    ]
    alarmed = own.alarmed | {week for past in others for week in past.alarmed if week < first}
    restart = max([own.restart, *(past.restart for past in others if past.restart < first)])
    return StrandPast(alarmed=frozenset(alarmed), since=own.since, restart=restart, fresh=own.fresh)


def _watch(cube: WeekCube, arm: Arm, strand: Strand, *, past: StrandPast, limits: tuple[int, int]) -> WatchedStrand:
    own, before = cube.arms[arm], _predecessor(cube, arm)
    base = _lineage(cube, arm)
    first = _first_week(own)
    return WatchedStrand(
        strand=strand,
        predecessor=before[1] if before else None,
        first_week=first,
        own=own,
        base=base,
        splits=_splits((own, base), past, first=first, limits=limits, began=first if before else None),
    )


def _splits(
    sides: tuple[ArmWeeks, ArmWeeks],
    past: StrandPast,
    *,
    first: int,
    limits: tuple[int, int],
    began: int | None = None,
) -> tuple[Split, ...]:
    """Windows of several lengths, each against the newest usable weeks before it."""
    own, base = sides
    if past.restart:
        limits = (limits[0], min(limits[1], _LEAST_AFTER_DISMISSAL))
    weeks = np.arange(own.claims.size)
    usable = (base.claims > 0) & (weeks >= past.restart) & ~np.isin(weeks, list(past.alarmed))
    starts = {own.claims.size - window for window in WINDOWS}
    starts |= {start for start in (began, past.since) if start is not None}
    splits = [
        _split(own, usable, max(start, first, past.restart, past.fresh), limits)
        for start in sorted(starts, reverse=True)
    ]
    return tuple(dict.fromkeys(split for split in splits if split is not None))


def _split(own: ArmWeeks, usable: NDArray[np.bool_], start: int, limits: tuple[int, int]) -> Split | None:
    """The weeks from `start` on against the newest usable weeks before it; None when there are too few."""
    baseline, least = limits
    now = tuple(int(week) for week in range(start, own.claims.size))
    base = tuple(int(week) for week in np.flatnonzero(usable[:start])[-baseline:])
    if not now or len(now) > baseline or len(base) < least or own.claims[list(now)].sum() <= 0:
        return None
    return Split(now, base)


def _first_week(weeks: ArmWeeks) -> int:
    return int(np.flatnonzero(weeks.claims)[0])


def _predecessor(cube: WeekCube, arm: Arm) -> Arm | None:
    """The version of the same arm whose share of claims fell most when this one began."""
    start = _first_week(cube.arms[arm])
    before, after = slice(max(0, start - _SHARE_WEEKS), start), slice(start, start + _SHARE_WEEKS)
    older = [a for a in cube.arms if a[0] is arm[0] and a != arm and cube.arms[a].claims[before].sum() > 0]
    lost = {other: _share(cube, other, before) - _share(cube, other, after) for other in older}
    chosen = max(lost, key=lambda other: lost[other], default=None)
    return chosen if chosen is not None and lost[chosen] > 0 else None


def _share(cube: WeekCube, arm: Arm, weeks: slice) -> float:
    total = sum(other.claims[weeks].sum() for a, other in cube.arms.items() if a[0] is arm[0])
    return float(cube.arms[arm].claims[weeks].sum() / total) if total else 0.0


def _lineage(cube: WeekCube, arm: Arm) -> ArmWeeks:
    """The arm's own weeks from its first on, and before it those of the versions that it descends from."""
    own = cube.arms[arm]
    before = _predecessor(cube, arm)
    if before is None:
        return own
    earlier = np.arange(len(cube.weeks)) < _first_week(own)
    return own.plus(_lineage(cube, before).within(earlier))
