"""Draws a rate against a count, of cases or of sizes, with its band and the rate that it must come to."""

from auditor.reports import figures
from auditor.reports.charts.canvas import Canvas, Place
from auditor.reports.charts.model import CurveChart, CurvePoint
from auditor.reports.charts.scale import Scale, ticks

_HEIGHT = 240
_TOP = 22
_BOTTOM = 40
_LEFT = 46
_RIGHT = 16
_FEW = 40
_BAND_POINTS = 2


def draw(chart: CurveChart, *, width: float, name: str) -> str:
    """The chart as SVG of that width."""
    canvas = Canvas(chart, width=width, height=_HEIGHT, name=name)
    along = Scale(low=0, high=max(point.at for point in chart.points), start=_LEFT, end=width - _RIGHT)
    up, steps = _vertical(chart)
    _grid(canvas, chart, along=along, up=up, steps=steps)
    _band(canvas, chart, along=along, up=up)
    if chart.threshold is not None:
        y = up.at(chart.threshold)
        canvas.line("tolerable", (_LEFT, y), (width - _RIGHT, y))
        canvas.text("muted", (width - _RIGHT, y - 6), chart.threshold_label, anchor="end")
    _line(canvas, chart, along=along, up=up)
    return canvas.svg()


def _vertical(chart: CurveChart) -> tuple[Scale, tuple[float, ...]]:
    seen = [value for point in chart.points for value in (point.value, point.low, point.high) if value is not None]
    highest = max((*seen, chart.threshold or 0))
    top = min(highest, chart.most) if chart.most else highest
    steps = tuple(step for step in ticks(0, min(max(top * 1.04, 0.001), 1.0), about=4) if step <= 1)
    return Scale(low=0, high=steps[-1], start=_HEIGHT - _BOTTOM, end=_TOP), steps


def _grid(canvas: Canvas, chart: CurveChart, *, along: Scale, up: Scale, steps: tuple[float, ...]) -> None:
    for step in steps:
        y = up.at(step)
        canvas.line("axis" if step == 0 else "grid", (_LEFT, y), (along.end, y))
        sign = f"{figures.NO_BREAK}%" if step in (steps[0], steps[-1]) else ""
        canvas.text("muted", (_LEFT - 8, y + 4), f"{step * 100:g}{sign}", anchor="end")
    floor = _HEIGHT - _BOTTOM
    for step in ticks(0, along.high, about=5 if along.end > 400 else 3):
        if step <= along.high and step == int(step):
            canvas.text("muted", (along.at(step), floor + 16), figures.count(int(step)), anchor="middle")
    canvas.text("muted", ((along.start + along.end) / 2, floor + 33), chart.along, anchor="middle")


def _band(canvas: Canvas, chart: CurveChart, *, along: Scale, up: Scale) -> None:
    banded = [point for point in chart.points if point.low is not None and point.high is not None]
    if len(banded) >= _BAND_POINTS:
        lower = [(along.at(point.at), up.at(point.low or 0)) for point in banded]
        upper = [(along.at(point.at), up.at(point.high or 0)) for point in banded]
        canvas.band(f"{chart.arm}-band", lower, upper)


def _line(canvas: Canvas, chart: CurveChart, *, along: Scale, up: Scale) -> None:
    def place(point: CurvePoint) -> Place:
        return along.at(point.at), up.at(point.value or 0)

    known = [point for point in chart.points if point.value is not None]
    if len(known) > 1:
        canvas.path(f"{chart.arm}-line", [place(point) for point in known])
    for point in known:
        if len(known) <= _FEW and point.at != chart.chosen:
            canvas.mark(chart.arm, place(point), radius=2.5)
        if point.at == chart.chosen:
            canvas.mark(chart.arm, place(point))
            canvas.ring(place(point))
            near_end = along.at(point.at) > (along.start + along.end) / 2
            x, anchor = place(point)[0] + (-14 if near_end else 14), "end" if near_end else "start"
            canvas.text("label", (x, place(point)[1] - 8), chart.chosen_label, anchor=anchor)
