"""The weekly mail for those who do not want one for each alert: queued once a week, on the first run of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertState, StreamState
from auditor.domain.digest_mails import DigestLine
from auditor.domain.notices import Delivery
from auditor.services import subscriptions
from auditor.services.letters import Letter, post
from auditor.services.notices import Letterhead
from auditor.storage.monitors import Alert, MonitorRun, StreamReading
from auditor.storage.people import User
from auditor.storage.practice_days import beginning

KIND = "weekly_digest"


@dataclass(frozen=True, kw_only=True)
class DigestRules:
    """On whose paper, and how many false drift mails a year are bearable."""

    letterhead: Letterhead
    false_mails_a_year: float


def queue(session: Session, rules: DigestRules, *, on: date, at: datetime) -> int:
    """Queue the mail about the week that ended last to everybody who chose it, once; how many were queued now."""
    last_on = on - timedelta(days=on.weekday() + 1)
    readers: dict[int, tuple[User, list[AlertKind]]] = {}
    for kind in AlertKind:
        for user in subscriptions.told(session, kind, Delivery.WEEKLY):
            readers.setdefault(user.id, (user, []))[1].append(kind)
    letters = [_letter(session, rules, user, kinds, last_on=last_on) for user, kinds in readers.values()]
    release_at = rules.letterhead.release(at)
    return sum(post(session, letter, at=at, not_before=release_at) for letter in letters)


def _letter(session: Session, rules: DigestRules, user: User, kinds: Sequence[AlertKind], *, last_on: date) -> Letter:
    return Letter(
        key=f"digest-{last_on}-{user.id}",
        kind=KIND,
        recipient=str(user.email),
        content=_content(session, rules, user, kinds, last_on=last_on),
        born_at=user.created_at,
        mail_domain=rules.letterhead.mail_domain,
    )


def _content(
    session: Session, rules: DigestRules, user: User, kinds: Sequence[AlertKind], *, last_on: date
) -> dict[str, object]:
    first_on = last_on - timedelta(days=6)
    begin = beginning(session, first_on)
    place = rules.letterhead.base_url.rstrip("/")
    found = list(session.scalars(select(Alert).where(Alert.kind.in_(kinds)).order_by(Alert.id.desc())))
    waiting = [alert for alert in found if alert.closed_at is None]
    closed = [alert for alert in found if alert.closed_at is not None and alert.closed_at >= begin]
    return {
        "first_on": first_on,
        "last_on": last_on,
        "recipient_name": user.display_name,
        "practice": rules.letterhead.practice,
        "time_zone": rules.letterhead.time_zone,
        "waiting": [_line(alert, place) for alert in waiting],
        "closed": [_line(alert, place) for alert in closed],
        **_year(session, last_on.year),
        "bearable": rules.false_mails_a_year,
        **_streams(session),
        "url": f"{place}/alerts",
    }


def _line(alert: Alert, place: str) -> DigestLine:
    return DigestLine(
        alert_id=alert.id,
        headline=alert.latest["headline"],
        state=alert.state,
        severity=alert.latest["severity"],
        since=alert.since,
        owner=alert.assigned_to,
        url=f"{place}/alerts/{alert.id}",
    )


def _year(session: Session, year: int) -> dict[str, object]:
    begin = beginning(session, date(year, 1, 1))
    question = select(Alert.state, func.count()).where(Alert.kind == AlertKind.DRIFT, Alert.opened_at >= begin)
    counts = dict(session.execute(question.group_by(Alert.state)).all())
    return {"opened_this_year": sum(counts.values()), "dismissed_this_year": counts.get(AlertState.DISMISSED, 0)}


def _streams(session: Session) -> dict[str, object]:
    run = session.scalar(select(MonitorRun.id).order_by(MonitorRun.as_of.desc(), MonitorRun.id.desc()).limit(1))
    question = select(StreamReading.state, func.count()).where(StreamReading.run_id == run)
    counts = dict(session.execute(question.group_by(StreamReading.state)).all())
    silent = counts.get(StreamState.INSUFFICIENT, 0) + counts.get(StreamState.NO_DATA, 0)
    return {"streams": sum(counts.values()), "alarms": counts.get(StreamState.ALARM, 0), "silent": silent}
