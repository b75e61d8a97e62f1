"""Lays out a drift report: what moved and since when, the chart, the causes; or all streams of a run."""

from auditor.domain.alerts import AlertKind, StreamState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.stories import Severity
from auditor.reports import figures, story_charts, story_tables
from auditor.reports.charts.tables import table_of
from auditor.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Drawing,
    Fact,
    Facts,
    KeyFigures,
    Kind,
    Paragraph,
    Section,
    Table,
    Tone,
    cell,
)
from auditor.reports.drift_model import AlertLine, DriftReport, StreamLine
from auditor.reports.words import say

_SHEET = "drift"
_MOST_SIGNALS = 40
_SILENT = (StreamState.INSUFFICIENT, StreamState.NO_DATA)
_STREAM_TONES = {
    StreamState.QUIET: Tone.QUIET,
    StreamState.ALARM: Tone.ALARM,
    StreamState.INSUFFICIENT: Tone.UNDECIDED,
    StreamState.NO_DATA: Tone.UNDECIDED,
}
_ALERT_TONES = {
    "open": Tone.ALARM,
    "acknowledged": Tone.WATCH,
    "investigating": Tone.WATCH,
    "confirmed": Tone.ALARM,
}


def alert_document(report: DriftReport, alert: AlertLine) -> Document:
    """The report of one alert."""
    opened = figures.moment(alert.opened_at, report.time_zone)
    lede = [_standing(alert, report), alert.story.sentence]
    return Document(
        kind="Drift report",
        title=say(_SHEET, "report_title", alert=alert, report=report),
        practice=report.practice,
        subtitle=say(_SHEET, "report_subtitle", alert=alert, opened=opened, until=None),
        status=Cell(text=f"{alert.state} · {alert.story.severity}", tone=_ALERT_TONES.get(alert.state, Tone.QUIET)),
        lede=tuple(sentence for sentence in lede if sentence),
        front=_front(alert),
        sections=(_story(report, alert, name="story"), *_streams(report)),
        foot=foot(report.checkpoint, report),
        as_of=report.as_of,
    )


def document(report: DriftReport) -> Document:
    """The report of a day: every alert that is open, then every stream."""
    until = figures.day(report.weeks_until)
    told = (_story(report, alert, name=f"alert-{alert.alert_id}") for alert in report.alerts)
    return Document(
        kind="Drift report",
        title=say(_SHEET, "report_title", alert=None, report=report),
        practice=report.practice,
        subtitle=say(_SHEET, "report_subtitle", alert=None, opened=None, until=until),
        status=_status(report),
        lede=tuple(_lede(report)),
        front=(),
        sections=(*told, *_streams(report)),
        foot=foot(report.checkpoint, report),
        as_of=report.as_of,
    )


def foot(checkpoint: Checkpoint, report: DriftReport) -> tuple[Fact, ...]:
    """The report's moment, and the newest entry of the event log that it knows of."""
    return (
        Fact(term="As recorded on", value=figures.moment(report.as_of, report.time_zone)),
        Fact(term="Event log entry", value=figures.count(checkpoint.number)),
        Fact(term="Checkpoint", value=checkpoint.sha256, kind=Kind.CODE),
    )


def _status(report: DriftReport) -> Cell:
    if not report.streams and not report.alerts:
        return Cell(text="no data", tone=Tone.UNDECIDED)
    if not report.alerts:
        return Cell(text="quiet", tone=Tone.QUIET)
    high = any(alert.story.severity is Severity.HIGH for alert in report.alerts)
    return Cell(text="high" if high else "medium", tone=Tone.ALARM if high else Tone.WATCH)


def _lede(report: DriftReport) -> list[str]:
    if not report.streams and not report.alerts:
        first = report.first_run_on
        return [say(_SHEET, "not_run_by_then", first=figures.day(first)) if first else say(_SHEET, "never_run")]
    opened = say(_SHEET, "some_open", open=len(report.alerts)) if report.alerts else say(_SHEET, "none_open")
    alarms = sum(stream.state is StreamState.ALARM for stream in report.streams)
    silent = sum(stream.state in _SILENT for stream in report.streams)
    return [say(_SHEET, "streams_said", alarms=alarms, all=len(report.streams), silent=silent), opened]


def _standing(alert: AlertLine, report: DriftReport) -> str:
    if alert.closed_at is not None:
        return say(_SHEET, "closed", alert=alert, closed=figures.moment(alert.closed_at, report.time_zone))
    return f"Owned by {alert.owner}." if alert.owner else "Nobody owns this alert yet."


def _front(alert: AlertLine) -> tuple[Block, ...]:
    seen_first = story_tables.key_figures(alert.story)
    return (KeyFigures(figures=seen_first),) if seen_first else ()


def _story(report: DriftReport, alert: AlertLine, *, name: str) -> Section:
    story = alert.story
    blocks: list[Block] = []
    if name != "story":
        blocks.append(Paragraph(text=story.sentence))
        blocks += _front(alert)
    if story.chart is not None and any(series.points for series in story.chart.series):
        chart = story_charts.chart(story, story.chart)
        blocks.append(Drawing(name=f"{name}-chart", chart=chart, table=table_of(chart)))
    if story.signals:
        blocks.append(story_tables.signals_table(story, most=_MOST_SIGNALS, note=say(_SHEET, "signals_note")))
    if story.causes:
        blocks.append(story_tables.causes_table(story, note=say(_SHEET, "causes_note")))
    blocks.append(Facts(rows=_facts(report, alert)))
    return Section(name=name, title="What happened" if name == "story" else story.headline, blocks=tuple(blocks))


def _facts(report: DriftReport, alert: AlertLine) -> tuple[Fact, ...]:
    story = alert.story
    told = (
        ("Drifts since" if story.kind is AlertKind.DRIFT else "Since", figures.day(story.since)),
        ("Weeks looked at until", figures.day(story.weeks_until)),
        ("Model version", story.model_version or ""),
        ("Version before", story.predecessor or ""),
        ("State", alert.state),
        ("Opened", figures.moment(alert.opened_at, report.time_zone)),
        ("Owner", alert.owner or "nobody yet"),
        ("Next step", story.next_step),
    )
    return tuple(Fact(term=term, value=value) for term, value in told if value)


def _streams(report: DriftReport) -> tuple[Section, ...]:
    if not report.streams:
        return ()
    columns = (
        Column(title="Monitor", weight=3),
        Column(title="Stream", weight=5),
        Column(title="State", weight=3),
        Column(title="Statistic", kind=Kind.NUMBER, weight=2),
        Column(title="Threshold", kind=Kind.NUMBER, weight=2),
        Column(title="n", kind=Kind.NUMBER, weight=2),
        Column(title="Since", kind=Kind.NUMBER, weight=3),
    )
    rows = tuple(_stream(stream) for stream in report.streams)
    table = Table(caption="Every stream", columns=columns, rows=rows, note=say(_SHEET, "streams_note"))
    return (Section(name="streams", title="What the monitors said", blocks=(table,)),)


def _stream(stream: StreamLine) -> tuple[Cell, ...]:
    return (
        cell(stream.monitor.replace("_", " ")),
        cell(figures.stream_title(stream.stream)),
        Cell(text=stream.state.replace("_", " "), tone=_STREAM_TONES[stream.state]),
        cell("–" if stream.statistic is None else figures.decimal(stream.statistic)),
        cell("–" if stream.threshold is None else figures.decimal(stream.threshold)),
        cell(figures.count(stream.n)),
        cell("–" if stream.since is None else figures.day(stream.since)),
    )
