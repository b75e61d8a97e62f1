"""Trouble of the machinery itself as alerts: a missed run, audits that fail, starved streams, mail that is stuck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, StreamState
from auditor.domain.audits import AuditState
from auditor.domain.mails import MailState
from auditor.domain.monitors import MonitorKind, Reading
from auditor.domain.stories import Severity, Story
from auditor.services import audit_troubles
from auditor.services.alert_folding import Folding
from auditor.services.follow_through import troubles
from auditor.services.monitoring.feed_stories import is_starved
from auditor.storage.audits import Audit
from auditor.storage.monitors import Alert, OutboxMessage
from auditor.storage.plans import Plan, Source

LONGEST_GAP = timedelta(days=8)
_STUCK_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What was seen: the day of the run before, sentences about audits and monitors that failed, and readings.

    `empty_audits` has a sentence for each audit whose period holds no claim, by its number.
    """

    last_run_on: date | None
    audit_problems: Sequence[str]
    empty_audits: Mapping[int, str]
    monitor_problems: Sequence[str]
    readings: Sequence[Reading]


def tell(folding: Folding, trouble: Trouble, *, on: date) -> list[int]:
    """Open an alert for every trouble there is, and end those that are over; numbers of the alerts opened."""
    stories = dict(_stories(folding.session, trouble, on=on, at=folding.at))
    opened = [folding.open_operational(key, story, as_of=on) for key, story in stories.items()]
    for key in _lasting(folding.session):
        if key not in stories:
            folding.end_operational(key, as_of=on)
    return [alert.id for alert in opened if alert is not None]


def _lasting(session: Session) -> list[str]:
    question = select(Alert.story).where(
        Alert.closed_at.is_(None), Alert.kind == AlertKind.OPERATIONAL, Alert.story.like("machine:%")
    )
    return list(session.scalars(question))


def _stories(session: Session, trouble: Trouble, *, on: date, at: datetime) -> Iterator[tuple[str, Story]]:
    if trouble.last_run_on is not None and on - trouble.last_run_on > LONGEST_GAP:
        days = (on - trouble.last_run_on).days
        sentence = f"`auditor run-due` did not run for {days} days: audits and alerts of that time come late."
        yield "machine:runs", _story("Missed runs", sentence, trouble.last_run_on, on, "see that the timer runs")
    if trouble.audit_problems:
        sentence = "; ".join(trouble.audit_problems)
        yield (
            "machine:audits",
            _story("Audits could not be drawn", sentence, on, on, "see the reason, and draw again"),
        )
    for audit_id, sentence in trouble.empty_audits.items():
        headline = f"Audit {audit_id} has no claim to draw from"
        told = _story(headline, f"Audit {audit_id}: {sentence}.", on, on, "see why no claims came, or abandon it")
        yield f"machine:empty:{audit_id}", told
    if trouble.monitor_problems:
        sentence = "; ".join(trouble.monitor_problems)
        yield "machine:monitors", _story("Monitors could not run", sentence, on, on, "see the reason, and run again")
    stuck = _stuck_mails(session, at)
    if stuck:
        shown = " and ".join(f"{count} {state}" for state, count in sorted(stuck.items()))
        sentence = f"Mails that did not go out: {shown}. See `auditor mail list`."
        yield "machine:mail", _story("Mail cannot be delivered", sentence, on, on, "mend the mail settings")
    for late in chain(audit_troubles.troubles(session, on=on), troubles.troubles(session, on=on)):
        yield f"machine:{late.key}", _story(late.headline, late.sentence, late.since, on, late.next_step)
    for reading in _starved(session, trouble.readings):
        sentence = f"Audits of {reading.strand.name} are planned, but {reading.note or 'too few are finished'}."
        headline = f"Too few audits of {reading.strand.name}"
        yield (
            f"machine:starved:{reading.strand.name}",
            _story(headline, sentence, on, on, "finish reviews, or plan larger samples"),
        )


def _story(headline: str, sentence: str, since: date, on: date, next_step: str) -> Story:
    return Story(
        kind=AlertKind.OPERATIONAL,
        headline=headline,
        sentence=sentence,
        severity=Severity.MEDIUM,
        source="",
        weeks_until=on,
        since=since,
        next_step=next_step,
    )


def _stuck_mails(session: Session, at: datetime) -> Mapping[str, int]:
    question = (
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.state.in_([MailState.DEAD, MailState.UNCERTAIN]))
        .where(OutboxMessage.queued_at > at - _STUCK_FOR)
        .group_by(OutboxMessage.state)
    )
    return {state.value: count for state, count in session.execute(question).all()}


def _starved(session: Session, readings: Sequence[Reading]) -> list[Reading]:
    """Streams of audited errors that say nothing, though their source's repeating plan has audits drawn.

    Where the claims feed itself has dried up, that is the one story to tell.
    """
    dry = {each.strand.source for each in readings if is_starved(each)}
    question = (
        select(Source.name)
        .join(Plan, Plan.source_id == Source.id)
        .join(Audit, Audit.plan_id == Plan.id)
        .where(Plan.repeat.is_not(None), Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED]))
        .group_by(Source.name)
        .having(func.count(func.distinct(Audit.id)) >= 3)
    )
    audited = set(session.scalars(question)) - dry
    silent = (StreamState.INSUFFICIENT, StreamState.NO_DATA)
    return [
        reading
        for reading in readings
        if reading.kind is MonitorKind.AUDITED_ERRORS
        and reading.part is None
        and reading.state in silent
        and reading.strand.source in audited
    ]
