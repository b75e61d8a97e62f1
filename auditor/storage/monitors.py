"""What the monitors read, the alerts they raised, and the mail that tells of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from auditor.domain.alerts import AlertKind, AlertState, StreamState
from auditor.domain.mails import MailState
from auditor.storage.base import Base, BigKey, Key
from auditor.storage.types import Json, Moment, by_value


class MonitorVersion(Base):
    """A monitor that people added: the newest version of a name counts, older ones stay readable."""

    __tablename__ = "monitor_versions"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)


class MonitorRun(Base):
    """One run of all monitors, over whole weeks that end before `as_of`."""

    __tablename__ = "monitor_runs"

    id: Mapped[Key]
    as_of: Mapped[date]
    ran_at: Mapped[datetime] = mapped_column(Moment)


class StreamReading(Base):
    """What one stream said in one run."""

    __tablename__ = "stream_readings"

    id: Mapped[BigKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("monitor_runs.id"), index=True)
    monitor: Mapped[str] = mapped_column(String(80))
    stream: Mapped[str] = mapped_column(String(300))
    state: Mapped[StreamState] = mapped_column(by_value(StreamState))
    statistic: Mapped[float | None]
    threshold: Mapped[float | None]
    n: Mapped[int]
    since: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")


class Alert(Base):
    """One story: it opens once, is updated while it lasts, and is closed by a person or by its end.

    `story` names what is drifting (source, arm, model version); only one alert of a story is open at a time.
    `evidence` is frozen at opening and digested; `latest` is what the newest run that saw it says. `since` is when
    the change began, moved back when a later run finds that it began earlier; `first_seen_on` and `last_seen_on` are
    the days of the runs that first and last saw it.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_open_story",
            "story",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    story: Mapped[str] = mapped_column(String(300))
    kind: Mapped[AlertKind] = mapped_column(by_value(AlertKind))
    state: Mapped[AlertState] = mapped_column(by_value(AlertState))
    title: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[dict[str, Any]] = mapped_column(Json)
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    latest: Mapped[dict[str, Any]] = mapped_column(Json)
    since: Mapped[date]
    first_seen_on: Mapped[date]
    last_seen_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    acknowledged_by: Mapped[str | None] = mapped_column(String(80))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    assigned_to: Mapped[str | None] = mapped_column(String(80))
    silenced_until: Mapped[date | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    openings: Mapped[int] = mapped_column(default=1)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(String(80))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    close_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def headline(self) -> str:
        """What it is called now, as the newest run that saw it tells it; `title` is what it was called at first."""
        return str(self.latest.get("headline", self.title))


class OutboxMessage(Base):
    """A mail to a person, or a message to a `channel`, written in the transaction of what it tells, sent later, once.

    `content` is what it tells (a `domain.stories.StoryMail` or a plain notice); subject and bodies are filled in
    when it is claimed for sending, with the log checkpoint of that moment, and stay as they were sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("idempotency_key"),)

    id: Mapped[BigKey]
    idempotency_key: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(String(320))
    channel: Mapped[str | None] = mapped_column(String(80))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    subject: Mapped[str | None] = mapped_column(Text)
    body_text: Mapped[str | None] = mapped_column(Text)
    body_html: Mapped[str | None] = mapped_column(Text)
    chart_png: Mapped[bytes | None] = mapped_column(LargeBinary)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    state: Mapped[MailState] = mapped_column(by_value(MailState), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None] = mapped_column(Text)


class Run(Base):
    """One call of `run-due`: the lock that keeps two from working at once, and the proof that it ran."""

    __tablename__ = "runs"
    __table_args__ = (
        Index(
            "uq_runs_unfinished",
            "name",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Json)
