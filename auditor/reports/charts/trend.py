"""Draws series over time, one panel an arm, all panels on one scale; events run through them as verticals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from auditor.reports import figures
from auditor.reports.charts import trend_labels
from auditor.reports.charts.canvas import MARK_RADIUS, Canvas, Place
from auditor.reports.charts.model import TrendChart, TrendPanel, TrendPoint, Unit
from auditor.reports.charts.scale import Scale, ticks

_NARROW = 480
_HEAD = 24
_COUNTS = 20
_AXIS = 24
_LEFT = 40
_BAND_POINTS = 2
_FROM_ZERO = 0.5  # a scale starts at 0 unless everything on it lies in the upper half


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where everything stands: the days along, the values from 0 (or the lowest) up, and the room at the right."""

    along: Scale
    steps: tuple[float, ...]
    value: Unit
    panel_height: float
    top: float

    def floor(self, index: int) -> float:
        """The bottom of the plot of a panel."""
        return self.top + index * (_HEAD + self.panel_height + _COUNTS) + _HEAD + self.panel_height

    def up(self, index: int) -> Scale:
        """The vertical scale of a panel: the same values for each."""
        floor = self.floor(index)
        return Scale(low=self.steps[0], high=self.steps[-1], start=floor, end=floor - self.panel_height)

    def x(self, on: date) -> float:
        """The place of a day."""
        return self.along.at(on.toordinal())


def draw(chart: TrendChart, *, width: float, name: str) -> str:
    """The chart as SVG of that width."""
    layout = _layout(chart, width)
    last_floor = layout.floor(len(chart.panels) - 1)
    canvas = Canvas(chart, width=width, height=last_floor + _COUNTS + _AXIS, name=name)
    for index, panel in enumerate(chart.panels):
        _panel_grid(canvas, layout, index)
        _limits(canvas, layout, panel, index)
    trend_labels.events(canvas, chart.events, x=layout.x, top=layout.top, floors=_spans(chart, layout))
    for index, panel in enumerate(chart.panels):
        _series(canvas, layout, panel, index)
        canvas.text(f"{panel.arm}-text", (0, layout.floor(index) - layout.panel_height - 9), panel.label)
        trend_labels.ends(canvas, panel, up=layout.up(index), left=layout.along.end + 12, value=layout.value)
        trend_labels.counts(canvas, panel.points, x=layout.x, baseline=layout.floor(index) + 14)
    trend_labels.dates(canvas, _days(chart), x=layout.x, baseline=last_floor + _COUNTS + 16)
    return canvas.svg()


def _layout(chart: TrendChart, width: float) -> Layout:
    days = _days(chart)
    narrow = width < _NARROW
    room = max((trend_labels.room(panel, chart.value) for panel in chart.panels), default=0)
    along = Scale(
        low=days[0].toordinal(),
        high=max(days[-1], days[0] + timedelta(days=1)).toordinal(),
        start=_LEFT + 10,
        end=width - room - 12,
    )
    lanes = trend_labels.lanes(chart.events, x=lambda on: along.at(on.toordinal()), width=width)
    return Layout(
        along=along,
        steps=_steps(chart),
        value=chart.value,
        panel_height=(96 if narrow else 112) if len(chart.panels) > 1 else 168,
        top=lanes * trend_labels.LANE + 4,
    )


def _days(chart: TrendChart) -> list[date]:
    days = sorted({point.on for panel in chart.panels for point in panel.points})
    if not days:
        raise ValueError("a trend needs at least one period")
    begins_on = chart.begins_on
    return [begins_on, *days] if begins_on is not None and begins_on < days[0] else days


