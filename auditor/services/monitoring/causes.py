"""What was looked at before a drift is called AI's own: each possible cause with its figure and its verdict."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from auditor.domain.stories import Cause, Signal, Verdict
from auditor.reports import figures
from auditor.services.monitoring.audit_causes import strictness, version_audited
from auditor.services.monitoring.cube import Floats, WeekCube
from auditor.services.monitoring.edition_days import EditionDay
from auditor.services.monitoring.evaluation import SourceState
from auditor.services.monitoring.strands import WatchedStrand
from auditor.services.monitoring.weeks import last_day
from auditor.sources.tally import Tally
from auditor.sources.weeks import ClaimCount

_DIGITS = 9  # what lies beyond is noise of floating point, not a change
_MIX_FLOOR = 0.05
_VOLUME_FLOOR = 0.30
_MOST_EDITIONS = 2


def causes(
    state: SourceState, watched: WatchedStrand, lead: Signal, claims: tuple[ClaimCount, ...]
) -> tuple[Cause, ...]:
    """The cause panel of one story, in order of how often each is the answer."""
    cube, outcomes = state.cube, state.outcomes
    return (
        _people(lead),
        _version(cube, watched, lead.since),
        version_audited(outcomes, watched),
        strictness(outcomes, lead.since),
        _edition(lead.since, state.reference.editions),
        *(_mix(cube, watched, claims, name) for name in ("payer", "specialty", "place_of_service")),
        _volume(watched, lead.since, cube),
        _newcomers(cube, watched, Tally.PROVIDER),
        _newcomers(cube, watched, Tally.FACILITY),
    )


def _newcomers(cube: WeekCube, watched: WatchedStrand, measure: Tally) -> Cause:
    """The share of claims of those who were not there before, and of those who are there no longer."""
    checked = f"{measure.value} entering or leaving"
    names = cube.rows.get(measure, ())
    if measure in cube.missing or not names:
        return Cause(checked=checked, figure=f"the source tells no {measure.value}", verdict=Verdict.NOT_CHECKED)
    split = max(watched.splits, key=lambda each: len(each.now))
    before = cube.tally(watched.base, measure).totals[:, list(split.base)].sum(axis=1)
    now = cube.tally(watched.own, measure).totals[:, list(split.now)].sum(axis=1)
    entered = float(now[before == 0].sum() / max(now.sum(), 1.0))
    left = float(before[now == 0].sum() / max(before.sum(), 1.0))
    figure = f"{figures.percent(entered)} of claims by newcomers, {figures.percent(left)} by those who left"
    large = max(entered, left) >= _MIX_FLOOR
    return Cause(checked=checked, figure=figure, verdict=Verdict.POSSIBLE if large else Verdict.RULED_OUT)


def _people(lead: Signal) -> Cause:
    before, now = lead.human_baseline, lead.human_now
    if before is None or now is None or before.estimate is None or now.estimate is None:
        return Cause(checked="people's coding, same weeks", figure="none to compare", verdict=Verdict.NOT_CHECKED)
    figure = f"{_shown(before.estimate, lead.unit)} to {_shown(now.estimate, lead.unit)} (n {now.n:,})"
    return Cause(checked="people's coding, same weeks", figure=figure, verdict=Verdict.RULED_OUT)


def _shown(value: float, unit: str) -> str:
    return f"{value:.2f}" if unit == "level" else figures.percent(value)


def _version(cube: WeekCube, watched: WatchedStrand, since: date) -> Cause:
    version, before = watched.strand.model_version, watched.predecessor
    if before is None:
        return Cause(checked="model version", figure="no change in these weeks", verdict=Verdict.RULED_OUT)
    began = cube.weeks[watched.first_week]
    near = abs((since - began).days) <= 14
    figure = f"{version} replaced {before} in the week of {began:%-d %b %Y}"
    return Cause(checked="model version", figure=figure, verdict=Verdict.LIKELY if near else Verdict.POSSIBLE)


def _edition(since: date, editions: Sequence[EditionDay]) -> Cause:
    """Imported editions by their own first day; beside them the calendar: code sets change on 1 October (ICD-10) and
    1 January (CPT), smaller ICD-10 updates come on 1 April."""
    calendar = [date(since.year + add, month, 1) for add in (-1, 0, 1) for month in (1, 4, 10)]
    own = [each for each in editions if _is_near(since, each.on)]
    usual = [edge for edge in calendar if _is_near(since, edge)]
    told = [f"{each.name} from {each.on:%-d %b %Y} on (imported)" for each in own[-_MOST_EDITIONS:]]
    if len(own) > _MOST_EDITIONS:
        told.append(f"{len(own) - _MOST_EDITIONS} more")
    if usual and usual[-1] not in {each.on for each in own}:
        told.append(f"code sets of {usual[-1]:%-d %b %Y} (calendar)")
    figure = "; ".join(told) or "no edition change near its start"
    return Cause(checked="code-set edition", figure=figure, verdict=Verdict.POSSIBLE if told else Verdict.RULED_OUT)


def _is_near(since: date, day: date) -> bool:
    return -7 <= (since - day).days <= 28


def _mix(cube: WeekCube, watched: WatchedStrand, claims: tuple[ClaimCount, ...], name: str) -> Cause:
    split = max(watched.splits, key=lambda each: len(each.now))
    sides = ({cube.weeks[week] for week in split.base}, {cube.weeks[week] for week in split.now})
    shares = [
        _shares([c for c in claims if c.coding_source is watched.strand.arm and c.week_start in s], name)
        for s in sides
    ]
    before, now = shares
    moved = {key: round(now.get(key, 0.0) - before.get(key, 0.0), _DIGITS) for key in {*before, *now}}
    known = {key: change for key, change in moved.items() if key is not None}
    if not known:
        told = f"the source tells no {name.replace('_', ' ')}"
        return Cause(checked=f"{name.replace('_', ' ')} mix", figure=told, verdict=Verdict.NOT_CHECKED)
    key = max(known, key=lambda each: (abs(known[each]), each))
    place = f"place {key}" if name == "place_of_service" else key
    figure = f"largest change {figures.points(known[key])} of claims ({place})"
    verdict = Verdict.POSSIBLE if abs(known[key]) >= _MIX_FLOOR else Verdict.RULED_OUT
    return Cause(checked=f"{name.replace('_', ' ')} mix", figure=figure, verdict=verdict)


def _shares(claims: list[ClaimCount], name: str) -> dict[str | None, float]:
    total = sum(each.claims for each in claims)
    shares: dict[str | None, float] = {}
    for each in claims:
        key = getattr(each, name)
        shares[key] = shares.get(key, 0.0) + each.claims / total
    return shares


def _volume(watched: WatchedStrand, since: date, cube: WeekCube) -> Cause:
    begun = np.array([last_day(week) >= since for week in cube.weeks])
    before, now = _usual(watched.base.claims[~begun]), _usual(watched.own.claims[begun])
    if not before or not now:
        return Cause(checked="volume", figure="nothing to compare", verdict=Verdict.NOT_CHECKED)
    change = now / before - 1
    verdict = Verdict.POSSIBLE if abs(change) >= _VOLUME_FLOOR else Verdict.RULED_OUT
    return Cause(
        checked="volume",
        figure=f"{before:,.0f} to {now:,.0f} claims a week ({round(change, 2) + 0.0:+.0%})",
        verdict=verdict,
    )


def _usual(claims: Floats) -> float:
    active = claims[claims > 0][-26:]
    return float(np.median(active)) if active.size else 0.0
