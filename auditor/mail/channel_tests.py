"""A message to one channel that says it is a test, sent at once and past the outbox: does the address work?"""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from auditor.domain.alerts import AlertKind
from auditor.domain.stories import Occasion, Severity, Story, StoryMail
from auditor.errors import Unavailable
from auditor.mail.couriers import courier_to
from auditor.mail.deliver import Sender
from auditor.mail.transports import FateUnknown, NotTaken
from auditor.reports import channel_messages
from auditor.reports.words import say
from auditor.services import channels, outbox
from auditor.services.outbox import OutgoingMail
from auditor.storage.database import Database
from auditor.storage.practice_days import day_of


@dataclass(frozen=True, kw_only=True)
class ChannelTest:
    """Which channel is tried, and the address of our pages that the message leads to."""

    name: str
    url: str


def send_test(database: Database, asked: ChannelTest, *, sender: Sender, at: datetime) -> None:
    """Send it; Unavailable says what the channel did instead of taking it."""
    with database.read() as session:
        channel = channels.named(session, asked.name)
        checkpoint, on = outbox.checkpoint(session), day_of(session, at)
    told = say("mail", "test", practice=sender.practice)
    story = Story(
        kind=AlertKind.OPERATIONAL,
        headline=told,
        sentence=told,
        severity=Severity.MEDIUM,
        source="",
        weeks_until=on,
        since=on,
    )
    mail = StoryMail(
        occasion=Occasion.TEST,
        story=story,
        alert_id=0,
        opened_at=at,
        recipient="",
        recipient_name="",
        reason="",
        others=(),
        owner=None,
        practice=sender.practice,
        alert_url=asked.url,
        time_zone="UTC",
        checkpoint=checkpoint,
    )
    outgoing = OutgoingMail(
        id=0,
        message_id=f"<test-{token_hex(8)}>",
        recipient=asked.name,
        rendered=channel_messages.render(channel.kind, mail),
        written_at=at,
    )
    try:
        courier_to(channel, sender.environment).hand_over(outgoing)
    except (NotTaken, FateUnknown) as error:
        raise Unavailable(f"channel {asked.name} did not take the test message: {error}") from error
