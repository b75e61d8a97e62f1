"""What a sample size buys, as two charts and one table. The page and its picture show the same numbers."""

from collections.abc import Sequence
from typing import Protocol

from auditor.reports import figures
from auditor.reports.charts.model import CurveChart, CurvePoint
from auditor.reports.charts.tables import table_of
from auditor.reports.document import Cell, Column, Drawing, Kind, Table, Tone, cell
from auditor.reports.words import say

_SHEET = "what_if"


class Bought(Protocol):
    """What one size buys; see `services.what_if`."""

    @property
    def sample_size(self) -> int: ...
    @property
    def half_width(self) -> float: ...
    @property
    def ruled_out(self) -> float: ...
    @property
    def chance_to_detect(self) -> float: ...
    @property
    def hours(self) -> float: ...
    @property
    def cost_cents(self) -> int: ...


def table(options: Sequence[Bought], chosen: int) -> Table:
    """The sizes side by side; the chosen one stands out."""
    columns = tuple(
        Column(title=title, kind=Kind.NUMBER)
        for title in ("Cases", "Rate to within", "If clean, at most", "Detects", "Hours", "Cost")
    )
    return Table(caption=say(_SHEET, "table"), columns=columns, rows=tuple(_row(each, chosen) for each in options))


def drawings(options: Sequence[Bought], chosen: int, *, tolerable: float, named: bool) -> tuple[Drawing, ...]:
    """How the rate that stays possible falls, and how the chance to detect rises.

    `named` tells whether somebody named the tolerable rate: no other is drawn as a mark to come below.
    """
    meant = next(each for each in options if each.sample_size == chosen)
    known = {"meant": meant, "tolerable": tolerable, "chosen": chosen, "named": named}
    falling = CurveChart(
        title=say(_SHEET, "ruled_out_title", **known),
        description=say(_SHEET, "ruled_out_description", **known),
        points=tuple(CurvePoint(at=each.sample_size, value=each.ruled_out) for each in options),
        along="cases",
        value="highest rate that a clean sample leaves possible",
        threshold=tolerable if named else None,
        threshold_label=f"tolerable {figures.percent(tolerable)}",
        chosen=chosen,
        chosen_label=figures.percent(meant.ruled_out),
    )
    rising = CurveChart(
        title=say(_SHEET, "detects_title", **known),
        description=say(_SHEET, "detects_description", **known),
        points=tuple(CurvePoint(at=each.sample_size, value=each.chance_to_detect) for each in options),
        along="cases",
        value="chance to find at least one error",
        chosen=chosen,
        chosen_label=figures.percent(meant.chance_to_detect),
    )
    pairs = {"ruled-out": falling, "detects": rising}
    return tuple(Drawing(name=name, chart=chart, table=table_of(chart)) for name, chart in pairs.items())


def _row(each: Bought, chosen: int) -> tuple[Cell, ...]:
    told = (
        figures.count(each.sample_size),
        f"±{figures.NO_BREAK}{figures.percent(each.half_width)}",
        figures.percent(each.ruled_out),
        figures.percent(each.chance_to_detect),
        f"{each.hours:,.1f}",
        figures.whole_dollars(each.cost_cents),
    )
    strong = each.sample_size == chosen
    return tuple(Cell(text=text, tone=Tone.PLAIN, strong=True) if strong else cell(text) for text in told)
