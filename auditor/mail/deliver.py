"""Sends what the outbox holds: rendered and claimed, handed over outside any transaction, its fate written down.

One message a transaction; any number of senders may work at once, and no message goes out twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from auditor.mail.couriers import Courier, MailCourier, NoCourier, courier_to
from auditor.mail.rendering import ReaderLinks, alert_mail, bundle_mail, channel_message, rendered
from auditor.mail.transports import FateUnknown, NotTaken, Transport
from auditor.services import bundles, channels, outbox
from auditor.services.notices import DRIFT_ALERT
from auditor.services.outbox import DueMail, OutgoingMail
from auditor.storage.database import Database
from auditor.storage.notices import Channel


@dataclass(frozen=True, kw_only=True)
class Sender:
    """On whose behalf mails go out, and how; channels take addresses and secrets from the environment."""

    transport: Transport
    sender: str
    practice: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def mail(self) -> MailCourier:
        """Who takes mails."""
        return MailCourier(transport=self.transport, sender=self.sender, practice=self.practice)


@dataclass(kw_only=True)
class Delivery:
    """What became of the mails that were due."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    uncertain: int = 0


def deliver(database: Database, sender: Sender, *, now: Callable[[], datetime]) -> Delivery:
    """Send every mail that is due; `now` tells the moment again for each."""
    done = Delivery()
    with database.write() as session:
        done.uncertain += outbox.give_up_lost(session, at=now())
    with database.read() as session:
        waiting = outbox.due(session, at=now())
        known = {channel.name: channel for channel in channels.in_use(session)}
    for mail in waiting:
        channel = known.get(mail.channel) if mail.channel else None
        claimed = _claimed(database, mail, channel, at=now())
        if claimed is not None:
            _hand_over(database, _courier(sender, mail, channel), claimed, now=now, done=done)
    return done


def _courier(sender: Sender, mail: DueMail, channel: Channel | None) -> Courier:
    if mail.channel is None:
        return sender.mail
    if channel is None:
        return NoCourier(reason=f"the channel {mail.channel} was removed", permanent=True)
    return courier_to(channel, sender.environment)


def _claimed(database: Database, mail: DueMail, channel: Channel | None, *, at: datetime) -> OutgoingMail | None:
    with database.read() as session:
        checkpoint = outbox.checkpoint(session)
    if channel is not None:
        written = channel_message(channel.kind, mail.content, checkpoint)
    elif mail.kind == DRIFT_ALERT:
        written = alert_mail(mail.content, checkpoint, ReaderLinks(key=database.link_key, at=at))
    elif mail.kind == bundles.KIND:
        written = bundle_mail(mail.content, checkpoint, ReaderLinks(key=database.link_key, at=at))
    else:
        written = rendered(mail.kind, mail.content, checkpoint)
    with database.write() as session:
        return outbox.claim(session, mail.id, written, at=at)


def _hand_over(
    database: Database, courier: Courier, mail: OutgoingMail, *, now: Callable[[], datetime], done: Delivery
) -> None:
    try:
        courier.hand_over(mail)
    except NotTaken as error:
        with database.write() as session:
            state = outbox.refused(session, mail.id, error=str(error), permanent=error.permanent, at=now())
        done.dead += state.is_final
        done.put_off += not state.is_final
    except FateUnknown as error:
        with database.write() as session:
            outbox.uncertain(session, mail.id, error=str(error), at=now())
        done.uncertain += 1
    else:
        with database.write() as session:
            outbox.sent(session, mail.id, at=now())
        done.sent += 1
