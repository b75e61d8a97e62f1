"""Draws any chart: the one door that pages, PDF and mails go through."""

from auditor.reports.charts import curve, decision, effort, interval, mix, trend
from auditor.reports.charts.model import Chart, CurveChart, DecisionChart, EffortChart, IntervalChart, TrendChart

WIDE = 760
NARROW = 320


def svg(chart: Chart, *, width: float = WIDE, name: str = "chart") -> str:
    """The chart as one SVG element; `name` keeps its ids apart from other charts on the page."""
    if isinstance(chart, IntervalChart):
        return interval.draw(chart, width=width, name=name)
    if isinstance(chart, TrendChart):
        return trend.draw(chart, width=width, name=name)
    if isinstance(chart, DecisionChart):
        return decision.draw(chart, width=width, name=name)
    if isinstance(chart, CurveChart):
        return curve.draw(chart, width=width, name=name)
    if isinstance(chart, EffortChart):
        return effort.draw(chart, width=width, name=name)
    return mix.draw(chart, width=width, name=name)
