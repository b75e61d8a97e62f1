"""Small multiples for pages: each panel of a trend as a chart of its own, all of them on one scale."""

from collections.abc import Sequence

from auditor.reports import trend_document
from auditor.reports.charts import drawing
from auditor.reports.charts.model import TrendPanel, Unit
from auditor.reports.trend_model import TrendRow

_WIDTH = 352


def drawn(rows: Sequence[TrendRow], unit: Unit, name: str) -> list[tuple[str, str]]:
    """Label and SVG of each panel, those with most cases first; `name` keeps their ids apart."""
    shown = trend_document.panels(rows)[: trend_document.MOST_PANELS]
    held = sorted({value for panel in shown for value in _values(panel)})
    ends = (held[0], held[-1]) if held else ()
    return [(panel.label, _svg(panel, unit, ends, f"{name}-{number}")) for number, panel in enumerate(shown)]


def _svg(panel: TrendPanel, unit: Unit, ends: tuple[float, ...], name: str) -> str:
    one = trend_document.chart(panel.label, [panel], unit=unit, holds=ends)
    return drawing.svg(one, width=_WIDTH, name=name)


def _values(panel: TrendPanel) -> list[float]:
    points = [value for point in panel.points for value in (point.estimate, point.low, point.high)]
    return [value for value in points if value is not None]
