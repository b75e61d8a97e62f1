"""Channels against real servers: what arrives, that it is signed, and what happens when they fail."""

import hmac
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from auditor.domain.mails import MailState
from auditor.domain.notices import ChannelKind
from auditor.domain.stories import RenderedMail
from auditor.errors import BadInput, Conflict, NotFound, Unavailable
from auditor.mail.channel_tests import ChannelTest, send_test
from auditor.mail.deliver import Delivery, Sender, deliver
from auditor.mail.files import FileTransport
from auditor.mail.transports import FateUnknown
from auditor.mail.webhooks import Webhook
from auditor.services import channels
from auditor.services.alert_folding import Folding
from auditor.services.channels import NewChannel
from auditor.services.outbox import OutgoingMail
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.mail.hooks import hook
from tests.mail.test_deliver import LETTERHEAD, story

ENVIRONMENT = {"HOOK_SECRET": "a long secret"}


def with_channel(database: Database, kind: ChannelKind, url: str, secret: str | None = None) -> None:
    """A channel, and an alert that opens after it was added."""
    with database.write() as session:
        wanted = NewChannel(name="ops", kind=kind, url=url, secret_name=secret)
        channels.add(session, wanted, by="ada", at=make.NOON)
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 1, 12))


def delivered(database: Database, folder: Path, environment: Mapping[str, str], *, days: int = 0) -> Delivery:
    """Everything that is due so many days later."""
    transport = FileTransport(folder=folder)
    sender = Sender(transport=transport, sender="a@hill.example", practice="Hill", environment=environment)
    return deliver(database, sender, now=lambda: make.NOON + timedelta(days=days))


def only(database: Database) -> OutboxMessage:
    with database.read() as session:
        return session.query(OutboxMessage).one()


def test_a_webhook_gets_the_story_signed_and_under_a_key_of_its_own(database: Database, tmp_path: Path) -> None:
    with hook() as got:
        with_channel(database, ChannelKind.WEBHOOK, got.address, "HOOK_SECRET")
        assert delivered(database, tmp_path, ENVIRONMENT).sent == 1
    (body,), (headers,) = got.bodies, got.headers
    moment, signature = (part.partition("=")[2] for part in headers["auditor-signature"].split(","))
    assert signature == hmac.new(b"a long secret", f"{moment}.".encode() + body, "sha256").hexdigest()
    told = json.loads(body)
    assert (told["event"], told["alert"], told["url"]) == ("alert.opened", 1, "http://h/alerts/1")
    assert told["story"]["signals"][0]["what"] == "modifier 25"
    assert headers["idempotency-key"] == only(database).message_id.strip("<>")
    assert only(database).state is MailState.SENT


def test_slack_and_teams_get_forms_that_they_show(sqlite: Database, tmp_path: Path) -> None:
    with hook() as slack, hook() as teams:
        environment = {"SLACK": slack.address, "TEAMS": teams.address}
        with sqlite.write() as session:
            for name, kind in (("SLACK", ChannelKind.SLACK), ("TEAMS", ChannelKind.TEAMS)):
                wanted = NewChannel(name=name, kind=kind, url="${" + name + "}")
                channels.add(session, wanted, by="ada", at=make.NOON)
            folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
            folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 1, 12))
        assert delivered(sqlite, tmp_path, environment).sent == 2
    said = json.loads(slack.bodies[0])
    assert said["text"] == "AI drift: modifier 25 up since 12 Jan 2026 (3.1) · high"
    assert [block["type"] for block in said["blocks"]] == ["header", "section", "section", "actions"]
    assert said["blocks"][-1]["elements"][0]["url"] == "http://h/alerts/1"
    card = json.loads(teams.bodies[0])["attachments"][0]["content"]
    assert (card["type"], card["actions"][0]["url"]) == ("AdaptiveCard", "http://h/alerts/1")
    assert {"title": "Before", "value": "15.0\u00a0% (14.0–16.0\u00a0%)"} in card["body"][2]["facts"]


def test_a_log_gets_one_line_of_json_an_alert(sqlite: Database, tmp_path: Path) -> None:
    with_channel(sqlite, ChannelKind.LOG, str(tmp_path / "alerts.log"))
    assert delivered(sqlite, tmp_path, {}).sent == 1
    (line,) = (tmp_path / "alerts.log").read_text().splitlines()
    assert json.loads(line)["event"] == "alert.opened"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"status": 503}, MailState.QUEUED),
        ({"status": 429}, MailState.QUEUED),
        ({"status": 404}, MailState.DEAD),
        ({"status": 302}, MailState.DEAD),
        ({"hangs_up": True}, MailState.UNCERTAIN),
    ],
)
def test_a_webhook_that_fails_is_tried_again_given_up_or_uncertain(
    sqlite: Database, tmp_path: Path, answers: dict[str, object], state: MailState
) -> None:
    with hook(**answers) as got:
        with_channel(sqlite, ChannelKind.WEBHOOK, got.address, "HOOK_SECRET")
        delivered(sqlite, tmp_path, ENVIRONMENT)
        assert only(sqlite).state is state
        delivered(sqlite, tmp_path, ENVIRONMENT, days=1)
    assert len(got.bodies) == (2 if state is MailState.QUEUED else 1)


