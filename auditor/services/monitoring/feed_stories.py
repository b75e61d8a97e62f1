"""Feeds in alarm as stories of a source: one for arms that fell silent, one for arms with far more than usual."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.domain.alerts import AlertKind, StreamState
from auditor.domain.monitors import MonitorKind, Reading
from auditor.domain.stories import Severity, Signal, Story
from auditor.services.monitoring.evaluation import Evaluation
from auditor.services.monitoring.story_charts import feed_chart
from auditor.services.monitoring.weeks import last_day


@dataclass(frozen=True, kw_only=True)
class _Words:
    """How a feed that starves, or floods, is told."""

    turn: str
    meaning: str
    next_step: str


def feed_stories(evaluation: Evaluation) -> dict[str, Story]:
    """By story key: all arms of a source together, since what stops or doubles one feed does so to all."""
    alarms = [r for r in evaluation.readings if r.kind is MonitorKind.FEED and r.state is StreamState.ALARM]
    starved, flooded = ([r for r in alarms if r.signals[0].direction == way] for way in (-1, 1))
    told = {}
    if starved:
        told[feed_key(evaluation.state.source)] = _starved(evaluation, starved)
    if flooded:
        told[surge_key(evaluation.state.source)] = _flooded(evaluation, flooded)
    return told


def feed_key(source: str) -> str:
    """The story key of a source whose feed is starved."""
    return f"feed:{source}"


def surge_key(source: str) -> str:
    """The story key of a source whose feed brings far more than usual."""
    return f"surge:{source}"


def is_starved(reading: Reading) -> bool:
    """Whether a feed has dried up."""
    alarm = reading.kind is MonitorKind.FEED and reading.state is StreamState.ALARM
    return alarm and not any(signal.direction > 0 for signal in reading.signals)


def _starved(evaluation: Evaluation, readings: Sequence[Reading]) -> Story:
    told = _Words(
        turn="down",
        meaning="monitors and audits see too little",
        next_step="see that the claims database is being fed, then run the monitors again",
    )
    return _story(evaluation, readings, told)


def _flooded(evaluation: Evaluation, readings: Sequence[Reading]) -> Story:
    told = _Words(
        turn="up",
        meaning="claims may stand in the database twice, or a practice may have joined",
        next_step="see whether a load came twice; claims that are taken out again correct the weeks at the next run",
    )
    return _story(evaluation, readings, told)


def _story(evaluation: Evaluation, readings: Sequence[Reading], told: _Words) -> Story:
    worst, cube = max(readings, key=lambda each: each.signals[0].baseline.estimate or 0.0), evaluation.state.cube
    signal, source, until = worst.signals[0], evaluation.state.source, last_day(cube.weeks[-1])
    arm, arms = worst.strand.arm, " and ".join(reading.strand.arm.words for reading in readings)
    since = min(reading.signals[0].since for reading in readings)
    claims = sum((w.claims for (each, _), w in cube.arms.items() if each is arm), cube.empty().claims)
    return Story(
        kind=AlertKind.OPERATIONAL,
        headline=f"Claims feed: {arms} claims {told.turn} since {since:%-d %b %Y} (source {source})",
        sentence=(
            f"The week until {until:%-d %b %Y} holds {worst.n:,} {arm.words} claims of source {source},"
            f" where {signal.baseline.estimate:,.0f} are usual: {told.meaning}."
        ),
        severity=_severity(worst, signal),
        source=source,
        weeks_until=until,
        since=since,
        signals=(signal, *(reading.signals[0] for reading in readings if reading is not worst)),
        chart=feed_chart(cube, claims, signal, f"{arm.words} claims a week"),
        next_step=told.next_step,
    )


def _severity(worst: Reading, signal: Signal) -> Severity:
    return Severity.HIGH if worst.n == 0 and signal.direction < 0 else Severity.MEDIUM
