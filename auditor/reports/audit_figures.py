"""The figures of an audit report: those seen first, all rates with intervals, strata, the history of the plan."""

from datetime import date

from auditor.reports import figures, measure_tables, metric_words
from auditor.reports.charts.model import Arm, IntervalChart, IntervalRow, TrendChart, TrendPanel, TrendPoint
from auditor.reports.charts.tables import table_of
from auditor.reports.document import (
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
from auditor.reports.model import ALL, AuditReport, Figure, FigureState
from auditor.reports.words import say

_SHEET = "audit"
_ONE_ARM_TWICE = 2  # everything and the only arm are the same claims
_MOST_SLICES = 20
_SEEN_FIRST = ("claim_error_rate", "cia_error_rate", "code_over_code_accuracy", "ai_human_agreement_ac1")
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
    like_it = {f.metric: f for f in reversed(report.figures) if (f.arm, f.slice) == (headline.arm, ALL)}
    more = [like_it[metric] for metric in _SEEN_FIRST if metric in like_it and metric != headline.metric]
    tone = _VERDICT_TONES.get(verdict(report) or "", Tone.PLAIN)
    return KeyFigures(figures=(key_figure(headline, tone=tone), *(key_figure(figure) for figure in more[:3])))


def key_figure(figure: Figure, *, tone: Tone = Tone.PLAIN) -> KeyFigure:
    """A figure to be seen first."""
    told = metric_words.value(figure)
    says = figure.state is FigureState.OK and figure.low is not None
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
    return Section(
        name="rates", title="What was found", blocks=(drawing, *measure_tables.tables(report.figures), note)
    )


def _drawn(report: AuditReport) -> list[Figure]:
    """The headline's metric: every arm of the whole, then the headline's own arm in every slice."""
    first: dict[tuple[str, str], Figure] = {}
    for figure in report.figures:
        if figure.metric == report.headline.metric:
            first.setdefault((figure.arm, figure.slice), figure)
    arms = [figure for (_, slice_), figure in first.items() if slice_ == ALL]
    if len(arms) == _ONE_ARM_TWICE:
        arms = [figure for figure in arms if figure.arm != ALL]
    slices = [f for (arm, slice_), f in first.items() if arm == report.headline.arm and slice_ != ALL]
    return [*arms, *slices[:_MOST_SLICES]] or [report.headline]


def interval_row(figure: Figure) -> IntervalRow:
    """A figure as a row of the interval chart."""
    says = figure.state is FigureState.OK and figure.low is not None
    label, part = metric_words.arm_name(figure.arm), metric_words.slice_name(figure.slice)
    return IntervalRow(
        label=f"{label}, {part}" if part else label,
        estimate=figure.estimate if says else None,
        low=figure.low if says else None,
        high=figure.high if says else None,
        n=figure.n,
        arm=_ARMS.get(figure.arm, Arm.OTHER),
        remark=metric_words.state(figure).text,
    )


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
            arm=_ARMS.get(arm, Arm.OTHER),
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
    drawn = [figure for period in report.history for figure in period.figures if figure.method]
    note = say(
        _SHEET,
        "history_note",
        levels=sorted({metric_words.confidence(figure) for figure in drawn}),
        methods=sorted({figure.method for figure in drawn}),
    )
    return Section(name="history", title="Over time", blocks=(drawing, Paragraph(text=note, quiet=True)))


def _point(on: date, figure: Figure) -> TrendPoint:
    return TrendPoint(
        on=on,
        estimate=figure.estimate,
        n=figure.n,
        low=figure.low,
        high=figure.high,
        enough=figure.state is FigureState.OK,
    )
