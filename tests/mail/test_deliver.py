"""Delivery against real SMTP servers: what arrives, and what happens when they fail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from auditor.domain.alerts import AlertKind
from auditor.domain.mails import MailState
from auditor.domain.people import Role
from auditor.domain.stories import ChartPoint, ChartSeries, Measure, Severity, Signal, Story, StoryChart
from auditor.mail.deliver import Delivery, Sender, deliver
from auditor.mail.files import FileTransport
from auditor.mail.smtp import SmtpTransport
from auditor.mail.transports import Transport
from auditor.services import outbox
from auditor.services.alert_folding import Folding
from auditor.services.notices import Letterhead
from auditor.storage import history
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.mail.servers import HangingUp, Inbox, Refusing, RefusingRecipients, free_port, serving

LETTERHEAD = Letterhead(practice="Hill Ärzte", base_url="http://h", time_zone="UTC", mail_domain="hill.example")
DAY = date(2026, 1, 12)


def story() -> Story:
    """A modifier that doubled, with a chart."""
    before, now = (
        Measure(estimate=rate, low=rate - 0.01, high=rate + 0.01, numerator=rate * 1000, n=1000)
        for rate in (0.15, 0.3)
    )
    signal = Signal(
        monitor="modifier_rates",
        what="modifier 25",
        unit="share",
        denominator="claims",
        direction=1,
        baseline=before,
        now=now,
        ratio=2.0,
        p_value=1e-9,
        since=DAY,
    )
    points = tuple(ChartPoint(week_on=DAY + timedelta(weeks=week), estimate=0.15, n=100) for week in range(5))
    chart = StoryChart(
        title="Modifier 25 by week",
        unit="share",
        centre=0.15,
        series=(ChartSeries(name="AI", arm="ai", points=points),),
    )
    return Story(
        kind=AlertKind.DRIFT,
        headline="AI drift: modifier 25 up since 12 Jan 2026 (3.1)",
        sentence="Modifier 25 went from 15 % to 30 %.",
        severity=Severity.HIGH,
        source="hill",
        weeks_until=DAY,
        since=DAY,
        arm="ai",
        model_version="3.1",
        signals=(signal,),
        chart=chart,
    )


def queued(database: Database, *people: str) -> None:
    """An alert, and its mail to each of these managers."""
    with database.write() as session:
        for name in people or ("mia",):
            make.user(session, name, roles=(Role.MANAGER,))
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        folding.open_operational("hill/ai/3.1", story(), as_of=DAY)


def sending(database: Database, transport: Transport, at: datetime = make.NOON) -> Delivery:
    """One sender's work."""
    sender = Sender(transport=transport, sender="auditor@hill.example", practice="Hill Ärzte")
    return deliver(database, sender, now=lambda: at)


def states(database: Database) -> list[MailState]:
    """Where each mail stands."""
    with database.read() as session:
        return [row.state for row in session.query(OutboxMessage).order_by(OutboxMessage.id)]


def parsed(raw: bytes) -> EmailMessage:
    """A message as a mail reader sees it."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_mail_that_arrives_has_text_html_a_chart_and_the_checkpoint(database: Database) -> None:
    queued(database)
    with database.read() as session:
        number, sha256 = history.head(session)
    inbox = Inbox()
    with serving(inbox) as transport:
        assert sending(database, transport) == Delivery(sent=1)
    message = parsed(inbox.messages[0])
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    images = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert message["To"] == "mia@practice.example"
    assert "modifier 25" in message["Subject"]
    assert text is not None
    assert html is not None
    assert sha256 in text.get_content()
    assert str(number) in text.get_content()
    assert [image["Content-ID"] for image in images] == ["<chart>"]
    assert "cid:chart" in html.get_content()


def test_a_delivered_mail_is_not_sent_again(database: Database) -> None:
    queued(database)
    inbox = Inbox()
    with serving(inbox) as transport:
        sending(database, transport)
        assert sending(database, transport) == Delivery()
    assert len(inbox.messages) == 1


def test_a_busy_server_is_tried_again_later_with_the_same_message_id(sqlite: Database) -> None:
    queued(sqlite)
    with serving(Refusing(451)) as transport:
        assert sending(sqlite, transport) == Delivery(put_off=1)
        assert sending(sqlite, transport) == Delivery()
    inbox = Inbox()
    with serving(inbox) as transport:
        assert sending(sqlite, transport, make.NOON + timedelta(hours=1)) == Delivery(sent=1)
    with sqlite.read() as session:
        row = session.query(OutboxMessage).one()
    assert parsed(inbox.messages[0])["Message-ID"] == row.message_id
    assert row.attempts == 2


@pytest.mark.parametrize("handler", [Refusing(554), RefusingRecipients()])
def test_a_mail_that_the_server_will_never_take_is_dead(sqlite: Database, handler: Inbox) -> None:
    queued(sqlite)
    with serving(handler) as transport:
        assert sending(sqlite, transport) == Delivery(dead=1)
    assert states(sqlite) == [MailState.DEAD]


def test_a_server_that_is_down_is_given_up_after_eight_tries(sqlite: Database) -> None:
    queued(sqlite)
    transport = SmtpTransport(host="127.0.0.1", port=free_port(), security="none", timeout_seconds=2)
    done = [sending(sqlite, transport, make.NOON + timedelta(days=day)) for day in range(outbox.MOST_ATTEMPTS)]
    assert [each.put_off for each in done] == [1] * 7 + [0]
    assert states(sqlite) == [MailState.DEAD]


def test_a_mail_whose_fate_the_server_never_told_is_uncertain_and_stays_so(sqlite: Database) -> None:
    queued(sqlite)
    server = HangingUp()
    with serving(server) as transport:
        assert sending(sqlite, transport) == Delivery(uncertain=1)
        assert sending(sqlite, transport, make.NOON + timedelta(days=9)) == Delivery()
    assert states(sqlite) == [MailState.UNCERTAIN]
    assert len(server.messages) == 1


def test_a_person_may_have_an_uncertain_mail_sent_again(sqlite: Database) -> None:
    queued(sqlite)
    with serving(HangingUp()) as transport:
        sending(sqlite, transport)
    with sqlite.write() as session:
        outbox.send_again(session, session.query(OutboxMessage).one().id, at=make.NOON)
    inbox = Inbox()
    with serving(inbox) as transport:
        assert sending(sqlite, transport) == Delivery(sent=1)


def test_two_senders_at_once_send_each_mail_once(database: Database) -> None:
    queued(database, *(f"m{number}" for number in range(6)))
    inbox = Inbox(after=0.05)
    with serving(inbox) as transport, ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(sending, database, transport) for _ in range(2)]]
    assert sum(each.sent for each in done) == 6
    assert len({parsed(raw)["To"] for raw in inbox.messages}) == len(inbox.messages) == 6


def test_a_sender_that_died_leaves_its_mail_uncertain(sqlite: Database) -> None:
    queued(sqlite)
    with sqlite.write() as session:
        row = session.query(OutboxMessage).one()
        row.state, row.claimed_at = MailState.SENDING, make.NOON - timedelta(hours=1)
    with serving(Inbox()) as transport:
        assert sending(sqlite, transport) == Delivery(uncertain=1)


def test_the_file_transport_writes_a_message_that_a_mail_reader_opens(sqlite: Database, tmp_path: Path) -> None:
    queued(sqlite)
    assert sending(sqlite, FileTransport(folder=tmp_path / "mail")) == Delivery(sent=1)
    [file] = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert "modifier 25" in parsed(file.read_bytes())["Subject"]
