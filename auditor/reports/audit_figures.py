"""The figures of an audit report: those seen first, all rates with intervals, strata, the history of the plan."""

from datetime import date

from auditor.reports import figures, metric_words
from auditor.reports.charts.model import Arm, IntervalChart, IntervalRow, TrendChart, TrendPanel, TrendPoint
from auditor.reports.charts.tables import table_of
from auditor.reports.document import (
    Cell,
    Column,
    Drawing,
    KeyFigure,
    KeyFigures,
    Kind,
    Paragraph,
    Section,
    Table,
    Tone,
    cell,
)
from auditor.reports.model import AuditReport, Figure, FigureState
from auditor.reports.words import say

_SHEET = "audit"
_SEEN_FIRST = ("claim_error_rate", "cia_error_rate", "code_over_code_accuracy", "agreement_ac1")
_ARMS = {"ai": Arm.AI, "human": Arm.HUMAN}
_VERDICT_TONES = {"below": Tone.QUIET, "above": Tone.ALARM, "undecided": Tone.UNDECIDED}


def verdict(report: AuditReport) -> str | None:
    """Where the headline's interval lies: `below`, `above`, `undecided`, or None without a tolerable rate."""
    figure = report.headline
    if report.tolerable is None or figure.low is None or figure.high is None or figure.state is not FigureState.OK:
        return None
    if figure.high <= report.tolerable:
        return "below"
    return "above" if figure.low > report.tolerable else "undecided"


def key_figures(report: AuditReport) -> KeyFigures:
    """The headline, and up to three more of the same arm over the whole sample."""
    headline = report.headline
    like_it = [f for f in report.figures if (f.arm, f.slice, f.stage) == (headline.arm, None, headline.stage)]
    more = [f for metric in _SEEN_FIRST for f in like_it if f.metric == metric != headline.metric]
    tone = _VERDICT_TONES.get(verdict(report) or "", Tone.PLAIN)
    return KeyFigures(figures=(key_figure(headline, tone=tone), *(key_figure(figure) for figure in more[:3])))


def key_figure(figure: Figure, *, tone: Tone = Tone.PLAIN) -> KeyFigure:
    """A figure to be seen first."""
    told = metric_words.value(figure)
    says = figure.state is FigureState.OK
    return KeyFigure(
        label=metric_words.headline_name(figure),
        value=told.text,
        span=metric_words.interval(figure).text if says else "",
        basis=metric_words.basis(figure),
        tone=tone if says else Tone.UNDECIDED,
        says=says,
    )


def rates(report: AuditReport) -> Section:
    """The chart of error rates, and every metric in a table."""
    rows = tuple(interval_row(figure) for figure in _drawn(report))
    known = {
        "name": metric_words.headline_name(report.headline),
        "tolerable": report.tolerable,
        "confidence": metric_words.confidence(report.headline),
        "verdict": verdict(report),
        "rows": sum(row.estimate is not None for row in rows),
    }
    chart = IntervalChart(
        title=say(_SHEET, "interval_title", **known),
        description=say(_SHEET, "interval_description", **known),
        rows=rows,
        unit="claims",
        tolerable=report.tolerable,
    )
    drawing = Drawing(name="rates-chart", chart=chart, table=table_of(chart))
    note = Paragraph(text=say(_SHEET, "rates_note", report=report), quiet=True)
    return Section(name="rates", title="What was found", blocks=(drawing, metrics_table(report.figures), note))


def _drawn(report: AuditReport) -> list[Figure]:
    """The headline's metric in every arm and slice, the whole first."""
    same = [f for f in report.figures if f.metric == report.headline.metric and f.stage == report.headline.stage]
    return sorted(same or [report.headline], key=lambda figure: (figure.slice is not None, figure.arm or ""))


def interval_row(figure: Figure) -> IntervalRow:
    """A figure as a row of the interval chart."""
    says = figure.state is FigureState.OK
    label = metric_words.arm_name(figure.arm)
    return IntervalRow(
        label=f"{label}, {figure.slice}" if figure.slice else label,
        estimate=figure.estimate if says else None,
        low=figure.low if says else None,
        high=figure.high if says else None,
        n=figure.n,
        arm=_ARMS.get(figure.arm or "", Arm.OTHER),
        remark=metric_words.state(figure).text,
    )


