"""Draws how much work designs take: a dot for the mean, a line on to what nine in ten stay below."""

from auditor.reports import figures
from auditor.reports.charts.canvas import Canvas
from auditor.reports.charts.lettering import fitted, width
from auditor.reports.charts.model import Arm, EffortChart
from auditor.reports.charts.scale import Scale, ticks

_TOP = 30
_AXIS = 26
_ROW = 30
_GAP = 14
_NARROW = 480


def draw(chart: EffortChart, *, width: float, name: str) -> str:
    """The chart as SVG of that width."""
    height = _TOP + _ROW * len(chart.rows) + _AXIS
    canvas = Canvas(chart, width=width, height=height, name=name)
    labels, effects = _rooms(chart, width)
    steps = ticks(0, max(row.ninetieth for row in chart.rows), about=3 if width < _NARROW else 5)
    plot = Scale(low=0, high=steps[-1], start=labels + 6, end=width - effects)
    for step in steps:
        x = plot.at(step)
        canvas.line("axis" if step == 0 else "grid", (x, _TOP - 6), (x, height - _AXIS))
        canvas.text("muted", (x, height - _AXIS + 16), figures.count(round(step)), anchor="middle")
    canvas.text("muted", (width, _TOP - 12), chart.effect_title, anchor="end")
    for index, row in enumerate(chart.rows):
        middle = _TOP + (index + 0.5) * _ROW
        canvas.text("label", (0, middle + 4), fitted(row.label, room=labels - _GAP))
        canvas.line("other-whisker", (plot.at(row.mean), middle), (plot.at(row.ninetieth), middle))
        canvas.mark(Arm.OTHER, (plot.at(row.mean), middle), hollow=not row.exact)
        canvas.text("label", (width, middle + 4), row.effect, anchor="end")
    return canvas.svg()


def _rooms(chart: EffortChart, whole: float) -> tuple[float, float]:
    labels = min(max(width(row.label) for row in chart.rows) + _GAP, whole * 0.34)
    effects = max(width(row.effect) for row in chart.rows)
    return labels, max(effects, width(chart.effect_title, size=11)) + _GAP
