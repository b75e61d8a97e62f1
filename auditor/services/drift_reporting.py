"""Gathers what a drift report says: the stories of alerts as kept, and what every stream said in a run."""

from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from auditor.domain.stories import Story
from auditor.errors import NotFound
from auditor.reports.drift_model import AlertLine, DriftReport, StreamLine
from auditor.services.reporting import Paper, as_of, checkpoint
from auditor.services.shapes import described
from auditor.storage.monitors import Alert, MonitorRun, StreamReading
from auditor.storage.plans import Source
from auditor.storage.practice_days import beginning


@dataclass(frozen=True, kw_only=True)
class DriftQuestion:
    """Which day and which source (None: all) a drift report is about."""

    as_of: date
    source: str | None = None


def alert_report(session: Session, alert_id: int, *, paper: Paper) -> DriftReport:
    """The report of one alert, told as the newest run that saw it tells it."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise NotFound(f"there is no alert {alert_id}: `auditor alert list` shows them")
    line = _line(alert)
    return DriftReport(
        practice=paper.practice,
        time_zone=paper.time_zone,
        source=line.story.source,
        weeks_until=line.story.weeks_until,
        as_of=as_of(session, otherwise=alert.updated_at),
        checkpoint=checkpoint(session),
        alerts=(line,),
    )


def day_report(session: Session, question: DriftQuestion, *, paper: Paper) -> DriftReport:
    """The report of a day: alerts that were open then, and the newest run up to it."""
    if question.source is not None:
        _refuse_unknown(session, question.source)
    end = beginning(session, question.as_of + timedelta(days=1)) - timedelta(microseconds=1)
    alerts = session.scalars(
        select(Alert)
        .where(Alert.first_seen_on <= question.as_of, or_(Alert.closed_at.is_(None), Alert.closed_at > end))
        .order_by(Alert.id)
    )
    lines = [_line(alert) for alert in alerts]
    streams = _streams(session, question)
    return DriftReport(
        practice=paper.practice,
        time_zone=paper.time_zone,
        source=question.source,
        weeks_until=question.as_of - timedelta(days=question.as_of.weekday() + 1),
        as_of=as_of(session, otherwise=end),
        checkpoint=checkpoint(session),
        alerts=tuple(line for line in lines if question.source in (None, line.story.source)),
        streams=streams,
        first_run_on=None if streams else session.scalar(select(func.min(MonitorRun.as_of))),
    )


def _line(alert: Alert) -> AlertLine:
    return AlertLine(
        alert_id=alert.id,
        story=msgspec.convert(alert.latest, described(Story)),
        state=alert.state.value,
        opened_at=alert.opened_at,
        owner=alert.assigned_to or alert.acknowledged_by,
        closed_at=alert.closed_at,
        close_reason=alert.close_reason,
    )


def _streams(session: Session, question: DriftQuestion) -> tuple[StreamLine, ...]:
    run = session.scalar(
        select(MonitorRun)
        .where(MonitorRun.as_of <= question.as_of)
        .order_by(MonitorRun.as_of.desc(), MonitorRun.id.desc())
        .limit(1)
    )
    if run is None:
        return ()
    readings = session.scalars(
        select(StreamReading)
        .where(StreamReading.run_id == run.id)
        .order_by(StreamReading.monitor, StreamReading.stream, StreamReading.id)
    )
    return tuple(
        StreamLine(
            monitor=reading.monitor,
            stream=reading.stream,
            state=reading.state,
            statistic=reading.statistic,
            threshold=reading.threshold,
            n=reading.n,
            since=reading.since,
        )
        for reading in readings
        if question.source is None or reading.stream.partition("/")[0] == question.source
    )


def _refuse_unknown(session: Session, name: str) -> None:
    if session.scalar(select(Source.id).where(Source.name == name)) is None:
        raise NotFound(f"there is no source {name!r}: `auditor source list` shows them")
