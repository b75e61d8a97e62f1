"""The table of a chart: every number that is drawn, for those who cannot or will not read a drawing."""

from collections.abc import Sequence
from datetime import date

from auditor.reports import figures
from auditor.reports.charts.model import (
    Chart,
    DecisionChart,
    IntervalChart,
    MixChart,
    TrendChart,
    TrendPanel,
    Unit,
)
from auditor.reports.document import Cell, Column, Kind, Table, cell

_NONE = "–"


def table_of(chart: Chart) -> Table:
    """The numbers of a chart, under its title."""
    if isinstance(chart, IntervalChart):
        return _intervals(chart)
    if isinstance(chart, TrendChart):
        return _trend(chart)
    if isinstance(chart, DecisionChart):
        return _decision(chart)
    return _mix(chart)


def _intervals(chart: IntervalChart) -> Table:
    rows = tuple(
        (
            cell(row.label),
            cell(row.remark if row.estimate is None else figures.percent(row.estimate)),
            cell(_NONE if row.low is None or row.high is None else figures.span(row.low, row.high)),
            cell(figures.count(row.n)),
        )
        for row in chart.rows
    )
    return _table(chart.title, ("", "rate>", "interval>", f"{chart.unit}>"), rows)


def _trend(chart: TrendChart) -> Table:
    days = sorted({point.on for panel in chart.panels for point in panel.points})
    heads = ["from", *(head for panel in chart.panels for head in (f"{panel.label}>", "interval>", "n>"))]
    rows = []
    for on, until in zip(days, [*days[1:], date.max], strict=True):
        values = [each for panel in chart.panels for each in _point_cells(panel, on, chart.value)]
        told = "; ".join(event.label for event in chart.events if on <= event.on < until)
        rows.append((cell(figures.day(on)), *values, *([cell(told)] if chart.events else [])))
    return _table(chart.title, [*heads, "what happened"] if chart.events else heads, rows)


def _point_cells(panel: TrendPanel, on: date, unit: Unit) -> tuple[Cell, Cell, Cell]:
    point = next((each for each in panel.points if each.on == on), None)
    if point is None or point.estimate is None:
        return cell("no data"), cell(_NONE), cell(figures.count(point.n if point else 0))
    interval = _NONE
    if point.low is not None and point.high is not None:
        interval = _span(point.low, point.high, unit)
    return cell(_written(point.estimate, unit)), cell(interval), cell(figures.count(point.n))


def _written(value: float, unit: Unit) -> str:
    return figures.percent(value) if unit is Unit.SHARE else figures.decimal(value)


def _span(low: float, high: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return figures.span(low, high)
    return f"{figures.decimal(low)} to {figures.decimal(high)}"


def _decision(chart: DecisionChart) -> Table:
    rows = tuple(
        (cell(figures.count(step)), cell(figures.decimal(value)), cell("alarm" if value >= chart.threshold else ""))
        for step, value in enumerate(chart.statistic, start=1)
    )
    return _table(chart.title, (chart.steps, "statistic>", ""), rows)


def _mix(chart: MixChart) -> Table:
    rows = tuple(
        (
            cell(row.label),
            cell(figures.percent(row.baseline)),
            cell(figures.percent(row.now)),
            cell(figures.points(row.now - row.baseline)),
            cell(row.effect),
        )
        for row in chart.rows
    )
    return _table(chart.title, ("", "baseline>", "now>", "change>", f"{chart.effect_title or 'effect'}>"), rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    columns = tuple(
        Column(title=head.removesuffix(">"), kind=Kind.NUMBER if head.endswith(">") else Kind.TEXT) for head in heads
    )
    return Table(caption=caption, columns=columns, rows=tuple(rows))
