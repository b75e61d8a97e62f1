"""Draws estimates as dots with whiskers, one row each, with the tolerable rate as a line and n at the right."""

from dataclasses import dataclass

from auditor.reports import figures
from auditor.reports.charts.canvas import Canvas
from auditor.reports.charts.lettering import fitted, width
from auditor.reports.charts.model import IntervalChart, IntervalRow, Unit
from auditor.reports.charts.scale import Scale, ticks
from auditor.reports.charts.trend_labels import written

_NARROW = 480
_TOP = 26
_AXIS = 26
_ROW = 30
_ROW_NARROW = 46
_RATE_ROOM = 58
_GAP = 14


@dataclass(frozen=True, kw_only=True)
class _Layout:
    width: float
    row_height: float
    label_room: float
    plot: Scale
    steps: tuple[float, ...]
    count_room: float

    @property
    def stacked(self) -> bool:
        """Whether labels stand above their rows, for want of room."""
        return self.label_room == 0


def draw(chart: IntervalChart, *, width: float, name: str) -> str:
    """The chart as SVG of that width."""
    layout = _layout(chart, width)
    height = _TOP + layout.row_height * len(chart.rows) + _AXIS
    canvas = Canvas(chart, width=width, height=height, name=name)
    bottom = height - _AXIS
    _grid(canvas, layout, chart.value, bottom)
    if chart.tolerable is not None:
        _tolerable(canvas, layout, chart.tolerable, bottom)
    _heads(canvas, layout, chart)
    for index, row in enumerate(chart.rows):
        _row(canvas, layout, row, value=chart.value, top=_TOP + index * layout.row_height)
    return canvas.svg()


def _layout(chart: IntervalChart, whole: float) -> _Layout:
    narrow = whole < _NARROW
    labels = max((width(row.label) for row in chart.rows), default=0)
    counts = max([width(figures.count(row.n)) for row in chart.rows] + [width(chart.unit, size=11)])
    label_room = 0 if narrow else min(labels + _GAP, whole * 0.36)
    steps = _steps(chart, about=3 if narrow else 5)
    end = whole - counts - max(_RATE_ROOM, *(_value_room(chart, row) for row in chart.rows)) - _GAP
    return _Layout(
        width=whole,
        row_height=_ROW_NARROW if narrow else _ROW,
        label_room=label_room,
        plot=Scale(low=steps[0], high=steps[-1], start=label_room or _GAP, end=end),
        steps=steps,
        count_room=counts,
    )


def _steps(chart: IntervalChart, *, about: int) -> tuple[float, ...]:
    """Round values from 0, or as far below as needed, to one that holds every row; shares end at 1."""
    highest = max([row.high or row.estimate or 0 for row in chart.rows] + [chart.tolerable or 0, 0.01])
    if chart.value is Unit.SHARE:
        return tuple(step for step in ticks(0, min(highest * 1.02, 1), about=about) if step <= 1)
    return ticks(min([row.low or 0 for row in chart.rows] + [0]), highest, about=about)


def _value_room(chart: IntervalChart, row: IntervalRow) -> float:
    return 0 if row.estimate is None else width(written(row.estimate, chart.value)) + _GAP


def _grid(canvas: Canvas, layout: _Layout, value: Unit, bottom: float) -> None:
    for step in layout.steps:
        x = layout.plot.at(step)
        canvas.line("axis" if step == 0 else "grid", (x, _TOP - 6), (x, bottom))
        canvas.text("muted", (x, bottom + 16), _tick(step, layout.steps, value), anchor="middle")


def _tick(step: float, steps: tuple[float, ...], value: Unit) -> str:
    if value is not Unit.SHARE:
        return f"{step:,g}".replace("-", "−")
    return f"{step * 100:g}{figures.NO_BREAK}%" if step in (0, steps[-1]) else f"{step * 100:g}"


def _tolerable(canvas: Canvas, layout: _Layout, rate: float, bottom: float) -> None:
    x = layout.plot.at(rate)
    text = f"tolerable {figures.percent(rate)}"
    room = width(text, size=11) / 2
    canvas.line("tolerable", (x, _TOP - 10), (x, bottom))
    held = min(max(x, layout.plot.start + room), layout.plot.end - room + 12)
    canvas.text("muted", (held, _TOP - 14), text, anchor="middle")


def _heads(canvas: Canvas, layout: _Layout, chart: IntervalChart) -> None:
    canvas.text("muted", (layout.width, _TOP - 14), chart.unit, anchor="end")
    canvas.text("muted", (_rate_end(layout), _TOP - 14), _head(chart.value), anchor="end")


def _row(canvas: Canvas, layout: _Layout, row: IntervalRow, *, value: Unit, top: float) -> None:
    middle = top + (layout.row_height - 13 if layout.stacked else layout.row_height / 2)
    baseline = top + 15 if layout.stacked else middle + 4
    room = layout.plot.end if layout.stacked else layout.label_room - _GAP
    label = fitted(row.label, room=room)
    if layout.stacked:
        canvas.plate((0, baseline - 12), width=width(label), height=16)
    canvas.text("label", (0, baseline), label)
    canvas.text("label", (layout.width, middle + 4), figures.count(row.n), anchor="end")
    if row.estimate is None:
        canvas.text("muted", (layout.plot.start + 8, middle + 4), row.remark)
        written_to = layout.plot.start + 16 + width(row.remark, size=11)
        canvas.line("gap", (written_to, middle), (layout.plot.end, middle))
        return
    place = (layout.plot.at(row.estimate), middle)
    if row.low is not None and row.high is not None:
        ends = [(layout.plot.at(limit), middle) for limit in (row.low, row.high)]
        canvas.line(f"{row.arm}-whisker", ends[0], ends[1])
        for x, _ in ends:
            canvas.line(f"{row.arm}-cap", (x, middle - 4), (x, middle + 4))
    canvas.mark(row.arm, place)
    canvas.text("strong", (_rate_end(layout), middle + 4), written(row.estimate, value), anchor="end")


def _head(value: Unit) -> str:
    return "rate" if value is Unit.SHARE else "estimate"


def _rate_end(layout: _Layout) -> float:
    return layout.width - layout.count_room - _GAP