def _steps(chart: TrendChart) -> tuple[float, ...]:
    seen = [
        value
        for panel in chart.panels
        for point in panel.points
        for value in (point.estimate, point.low, point.high)
        if value is not None
    ]
    for panel in chart.panels:
        seen += [limit for limit in (panel.centre, panel.upper_limit, panel.lower_limit) if limit is not None]
    seen += chart.holds
    lowest, highest = min(seen, default=0), max(seen, default=1)
    if chart.value is Unit.POINTS:
        return ticks(min(lowest, 0), max(highest, 0), about=4)
    if chart.value is Unit.LEVEL:
        return ticks(lowest, highest, about=4)
    if lowest < highest * _FROM_ZERO or highest - lowest < 1e-6 * highest:
        lowest = 0  # far apart, or all the same: either reads best from zero
    if chart.value is Unit.COUNT:
        return ticks(lowest, highest, about=4)
    return tuple(step for step in ticks(max(lowest, 0), min(highest, 1), about=4) if step <= 1)


def _spans(chart: TrendChart, layout: Layout) -> list[tuple[float, float]]:
    floors = [layout.floor(index) for index in range(len(chart.panels))]
    return [(floor - layout.panel_height, floor) for floor in floors]


def _panel_grid(canvas: Canvas, layout: Layout, index: int) -> None:
    up = layout.up(index)
    for step in layout.steps:
        role = "axis" if step == (0 if layout.value is Unit.POINTS else layout.steps[0]) else "grid"
        canvas.line(role, (_LEFT, up.at(step)), (layout.along.end + 8, up.at(step)))
        ends = step in (layout.steps[0], layout.steps[-1])
        canvas.text("muted", (_LEFT - 7, up.at(step) + 4), _tick(step, layout.value, whole=ends), anchor="end")


def _tick(step: float, value: Unit, *, whole: bool) -> str:
    if value is Unit.POINTS:
        return f"{'−' if step < 0 else '+'}{abs(step) * 100:g}" if step else "0"
    if value is not Unit.SHARE:
        return figures.decimal(step)
    return f"{step * 100:g}{figures.NO_BREAK}%" if whole else f"{step * 100:g}"


def _limits(canvas: Canvas, layout: Layout, panel: TrendPanel, index: int) -> None:
    up = layout.up(index)
    for role, at in (("centre", panel.centre), ("limit", panel.upper_limit), ("limit", panel.lower_limit)):
        if at is not None:
            canvas.line(role, (_LEFT, up.at(at)), (layout.along.end + 8, up.at(at)))


def _series(canvas: Canvas, layout: Layout, panel: TrendPanel, index: int) -> None:
    up = layout.up(index)
    radius = min(MARK_RADIUS, max(2.2, (layout.along.end - layout.along.start) / max(len(panel.points), 1) / 4))
    for run in _runs(panel.points):
        lower = [(layout.x(p.on), up.at(p.low)) for p in run if p.low is not None]
        upper = [(layout.x(p.on), up.at(p.high)) for p in run if p.high is not None]
        if len(lower) >= _BAND_POINTS and len(lower) == len(upper):
            canvas.band(f"{panel.arm}-band", lower, upper)
        if len(run) > 1:
            canvas.path(f"{panel.arm}-line", [_place(layout, up, point) for point in run])
    for point in panel.points:
        if point.estimate is None:
            continue
        canvas.mark(panel.arm, _place(layout, up, point), hollow=not point.enough, radius=radius)
        if point.outside:
            canvas.ring(_place(layout, up, point), radius=radius)


def _place(layout: Layout, up: Scale, point: TrendPoint) -> Place:
    if point.estimate is None:
        raise ValueError("a period without an estimate has no place")
    return layout.x(point.on), up.at(point.estimate)


def _runs(points: Sequence[TrendPoint]) -> list[list[TrendPoint]]:
    """Stretches of periods that have an estimate: a line is never drawn over a hole."""
    runs: list[list[TrendPoint]] = []
    for before, point in pairwise([None, *points]):
        if point is None or point.estimate is None:
            continue
        if before is None or before.estimate is None:
            runs.append([])
        runs[-1].append(point)
    return runs