def test_a_webhook_that_hangs_is_given_up_and_its_fate_is_uncertain() -> None:
    rendered = RenderedMail(subject="", text="{}", html="", chart_png=None)
    mail = OutgoingMail(id=1, message_id="<1@hill>", recipient="ops", rendered=rendered, written_at=make.NOON)
    begun = perf_counter()
    with hook(after_seconds=2.0) as got:
        with pytest.raises(FateUnknown, match="never answered after the message"):
            Webhook(address=got.address, timeout_seconds=0.2).hand_over(mail)
        assert perf_counter() - begun < 2
    assert got.bodies == [b"{}"]


def test_what_the_environment_lacks_is_said_and_tried_again_when_it_comes(sqlite: Database, tmp_path: Path) -> None:
    with hook() as got:
        with_channel(sqlite, ChannelKind.WEBHOOK, got.address, "HOOK_SECRET")
        assert delivered(sqlite, tmp_path, {}).put_off == 1
        assert "HOOK_SECRET" in str(only(sqlite).last_error)
        assert delivered(sqlite, tmp_path, ENVIRONMENT, days=1).sent == 1


def test_a_removed_channel_gets_nothing_more(sqlite: Database, tmp_path: Path) -> None:
    with hook() as got:
        with_channel(sqlite, ChannelKind.WEBHOOK, got.address, "HOOK_SECRET")
        with sqlite.write() as session:
            channels.remove(session, "ops", by="ada", at=make.NOON)
        assert delivered(sqlite, tmp_path, ENVIRONMENT).dead == 1
    assert got.bodies == []


@pytest.mark.parametrize(
    ("kind", "url", "secret", "said"),
    [
        ("webhook", "https://hooks.example/x", None, "is signed"),
        ("webhook", "http://hooks.example/x", "SECRET", "begins with https"),
        ("webhook", "ftp://hooks.example/x", "SECRET", "begins with https"),
        ("webhook", "https://hooks.example/x", "my secret!", "not the secret itself"),
        ("slack", "https://hooks.slack.example/T1/B1/xyz", None, "keep it in the environment"),
        ("log", "alerts.log", None, "name it from the root"),
    ],
)
def test_a_channel_that_would_be_unsafe_or_mute_is_refused(
    sqlite: Database, kind: str, url: str, secret: str | None, said: str
) -> None:
    wanted = NewChannel(name="ops", kind=ChannelKind(kind), url=url, secret_name=secret)
    with pytest.raises(BadInput, match=said), sqlite.write() as session:
        channels.add(session, wanted, by="ada", at=make.NOON)


def test_a_name_is_given_once_and_again_after_removal(sqlite: Database) -> None:
    wanted = NewChannel(name="ops", kind=ChannelKind.LOG, url="/var/log/alerts.log")
    with sqlite.write() as session:
        channels.add(session, wanted, by="ada", at=make.NOON)
        with pytest.raises(Conflict, match="already"):
            channels.add(session, wanted, by="ada", at=make.NOON)
        channels.remove(session, "ops", by="ada", at=make.NOON)
        with pytest.raises(NotFound, match="no channel ops"):
            channels.named(session, "ops")
        assert channels.add(session, wanted, by="ada", at=make.NOON).removed_at is None


def test_a_test_message_goes_out_at_once_and_says_when_it_does_not(sqlite: Database, tmp_path: Path) -> None:
    sender = Sender(transport=FileTransport(folder=tmp_path), sender="a@h.example", practice="Hill", environment={})
    with hook() as got, sqlite.write() as session:
        wanted = NewChannel(name="ops", kind=ChannelKind.SLACK, url="${HOOK}")
        channels.add(session, wanted, by="ada", at=make.NOON)
    asked = ChannelTest(name="ops", url="http://h")
    with pytest.raises(Unavailable, match="environment variable HOOK"):
        send_test(sqlite, asked, sender=sender, at=make.NOON)
    with hook() as got:
        reachable = Sender(**{**vars(sender), "environment": {"HOOK": got.address}})
        send_test(sqlite, asked, sender=reachable, at=make.NOON)
    assert "test message of Auditor at Hill" in json.loads(got.bodies[0])["text"]
