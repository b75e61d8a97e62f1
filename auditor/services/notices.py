"""Mails about alerts: one to each person who should know, put into the outbox with what they tell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import plain, sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.mails import MailState
from auditor.domain.people import Role
from auditor.domain.stories import Occasion
from auditor.storage import history
from auditor.storage.monitors import Alert, OutboxMessage
from auditor.storage.people import User

READERS = (Role.MANAGER, Role.OFFICER)


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every mail says about its sender; `mail_domain` ends each Message-ID."""

    practice: str
    base_url: str
    time_zone: str
    mail_domain: str


def readers(session: Session) -> list[User]:
    """Everybody who is told of alerts: managers and officers with a mail address."""
    told = {role.value for role in READERS}
    people = session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.name))
    return [user for user in people if user.email and told & set(user.roles)]


def queue(
    session: Session, alert: Alert, occasion: Occasion, *, letterhead: Letterhead, at: datetime
) -> list[OutboxMessage]:
    """One mail a reader; the same occasion of the same alert is queued once, whoever asks again."""
    people = readers(session)
    queued = []
    for user in people:
        key = f"alert-{alert.id}-{occasion}-{_times(alert, occasion)}-{user.id}"
        if session.scalar(select(OutboxMessage.id).where(OutboxMessage.idempotency_key == key)):
            continue
        others = [other.display_name for other in people if other.id != user.id]
        message = _message(alert, occasion, user, others=others, letterhead=letterhead)
        message.idempotency_key, message.queued_at, message.next_try_at = key, at, at
        message.message_id = f"<{sha256_text(f'{key} {alert.opened_at.isoformat()}')[:32]}@{letterhead.mail_domain}>"
        session.add(message)
        queued.append(message)
    session.flush()
    for message in queued:
        body = {"message": message.id, "kind": message.kind, "alert": alert.id, "message_id": message.message_id}
        history.record(session, Event(kind=EventKind.MAIL_QUEUED, by="auditor", body=body), at=at)
    return queued


def joined(alert: Alert) -> tuple[str, ...]:
    """What moves by the newest run that is evidence of another kind than all that opened the alert."""
    first = {signal["monitor"] for signal in alert.evidence["story"]["signals"]}
    return tuple(dict.fromkeys(s["what"] for s in alert.latest["signals"] if s["monitor"] not in first))


def _times(alert: Alert, occasion: Occasion) -> int:
    """Reminders may come again; everything else is said once an alert."""
    return alert.reminders if occasion is Occasion.REMINDER else 0


def _message(
    alert: Alert, occasion: Occasion, user: User, *, others: list[str], letterhead: Letterhead
) -> OutboxMessage:
    roles = " and ".join(role for role in user.roles if role in {each.value for each in READERS})
    content = {
        "occasion": occasion,
        "story": alert.latest,
        "alert_id": alert.id,
        "opened_at": alert.opened_at,
        "recipient_name": user.display_name,
        "reason": f"you are {roles} at {letterhead.practice}",
        "others": others,
        "joined": joined(alert) if occasion is Occasion.GREW else (),
        "owner": alert.assigned_to,
        "practice": letterhead.practice,
        "alert_url": f"{letterhead.base_url.rstrip('/')}/alerts/{alert.id}",
        "time_zone": letterhead.time_zone,
    }
    return OutboxMessage(
        kind="drift_alert",
        recipient=str(user.email),
        content=plain(content),
        alert_id=alert.id,
        state=MailState.QUEUED,
    )