def metrics_table(metrics: tuple[Figure, ...]) -> Table:
    """Every metric with estimate, interval, what was counted, n and method."""
    columns = (
        Column(title="Measure", weight=5),
        Column(title="Whose", weight=3),
        Column(title="Estimate", kind=Kind.NUMBER, weight=3),
        Column(title="Interval", kind=Kind.NUMBER, weight=3),
        Column(title="Counted", kind=Kind.NUMBER, weight=3),
        Column(title="Claims", kind=Kind.NUMBER, weight=2),
        Column(title="Method", weight=4),
    )
    levels = {figure.confidence for figure in metrics}
    usual = levels.pop() if len(levels) == 1 else None
    rows = tuple(_metric_row(figure, usual) for figure in metrics)
    caption = f"Every measure, with {metric_words.level(usual)} intervals" if usual else "Every measure"
    return Table(caption=caption, columns=columns, rows=rows, empty=say(_SHEET, "no_findings"))


def _metric_row(figure: Figure, usual: float | None) -> tuple[Cell, ...]:
    return (
        cell(metric_words.metric_name(figure.metric)),
        cell(metric_words.whose(figure)),
        metric_words.value(figure),
        metric_words.interval(figure),
        cell(_counted(figure)),
        cell(figures.count(figure.n)),
        cell(_method(figure, usual)),
    )


def _method(figure: Figure, usual: float | None) -> str:
    name = metric_words.method_name(figure.method)
    return name if figure.confidence == usual else f"{name}, {metric_words.confidence(figure)}"


def _counted(figure: Figure) -> str:
    if figure.numerator is None or figure.denominator is None:
        return "–"
    return f"{figures.decimal(figure.numerator)} of {figures.decimal(figure.denominator)}"


def strata(report: AuditReport) -> Section:
    """The strata: frame, sample and progress of each."""
    columns = (
        Column(title="Stratum", weight=4),
        Column(title="Claims in frame", kind=Kind.NUMBER, weight=2),
        Column(title="Paid in frame", kind=Kind.NUMBER, weight=3),
        Column(title="Drawn", kind=Kind.NUMBER, weight=2),
        Column(title="Done", kind=Kind.NUMBER, weight=2),
    )
    rows = tuple(
        (
            cell(stratum.name or "all claims"),
            cell(figures.count(stratum.claims)),
            cell(figures.dollars(stratum.paid_cents)),
            cell(figures.count(stratum.drawn)),
            cell(figures.count(stratum.done)),
        )
        for stratum in report.strata
    )
    table = Table(caption="Strata of the frame", columns=columns, rows=rows, note=say(_SHEET, "strata_note"))
    return Section(name="strata", title="Strata", blocks=(table,))


def history(report: AuditReport) -> Section:
    """The headline's metric over the audits of the plan, one panel an arm."""
    arms = dict.fromkeys(figure.arm for period in report.history for figure in period.figures)
    panels = tuple(
        TrendPanel(
            label=metric_words.arm_name(arm),
            arm=_ARMS.get(arm or "", Arm.OTHER),
            points=tuple(
                _point(period.last_on, figure)
                for period in report.history
                for figure in period.figures
                if figure.arm == arm
            ),
        )
        for arm in arms
    )
    first = [point.estimate for point in panels[0].points if point.estimate is not None]
    chart = TrendChart(
        title=say(
            _SHEET,
            "history_title",
            name=metric_words.headline_name(report.headline),
            count=len(first),
            first=first[0] if first else None,
            last=first[-1] if first else None,
        ),
        description=say(_SHEET, "history_description"),
        panels=panels,
    )
    drawing = Drawing(name="history-chart", chart=chart, table=table_of(chart))
    return Section(name="history", title="Over time", blocks=(drawing,))


def _point(on: date, figure: Figure) -> TrendPoint:
    return TrendPoint(
        on=on,
        estimate=figure.estimate if figure.state is not FigureState.NO_DATA else None,
        n=figure.n,
        low=figure.low,
        high=figure.high,
        enough=figure.state is FigureState.OK,
    )
