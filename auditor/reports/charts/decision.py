"""Draws a statistic against the threshold at which it decides, in the order in which it was computed."""

from auditor.reports import figures
from auditor.reports.charts.canvas import Canvas
from auditor.reports.charts.model import Arm, DecisionChart
from auditor.reports.charts.scale import Scale, log_ticks, ticks

_HEIGHT = 220
_TOP = 18
_BOTTOM = 38
_LEFT = 44
_RIGHT = 14
_SMALLEST = 0.01


def draw(chart: DecisionChart, *, width: float, name: str) -> str:
    """The chart as SVG of that width."""
    canvas = Canvas(chart, width=width, height=_HEIGHT, name=name)
    floor = _HEIGHT - _BOTTOM
    up, steps = _vertical(chart, floor)
    along = Scale(low=0, high=max(len(chart.statistic), 1), start=_LEFT, end=width - _RIGHT)
    for step in steps:
        y = up.at(step)
        canvas.line("axis" if step == steps[0] else "grid", (_LEFT, y), (width - _RIGHT, y))
        canvas.text("muted", (_LEFT - 8, y + 4), f"{step:g}", anchor="end")
    y = up.at(chart.threshold)
    canvas.line("tolerable", (_LEFT, y), (width - _RIGHT, y))
    canvas.text("muted", (_LEFT + 6, y - 6), f"threshold {figures.decimal(chart.threshold)}")
    _horizontal(canvas, along, chart.steps)
    if chart.statistic:
        _statistic(canvas, chart, along=along, up=up)
    return canvas.svg()


def _vertical(chart: DecisionChart, floor: float) -> tuple[Scale, tuple[float, ...]]:
    highest = max((*chart.statistic, chart.threshold)) * 1.08
    if chart.log_scale:
        lowest = max(min((*chart.statistic, chart.threshold)), _SMALLEST)
        steps = log_ticks(lowest, highest)
    else:
        steps = ticks(min((*chart.statistic, 0)), highest)
    return Scale(low=steps[0], high=steps[-1], start=floor, end=_TOP, log=chart.log_scale), steps


def _horizontal(canvas: Canvas, along: Scale, steps: str) -> None:
    floor = _HEIGHT - _BOTTOM
    for step in ticks(0, along.high):
        if step <= along.high and step == int(step):
            canvas.text("muted", (along.at(step), floor + 16), figures.count(int(step)), anchor="middle")
    canvas.text("muted", ((along.start + along.end) / 2, floor + 32), steps, anchor="middle")


def _statistic(canvas: Canvas, chart: DecisionChart, *, along: Scale, up: Scale) -> None:
    lowest = _SMALLEST if chart.log_scale else up.low
    places = [(along.at(k), up.at(max(value, lowest))) for k, value in enumerate(chart.statistic, start=1)]
    canvas.path("ai-line", places)
    crossed = next((k for k, value in enumerate(chart.statistic) if value >= chart.threshold), None)
    if crossed is None:
        canvas.mark(Arm.AI, places[-1])
        return
    canvas.mark(Arm.AI, places[crossed])
    canvas.ring(places[crossed])
    near_end = places[crossed][0] > (along.start + along.end) / 2
    x = places[crossed][0] + (-14 if near_end else 14)
    text = f"alarm at {figures.count(crossed + 1)}"
    canvas.text("alarm-text", (x, places[crossed][1] + 4), text, anchor="end" if near_end else "start")
