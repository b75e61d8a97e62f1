"""Who hands a message over: mail by its transport, a channel by webhook or into a log file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from auditor.domain.notices import ChannelKind
from auditor.errors import AuditorError
from auditor.mail.messages import message
from auditor.mail.transports import NotTaken, Transport
from auditor.mail.webhooks import Webhook
from auditor.services import channels
from auditor.services.outbox import OutgoingMail
from auditor.storage.notices import Channel


class Courier(Protocol):
    """A way of handing over what the outbox holds."""

    def hand_over(self, mail: OutgoingMail) -> None:
        """Hand it over; raises NotTaken or FateUnknown."""


@dataclass(frozen=True, kw_only=True)
class MailCourier:
    """Mail, by a transport."""

    transport: Transport
    sender: str
    practice: str

    def hand_over(self, mail: OutgoingMail) -> None:
        """Send it."""
        self.transport.send(message(mail, sender=self.sender, practice=self.practice))


@dataclass(frozen=True, kw_only=True)
class LogCourier:
    """A file that takes one line of JSON an alert, for whatever collects logs."""

    file: Path

    def hand_over(self, mail: OutgoingMail) -> None:
        """Append the line; what could not be written in full is tried again."""
        try:
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(mail.rendered.text.rstrip("\n") + "\n")
        except OSError as error:
            raise NotTaken(f"the log file cannot be written ({type(error).__name__})") from error


@dataclass(frozen=True, kw_only=True)
class NoCourier:
    """A channel that cannot be used as it is configured, and why."""

    reason: str
    permanent: bool = False

    def hand_over(self, mail: OutgoingMail) -> None:
        """Say why not; unless that is permanent it is tried again, since settings can be mended."""
        raise NotTaken(self.reason, permanent=self.permanent)


def courier_to(channel: Channel, environment: Mapping[str, str]) -> Courier:
    """Who serves a channel, with what its address and secret are in this environment."""
    if channel.kind is ChannelKind.LOG:
        return LogCourier(file=Path(channel.url))
    try:
        address = channels.address(channel.url, environment)
    except AuditorError as error:
        return NoCourier(reason=str(error))
    if not channels.is_web_address(address):
        return NoCourier(reason=f"the address of channel {channel.name} does not begin with https://")
    secret = environment.get(channel.secret_name) if channel.secret_name else None
    if channel.secret_name and not secret:
        return NoCourier(
            reason=f"the environment variable {channel.secret_name} with the channel's secret is not set"
        )
    return Webhook(address=address, secret=secret)
