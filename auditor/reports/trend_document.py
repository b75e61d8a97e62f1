"""Lays out a trend: what is newest, AI beside human with the difference, the split, and every number."""

from collections.abc import Sequence
from dataclasses import replace

from auditor.reports import figures, metric_words
from auditor.reports.charts.model import Arm, TrendChart, TrendPanel, TrendPoint, Unit
from auditor.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Drawing,
    Fact,
    Kind,
    Paragraph,
    Section,
    Table,
    Tone,
    cell,
)
from auditor.reports.model import ALL, FigureState
from auditor.reports.trend_model import TrendReport, TrendRow
from auditor.reports.words import say

_SHEET = "trend"
MOST_PANELS = 12
_ARMS = {"ai": Arm.AI, "human": Arm.HUMAN}


def document(report: TrendReport) -> Document:
    """The trend in reading order."""
    name = metric_words.metric_name(report.metric)
    return Document(
        kind="Trend",
        title=say(_SHEET, "title", name=name, every=report.every, by=split_name(report.by)),
        practice=report.practice,
        subtitle=say(_SHEET, "subtitle", report=report),
        status=Cell(text="after rebuttals", tone=Tone.PLAIN),
        lede=lede(report),
        front=(),
        sections=tuple(_sections(report)),
        foot=(
            Fact(term="As recorded on", value=figures.moment(report.as_of, report.time_zone)),
            Fact(term="Event log entry", value=figures.count(report.checkpoint.number)),
            Fact(term="Checkpoint", value=report.checkpoint.sha256, kind=Kind.CODE),
        ),
        as_of=report.as_of,
    )


def lede(report: TrendReport) -> tuple[str, ...]:
    """The newest period in which enough was reviewed, in words; and whether the arms differ there."""
    told = [row for row in (*report.arms, *report.rows) if row.figure.state is FigureState.OK]
    if not told:
        return (say(_SHEET, "nothing", few=bool(report.rows)),)
    newest = max(row.period for row in told)
    arms = [row.figure for row in report.arms if row.period == newest and row.figure.state is FigureState.OK]
    own = [row.figure for row in report.rows if row.period == newest and row.figure.slice == ALL]
    said = [
        f"{metric_words.headline_name(each)} {metric_words.sentence(each)}."
        for each in (arms or own or [told[-1].figure])
    ]
    gaps = [row.figure for row in report.gap if row.period == newest and row.figure.low is not None]
    return (say(_SHEET, "newest", period=newest), *said, *(say(_SHEET, "gap", gap=each) for each in gaps))


def panels(rows: Sequence[TrendRow]) -> tuple[TrendPanel, ...]:
    """A panel a value, those with most cases first; a name that stands for everything comes first of all."""
    names = list(dict.fromkeys(label(row) for row in rows))
    counts = {name: sum(row.figure.n for row in rows if label(row) == name) for name in names}
    ordered = sorted(names, key=lambda name: -counts[name])
    return tuple(_panel(name, [row for row in rows if label(row) == name]) for name in ordered)


def chart(title: str, shown: Sequence[TrendPanel], *, unit: Unit, holds: tuple[float, ...] = ()) -> TrendChart:
    """Panels on one scale, which also holds these values."""
    return TrendChart(
        title=title, description=say(_SHEET, "description"), panels=tuple(shown), value=unit, holds=holds
    )


def unit_of(metric: str) -> Unit:
    """How the values of a metric are written."""
    if metric.endswith("_difference"):
        return Unit.POINTS
    return Unit.LEVEL if metric_words.is_coefficient_name(metric) else Unit.SHARE


def label(row: TrendRow) -> str:
    """What a row is of."""
    return metric_words.slice_name(row.figure.slice) or metric_words.arm_name(row.figure.arm)


def split_name(by: str | None) -> str:
    """A field of the split as people read it."""
    return (by or "").replace("_", " ")


def table(caption: str, rows: Sequence[TrendRow]) -> Table:
    """Every number of these rows."""
    columns = (
        Column(title="Period", weight=2),
        Column(title="Of", weight=4),
        Column(title="Value", kind=Kind.NUMBER, weight=3),
        Column(title="Interval", kind=Kind.NUMBER, weight=3),
        Column(title="Counted", kind=Kind.NUMBER, weight=4),
        Column(title="Claims", kind=Kind.NUMBER, weight=2),
    )
    return Table(caption=caption, columns=columns, rows=tuple(map(cells, rows)), note=table_note(rows))


def table_note(rows: Sequence[TrendRow]) -> str:
    """How the numbers of a table were made: weights, and the methods of its intervals."""
    return say(
        _SHEET, "table_note", methods=sorted({row.figure.method for row in rows if row.figure.low is not None})
    )


def cells(row: TrendRow) -> tuple[Cell, ...]:
    """One row of it."""
    figure = row.figure
    return (
        cell(row.period),
        cell(label(row)),
        metric_words.value(figure),
        metric_words.interval(figure),
        cell(metric_words.counted(figure)),
        cell(figures.count(figure.n)),
    )


def _sections(report: TrendReport) -> list[Section]:
    name = metric_words.metric_name(report.metric)
    sections = []
    if report.gap:
        blocks: list[Block] = [
            _drawing("arms", say(_SHEET, "arms_title", name=name), report.arms, unit_of(report.metric)),
            _drawing("gap", say(_SHEET, "gap_title"), report.gap, Unit.POINTS),
        ]
        sections.append(Section(name="arms", title="AI beside human", blocks=tuple(blocks)))
    if report.rows:
        title = say(_SHEET, "rows_title", name=name, by=split_name(report.by))
        left = len(panels(report.rows)) - MOST_PANELS
        more: list[Block] = [Paragraph(text=say(_SHEET, "left_out", left=left), quiet=True)] if left > 0 else []
        drawn = _drawing("rows", title, report.rows, unit_of(report.metric))
        sections.append(Section(name="rows", title=title, blocks=(drawn, *more)))
    return sections


def _drawing(name: str, title: str, rows: Sequence[TrendRow], unit: Unit) -> Drawing:
    return Drawing(
        name=name,
        chart=chart(title, panels(rows)[:MOST_PANELS], unit=unit),
        table=replace(table(title, rows), folded=True),
    )


def _panel(name: str, rows: Sequence[TrendRow]) -> TrendPanel:
    return TrendPanel(
        label=name,
        arm=_ARMS.get(rows[0].figure.arm, Arm.OTHER),
        points=tuple(
            TrendPoint(
                on=row.first_on,
                estimate=row.figure.estimate,
                n=row.figure.n,
                low=row.figure.low,
                high=row.figure.high,
                enough=row.figure.state is FigureState.OK,
            )
            for row in rows
        ),
    )
