"""The table of a chart: every number that is drawn, for those who cannot or will not read a drawing."""

from collections.abc import Sequence
from datetime import date

from auditor.reports import figures
from auditor.reports.charts.model import (
    Chart,
    CurveChart,
    DecisionChart,
    EffortChart,
    IntervalChart,
    MixChart,
    TrendChart,
    TrendPanel,
    Unit,
)
from auditor.reports.charts.trend_labels import written
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
    if isinstance(chart, CurveChart):
        return _curve(chart)
    if isinstance(chart, EffortChart):
        return _effort(chart)
    return _mix(chart)


def _intervals(chart: IntervalChart) -> Table:
    is_share = chart.value is Unit.SHARE
    rows = tuple(
        (
            cell(row.label),
            cell(row.remark if row.estimate is None else written(row.estimate, chart.value)),
            cell(_NONE if row.low is None or row.high is None else _span(row.low, row.high, chart.value)),
            cell(figures.count(row.n)),
        )
        for row in chart.rows
    )
    return _table(chart.title, ("of", "rate>" if is_share else "estimate>", "interval>", f"{chart.unit}>"), rows)


def _trend(chart: TrendChart) -> Table:
    days = sorted({point.on for panel in chart.panels for point in panel.points})
    heads = ["from", *(head for panel in chart.panels for head in _heads(panel))]
    rows = []
    for on, until in zip(days, [*days[1:], date.max], strict=True):
        values = [each for panel in chart.panels for each in _point_cells(panel, on, chart.value)]
        told = "; ".join(event.label for event in chart.events if on <= event.on < until)
        rows.append((cell(figures.day(on)), *values, *([cell(told)] if chart.events else [])))
    return _table(chart.title, [*heads, "what happened"] if chart.events else heads, rows)


def _heads(panel: TrendPanel) -> tuple[str, ...]:
    return (f"{panel.label}>", "interval>", "n>") if _has_intervals(panel) else (f"{panel.label}>", "n>")


def _has_intervals(panel: TrendPanel) -> bool:
    return any(point.low is not None for point in panel.points)


def _point_cells(panel: TrendPanel, on: date, unit: Unit) -> tuple[Cell, ...]:
    point = next((each for each in panel.points if each.on == on), None)
    estimate = cell(written(point.estimate, unit) if point and point.estimate is not None else "no data")
    n = cell(figures.count(point.n if point else 0))
    if not _has_intervals(panel):
        return estimate, n
    low, high = (point.low, point.high) if point else (None, None)
    return estimate, cell(_NONE if low is None or high is None else _span(low, high, unit)), n


def _span(low: float, high: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return figures.span(low, high)
    return f"{written(low, unit)} to {written(high, unit)}"


def _decision(chart: DecisionChart) -> Table:
    rows = tuple(
        (cell(figures.count(step)), cell(figures.decimal(value)), cell("alarm" if value >= chart.threshold else ""))
        for step, value in enumerate(chart.statistic, start=1)
    )
    return _table(chart.title, (chart.steps, "statistic>", "decision"), rows)


def _curve(chart: CurveChart) -> Table:
    banded = any(point.low is not None for point in chart.points)
    rows = []
    for point in chart.points:
        value = _NONE if point.value is None else figures.percent(point.value)
        row = [cell(figures.count(point.at)), cell(value)]
        if banded:
            known = point.low is not None and point.high is not None
            row.append(cell(figures.span(point.low or 0, point.high or 0) if known else _NONE))
        rows.append(tuple(row))
    heads = (f"{chart.along}>", f"{chart.value}>", *(("limits>",) if banded else ()))
    return _table(chart.title, heads, rows)


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
    return _table(chart.title, ("what", "baseline>", "now>", "change>", f"{chart.effect_title or 'effect'}>"), rows)


def _effort(chart: EffortChart) -> Table:
    rows = tuple(
        (
            cell(row.label),
            cell(figures.count(round(row.mean))),
            cell(figures.count(round(row.ninetieth))),
            cell(row.effect),
            cell("exact" if row.exact else "approximate"),
        )
        for row in chart.rows
    )
    return _table(chart.title, ("what", "mean>", "nine in ten>", f"{chart.effect_title}>", "how sure"), rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    columns = tuple(
        Column(title=head.removesuffix(">"), kind=Kind.NUMBER if head.endswith(">") else Kind.TEXT) for head in heads
    )
    return Table(caption=caption, columns=columns, rows=tuple(rows))
