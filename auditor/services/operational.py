"""Trouble of the machinery itself as alerts: a missed run, audits that fail, starved streams, mail that is stuck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, StreamState
from auditor.domain.audits import AuditState
from auditor.domain.mails import MailState
from auditor.domain.monitors import MonitorKind, Reading
from auditor.services import audit_troubles, missed_runs
from auditor.services.alert_folding import Folding
from auditor.services.follow_through import troubles
from auditor.services.monitoring.feed_stories import is_starved
from auditor.services.troubles import Trouble
from auditor.storage.audits import Audit
from auditor.storage.monitors import Alert, OutboxMessage
from auditor.storage.plans import Plan, Source

_STUCK_FOR = timedelta(days=30)
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a run saw: the day of the run before, sentences about audits and monitors that failed, and readings.

    `empty_audits` has a sentence for each audit whose period holds no claim, by its number.
    """

    last_run_on: date | None
    audit_problems: Sequence[str]
    empty_audits: Mapping[int, str]
    monitor_problems: Sequence[str]
    readings: Sequence[Reading]


def tell(folding: Folding, seen: Seen, *, on: date) -> list[int]:
    """Open an alert for every trouble there is, and end those that are over; numbers of the alerts opened."""
    found = _troubles(folding.session, seen, on=on, at=folding.at)
    stories = {each.alert: each.story(on) for each in found}
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


def _troubles(session: Session, seen: Seen, *, on: date, at: datetime) -> Iterator[Trouble]:
    missed = missed_runs.trouble(session, seen.last_run_on, on=on)
    if missed is not None:
        yield missed
    yield from _of_run(seen, on)
    stuck = _stuck_mails(session, at)
    if stuck:
        shown = " and ".join(f"{count} {state}" for state, count in sorted(stuck.items()))
        yield Trouble(
            key="mail",
            headline="Mail cannot be delivered",
            sentence=f"Mails that did not go out: {shown}. See `auditor mail list`.",
            since=on,
            next_step="mend the mail settings",
        )
    yield from audit_troubles.troubles(session, on=on)
    yield from troubles.troubles(session, on=on)
    for reading in _starved(session, seen.readings):
        name = reading.strand.name
        yield Trouble(
            key=f"starved:{name}",
            headline=f"Too few audits of {name}",
            sentence=f"Audits of {name} are planned, but {reading.note or 'too few are finished'}.",
            since=on,
            next_step="finish reviews, or plan larger samples",
        )


def _of_run(seen: Seen, on: date) -> Iterator[Trouble]:
    if seen.audit_problems:
        yield Trouble(
            key="audits",
            headline="Audits could not be drawn",
            sentence="; ".join(seen.audit_problems),
            since=on,
            next_step="see the reason, and draw again",
        )
    if seen.empty_audits:
        yield _empty(seen.empty_audits, on)
    if seen.monitor_problems:
        yield Trouble(
            key="monitors",
            headline="Monitors could not run",
            sentence="; ".join(seen.monitor_problems),
            since=on,
            next_step="see the reason, and run again",
        )


def _empty(empty: Mapping[int, str], on: date) -> Trouble:
    """Audits that wait for a claim: several wait when a source has ended, or was mapped wrongly."""
    several = len(empty) > 1
    which = f"{len(empty)} audits have" if several else f"Audit {next(iter(empty))} has"
    told = [f"Audit {audit_id}: {sentence}." for audit_id, sentence in list(empty.items())[:_SHOWN]]
    more = [f"And {len(empty) - _SHOWN} more."] if len(empty) > _SHOWN else []
    return Trouble(
        key="empty",
        headline=f"{which} no claim to draw from",
        sentence=" ".join(told + more),
        since=on,
        next_step=f"see why no claims came, or abandon {'them' if several else 'it'}",
        items=tuple(f"audit {audit_id}" for audit_id in empty),
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
