"""One stream of a monitor as a control chart: its statistic by run, the line at which it alarms, the events."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from auditor.domain.alerts import StreamState
from auditor.reports import figures
from auditor.reports.charts.model import Arm, ChartEvent, TrendChart, TrendPanel, TrendPoint, Unit
from auditor.reports.charts.tables import table_of
from auditor.reports.document import Drawing
from auditor.reports.words import say

_SAME_LINE = 1.02  # lines this close to one another are drawn as one
_BEFORE = timedelta(weeks=4)  # what happened that long before the first run is shown where it happened


class Reading(Protocol):
    """What one run said of the stream."""

    @property
    def as_of(self) -> date:
        """The day of the run."""

    @property
    def state(self) -> StreamState:
        """What it said."""

    @property
    def statistic(self) -> float | None:
        """The figure that decides; None where there was nothing to judge."""

    @property
    def threshold(self) -> float | None:
        """The figure at which it alarms."""

    @property
    def n(self) -> int:
        """What it rests on."""


def control_chart(
    stream: str, runs: Sequence[Reading], events: Sequence[tuple[date, str]], *, name: str
) -> Drawing | None:
    """The chart with its table; None while no run had a statistic to show.

    Where the line at which it alarms moved, each statistic is drawn as a share of the line of its own run.
    """
    if not any(run.statistic is not None for run in runs):
        return None
    threshold = next((run.threshold for run in reversed(runs) if run.threshold is not None), None)
    moves = _line_moves(runs)
    points = tuple(
        TrendPoint(on=run.as_of, estimate=_drawn(run, moves), n=run.n, outside=run.state is StreamState.ALARM)
        for run in runs
    )
    drawn = ("share of its limit", 1.0) if moves else ("statistic", threshold)
    shown = [(on, label) for on, label in events if on >= runs[0].as_of - _BEFORE]
    alarms = [run for run in runs if run.state is StreamState.ALARM]
    since = figures.day(alarms[0].as_of) if alarms else ""
    chart = TrendChart(
        title=say(
            "monitors",
            "chart_title",
            stream=figures.stream_title(stream),
            alarms=len(alarms),
            since=since,
            runs=len(runs),
        ),
        description=say("monitors", "chart_description", stream=figures.stream_title(stream), runs=len(runs)),
        panels=(TrendPanel(label=drawn[0], arm=_arm(stream), points=points, upper_limit=drawn[1]),),
        events=tuple(ChartEvent(on=on, label=label, is_change=label.startswith("alert ")) for on, label in shown),
        begins_on=min((on for on, _ in shown), default=None),
        value=Unit.LEVEL,
    )
    return Drawing(name=name, chart=chart, table=table_of(chart))


def _line_moves(runs: Sequence[Reading]) -> bool:
    lines = [run.threshold for run in runs if run.threshold is not None]
    return bool(lines) and max(lines) > min(lines) * _SAME_LINE


def _drawn(run: Reading, moves: bool) -> float | None:
    if not moves or run.statistic is None:
        return run.statistic
    return run.statistic / run.threshold if run.threshold else None


def _arm(stream: str) -> Arm:
    return Arm.HUMAN if "/human" in stream else Arm.AI if "/ai" in stream else Arm.OTHER
