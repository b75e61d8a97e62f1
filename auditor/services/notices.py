"""Notices about alerts: a mail to each person who should know, a message to each channel, put into the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import plain, sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.mails import MailState
from auditor.domain.notices import Delivery, QuietHours
from auditor.domain.people import Role
from auditor.domain.stories import Occasion, Precedent
from auditor.services import channels, subscriptions
from auditor.services.alert_precedents import precedents
from auditor.storage import history
from auditor.storage.monitors import Alert, OutboxMessage
from auditor.storage.people import User

DRIFT_ALERT = "drift_alert"


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every mail says about its sender, and the hours in which none goes out; `mail_domain` ends Message-IDs."""

    practice: str
    base_url: str
    time_zone: str
    mail_domain: str
    quiet: QuietHours | None = None

    def release(self, at: datetime) -> datetime:
        """When what is queued now may go out."""
        return self.quiet.release(at) if self.quiet else at


@dataclass(frozen=True, kw_only=True)
class _Notice:
    """What is told, to people and channels alike."""

    alert: Alert
    occasion: Occasion
    letterhead: Letterhead
    precedents: Sequence[Precedent]

    @property
    def key(self) -> str:
        """The occasion by itself: reminders may come again, everything else is said once an opening of the alert."""
        times = self.alert.reminders if self.occasion is Occasion.REMINDER else 0
        return f"alert-{self.alert.id}.{self.alert.openings}-{self.occasion}-{times}"

    def content(self, reader: User | None, others: Sequence[str]) -> dict[str, object]:
        """What the outbox keeps; `reader` None is a channel."""
        alert, letterhead = self.alert, self.letterhead
        return {
            "occasion": self.occasion,
            "story": alert.latest,
            "alert_id": alert.id,
            "opened_at": alert.opened_at,
            "recipient": reader.name if reader else "",
            "recipient_name": reader.display_name if reader else "",
            "reason": f"you are {_roles(reader)} at {letterhead.practice}" if reader else "",
            "others": others,
            "joined": joined(alert) if self.occasion is Occasion.GREW else (),
            "precedents": self.precedents,
            "owner": alert.assigned_to,
            "practice": letterhead.practice,
            "alert_url": f"{letterhead.base_url.rstrip('/')}/alerts/{alert.id}",
            "time_zone": letterhead.time_zone,
        }


def queue(
    session: Session, alert: Alert, occasion: Occasion, *, letterhead: Letterhead, at: datetime
) -> list[OutboxMessage]:
    """One mail a reader, one message a channel; the same occasion of the same alert is queued once."""
    earlier = _told_precedents(session, alert)
    notice = _Notice(alert=alert, occasion=occasion, letterhead=letterhead, precedents=earlier)
    people = readers(session, alert, occasion)
    queued = []
    for user in people:
        others = [other.display_name for other in people if other.id != user.id]
        content = notice.content(user, others)
        queued.append(_message(notice, str(user.id), recipient=str(user.email), content=content))
    for channel in channels.in_use(session):
        place, content = f"channel-{channel.name}", notice.content(None, [])
        queued.append(_message(notice, place, recipient=channel.name, content=content))
        queued[-1].channel = channel.name
    fresh = [message for message in queued if not _is_known(session, message)]
    for message in fresh:
        message.queued_at, message.next_try_at = at, letterhead.release(at)
        session.add(message)
    session.flush()
    for message in fresh:
        body = {"message": message.id, "kind": message.kind, "alert": alert.id, "message_id": message.message_id}
        history.record(session, Event(kind=EventKind.MAIL_QUEUED, by="auditor", body=body), at=at)
    return fresh


def readers(session: Session, alert: Alert, occasion: Occasion) -> list[User]:
    """Who gets a mail: those who want to be told of such alerts at once, and on escalation also the last resort."""
    told = subscriptions.told(session, alert.kind, Delivery.NOW)
    if occasion is not Occasion.ESCALATED:
        return told
    known = {user.id for user in told}
    return told + [user for user in subscriptions.last_resort(session) if user.id not in known]


def joined(alert: Alert) -> tuple[str, ...]:
    """What moves by the newest run that is evidence of another kind than all that opened the alert."""
    first = {signal["monitor"] for signal in alert.evidence["story"]["signals"]}
    return tuple(dict.fromkeys(s["what"] for s in alert.latest["signals"] if s["monitor"] not in first))


def _message(notice: _Notice, place: str, *, recipient: str, content: dict[str, object]) -> OutboxMessage:
    key = f"{notice.key}-{place}"
    token = sha256_text(f"{key} {notice.alert.opened_at.isoformat()}")[:32]
    return OutboxMessage(
        idempotency_key=key,
        message_id=f"<{token}@{notice.letterhead.mail_domain}>",
        kind=DRIFT_ALERT,
        recipient=recipient,
        content=plain(content),
        alert_id=notice.alert.id,
        state=MailState.QUEUED,
    )


def _is_known(session: Session, message: OutboxMessage) -> bool:
    question = select(OutboxMessage.id).where(OutboxMessage.idempotency_key == message.idempotency_key)
    return session.scalar(question) is not None


def _told_precedents(session: Session, alert: Alert) -> list[Precedent]:
    """Without title and reason, which are people's words."""
    return [
        Precedent(
            alert_id=each.alert_id,
            state=each.state,
            closed_by=each.closed_by,
            closed_at=each.closed_at,
            shared=each.shared,
        )
        for each in precedents(session, alert)
    ]


def _roles(user: User) -> str:
    told = (Role.MANAGER, Role.OFFICER, Role.ADMIN)
    return " and ".join(role for role in user.roles if role in told)
