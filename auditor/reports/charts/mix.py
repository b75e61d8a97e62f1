"""Draws shares as dumbbells from baseline to now, with what each shift means at the right."""

from auditor.reports import figures
from auditor.reports.charts.canvas import Canvas
from auditor.reports.charts.lettering import fitted, width
from auditor.reports.charts.model import Arm, MixChart, MixRow
from auditor.reports.charts.scale import Scale, ticks

_NARROW = 480
_TOP = 30
_AXIS = 26
_ROW = 30
_GAP = 14


def draw(chart: MixChart, *, width: float, name: str) -> str:
    """The chart as SVG of that width."""
    height = _TOP + _ROW * len(chart.rows) + _AXIS
    canvas = Canvas(chart, width=width, height=height, name=name)
    labels, effects = _rooms(chart, width)
    highest = max([max(row.baseline, row.now) for row in chart.rows] + [0.01])
    steps = tuple(step for step in ticks(0, highest, about=3 if width < _NARROW else 5) if step <= 1)
    plot = Scale(low=0, high=steps[-1], start=labels + 6, end=width - effects - 8)
    for step in steps:
        x = plot.at(step)
        canvas.line("axis" if step == 0 else "grid", (x, _TOP - 6), (x, height - _AXIS))
        text = f"{step * 100:g}{figures.NO_BREAK}%" if step in (0, steps[-1]) else f"{step * 100:g}"
        canvas.text("muted", (x, height - _AXIS + 16), text, anchor="middle")
    if chart.effect_title:
        canvas.text("muted", (width, _TOP - 10), chart.effect_title, anchor="end")
    for index, row in enumerate(chart.rows):
        _row(canvas, row, plot=plot, middle=_TOP + (index + 0.5) * _ROW, labels=labels)
    if chart.rows:
        _legend(canvas, chart.rows[0], plot)
    return canvas.svg()


def _rooms(chart: MixChart, whole: float) -> tuple[float, float]:
    labels = min(max((width(row.label) for row in chart.rows), default=0) + _GAP, whole * 0.34)
    effects = max((width(row.effect) for row in chart.rows), default=0)
    return labels, max(effects, width(chart.effect_title, size=11)) + _GAP if effects else _GAP


def _row(canvas: Canvas, row: MixRow, *, plot: Scale, middle: float, labels: float) -> None:
    before, after = (plot.at(row.baseline), middle), (plot.at(row.now), middle)
    canvas.text("label", (0, middle + 4), fitted(row.label, room=labels - _GAP))
    canvas.line("ai-whisker", before, after)
    canvas.mark(Arm.AI, before, hollow=True)
    canvas.mark(Arm.AI, after)
    if row.effect:
        canvas.text("label", (canvas.width, middle + 4), row.effect, anchor="end")


def _legend(canvas: Canvas, first: MixRow, plot: Scale) -> None:
    """Name both ends once, over the first row, apart from each other."""
    before, after = plot.at(first.baseline), plot.at(first.now)
    anchors = ("end", "start") if before <= after else ("start", "end")
    shift = 5 if abs(before - after) < width("baseline now", size=11) else 0
    for x, text, anchor in ((before, "baseline", anchors[0]), (after, "now", anchors[1])):
        moved = x + (shift if anchor == "end" else -shift)
        canvas.text("muted", (moved, _TOP - 10), text, anchor=anchor)
