"""Notices about alerts: a mail to each person who should know, a message to each channel, put into the outbox."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind
from auditor.domain.chain import sha256_text
from auditor.domain.notices import Delivery, QuietHours
from auditor.domain.people import Role
from auditor.domain.stories import Occasion, Precedent
from auditor.services import channels, subscriptions
from auditor.services.alert_precedents import precedents
from auditor.services.letters import Letter, post
from auditor.storage.monitors import Alert
from auditor.storage.notices import Channel
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
    joined: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The occasion by itself: reminders may come again, everything else is said once an opening of the alert.

        What joins an alert about the machinery is said each time: it is another audit, or another action.
        """
        times: object = self.alert.reminders if self.occasion is Occasion.REMINDER else 0
        if self.occasion is Occasion.GREW and self.alert.kind is AlertKind.OPERATIONAL:
            times = sha256_text("\n".join(self.joined))[:16]
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
            "joined": self.joined,
            "precedents": self.precedents,
            "owner": alert.assigned_to,
            "practice": letterhead.practice,
            "alert_url": f"{letterhead.base_url.rstrip('/')}/alerts/{alert.id}",
            "time_zone": letterhead.time_zone,
        }


def queue(session: Session, alert: Alert, occasion: Occasion, *, letterhead: Letterhead, at: datetime) -> int:
    """One mail a reader, one message a channel; the same occasion of the same alert is queued once. How many now."""
    earlier = _told_precedents(session, alert)
    notice = _Notice(alert=alert, occasion=occasion, letterhead=letterhead, precedents=earlier)
    return _queue(session, notice, at=at)


def queue_growth(
    session: Session, alert: Alert, joined: Sequence[str], *, letterhead: Letterhead, at: datetime
) -> int:
    """The same for an alert that has grown by what `joined` names."""
    earlier = _told_precedents(session, alert)
    notice = _Notice(
        alert=alert, occasion=Occasion.GREW, letterhead=letterhead, precedents=earlier, joined=tuple(joined)
    )
    return _queue(session, notice, at=at)


def _queue(session: Session, notice: _Notice, *, at: datetime) -> int:
    letters = [
        *_mails(notice, readers(session, notice.alert, notice.occasion)),
        *_messages(notice, channels.in_use(session)),
    ]
    release_at = notice.letterhead.release(at)
    return sum(post(session, letter, at=at, not_before=release_at) for letter in letters)


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


def _mails(notice: _Notice, people: Sequence[User]) -> Iterator[Letter]:
    for user in people:
        others = [other.display_name for other in people if other.id != user.id]
        content = notice.content(user, others)
        yield _letter(notice, str(user.id), recipient=str(user.email), content=content)


def _messages(notice: _Notice, known: Sequence[Channel]) -> Iterator[Letter]:
    for channel in known:
        letter = _letter(notice, f"channel-{channel.name}", recipient=channel.name, content=notice.content(None, []))
        yield replace(letter, channel=channel.name)


def _letter(notice: _Notice, place: str, *, recipient: str, content: dict[str, object]) -> Letter:
    return Letter(
        key=f"{notice.key}-{place}",
        kind=DRIFT_ALERT,
        recipient=recipient,
        content=content,
        born_at=notice.alert.opened_at,
        mail_domain=notice.letterhead.mail_domain,
        alert_id=notice.alert.id,
    )


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
