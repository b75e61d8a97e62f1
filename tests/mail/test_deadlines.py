"""Servers that drip bytes for ever, answer without end, lead elsewhere or show a wrong certificate."""

import ssl
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from auditor.domain.mails import MailState
from auditor.domain.notices import ChannelKind
from auditor.domain.stories import RenderedMail
from auditor.mail import couriers
from auditor.mail.smtp import SmtpTransport
from auditor.mail.transports import FateUnknown, NotTaken
from auditor.mail.webhooks import Webhook
from auditor.services.outbox import OutgoingMail
from auditor.storage.database import Database
from tests import make
from tests.mail.dripping import Script, dripping
from tests.mail.hooks import hook
from tests.mail.test_channels import ENVIRONMENT, delivered, only, with_channel
from tests.mail.test_smtp_security import certificate, hello

QUICK = 0.4
SLOW = 5.0  # far beyond the deadline, and far below the time-out of these tests
BEGIN = b"HTTP/1.1 200 OK\r\n"
ENDLESS_HEADERS = Script(answers=((b"{}", BEGIN),), drip=b"x: y\r\n")
DRIPPED_STATUS = Script(answers=((b"{}", b""),), drip=b"H")
DRIPPED_HEADER = Script(answers=((b"{}", BEGIN + b"x-slow: "),))
ENDLESS_CONTINUE = Script(answers=((b"{}", b""),), drip=b"HTTP/1.1 100 Continue\r\n\r\n")
HUGE_BODY = Script(answers=((b"{}", BEGIN + b"content-length: 999999999999\r\n\r\n"),), drip=b"x" * 65_536)
CHUNKS = Script(answers=((b"{}", BEGIN + b"transfer-encoding: chunked\r\n\r\n"),), drip=b"1\r\nx\r\n")

GREETED, HELLO = b"220 hill\r\n", (b"HLO", b"250 hill\r\n")
ENVELOPE = ((b"MAIL", b"250 ok\r\n"), (b"RCPT", b"250 ok\r\n"))


def outgoing() -> OutgoingMail:
    rendered = RenderedMail(subject="", text="{}", html="", chart_png=None)
    return OutgoingMail(id=1, message_id="<1@hill>", recipient="ops", rendered=rendered, written_at=make.NOON)


def posted(port: int, *, scheme: str = "http", context: ssl.SSLContext | None = None) -> None:
    """Post to a port of this machine, with a time-out that no drip reaches and a deadline that it does."""
    address = f"{scheme}://127.0.0.1:{port}/hook"
    Webhook(address=address, timeout_seconds=SLOW, most_seconds=QUICK, context=context).hand_over(outgoing())


def mailed(port: int, *, security: str = "none", context: ssl.SSLContext | None = None) -> None:
    """Mail to a port of this machine, likewise."""
    where = SmtpTransport(host="127.0.0.1", port=port, security=security, context=context)
    replace(where, timeout_seconds=SLOW, most_seconds=QUICK).send(hello())


@pytest.mark.parametrize("script", [ENDLESS_HEADERS, DRIPPED_STATUS, DRIPPED_HEADER, ENDLESS_CONTINUE])
def test_a_webhook_that_drips_its_answer_is_given_up_and_its_fate_is_uncertain(script: Script) -> None:
    begun = perf_counter()
    with dripping(script) as server, pytest.raises(FateUnknown, match="never answered after the message"):
        posted(server.port)
    assert perf_counter() - begun < SLOW / 2
    assert b"POST /hook" in server.heard


@pytest.mark.parametrize("script", [HUGE_BODY, CHUNKS])
def test_a_webhook_that_takes_a_message_and_then_talks_without_end_has_taken_it(script: Script) -> None:
    begun = perf_counter()
    with dripping(script) as server:
        posted(server.port)
    assert perf_counter() - begun < SLOW / 2


def test_a_webhook_that_drips_its_greeting_of_tls_has_taken_nothing() -> None:
    begun = perf_counter()
    slow_record = b"\x16\x03\x03\x40\x00"  # a handshake of 16 KB begins, and never ends
    script = Script(answers=((b"", slow_record),), drip=b"\x02")
    with dripping(script) as server, pytest.raises(NotTaken, match="no connection to the address"):
        posted(server.port, scheme="https")
    assert perf_counter() - begun < SLOW / 2


def test_a_dripping_webhook_is_uncertain_in_the_outbox_and_is_not_tried_again(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "Webhook", lambda **given: Webhook(**given, most_seconds=QUICK))
    with dripping(Script(answers=((b"}", BEGIN),), drip=b"x: y\r\n")) as server:
        with_channel(sqlite, ChannelKind.WEBHOOK, f"http://127.0.0.1:{server.port}/hook", "HOOK_SECRET")
        assert delivered(sqlite, tmp_path, ENVIRONMENT).uncertain == 1
        assert delivered(sqlite, tmp_path, ENVIRONMENT, days=9).uncertain == 0
    row = only(sqlite)
    assert row.state is MailState.UNCERTAIN
    assert row.last_error == "the address never answered after the message (given up after 0.4 seconds)"
    assert server.heard.count(b"POST ") == 1


def test_a_redirect_is_not_followed_and_says_so(sqlite: Database, tmp_path: Path) -> None:
    with hook() as elsewhere, hook(status=307, leads_to=elsewhere.address) as got:
        with_channel(sqlite, ChannelKind.WEBHOOK, got.address, "HOOK_SECRET")
        assert delivered(sqlite, tmp_path, ENVIRONMENT).dead == 1
    assert (len(got.bodies), elsewhere.bodies) == (1, [])
    assert "307, a redirect, which is not followed" in str(only(sqlite).last_error)


@pytest.mark.parametrize("trusted", [True, False])
def test_a_webhook_with_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path, trusted: bool) -> None:
    pem = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    script = Script(answers=((b"{}", BEGIN + b"content-length: 0\r\n\r\n"),), secure=context)
    with dripping(script) as server:
        if trusted:
            posted(server.port, scheme="https", context=ssl.create_default_context(cafile=str(pem)))
        else:
            with pytest.raises(NotTaken, match="certificate") as refused:
                posted(server.port, scheme="https")
            assert not refused.value.permanent
    assert (b"POST" in server.heard) == trusted


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:99999/x", "https://a..b/x", "https://" + "a" * 70 + ".example/"]
)
def test_an_address_that_cannot_be_one_is_said_and_stops_no_other_message(address: str) -> None:
    with pytest.raises(NotTaken, match="the address"):
        Webhook(address=address, timeout_seconds=1).hand_over(outgoing())


@pytest.mark.parametrize(
    "script",
    [
        Script(answers=((b"", b"220-hill"),), drip=b"."),
        Script(answers=((b"", GREETED),), drip=b"250-more\r\n"),
        Script(answers=((b"", GREETED), HELLO), drip=b"2"),
        Script(answers=((b"", GREETED), HELLO, *ENVELOPE, (b"DATA", b"35")), drip=b"4"),
    ],
    ids=["greeting", "hello", "sender", "data"],
)
def test_a_mail_server_that_drips_before_it_has_the_message_has_taken_nothing(script: Script) -> None:
    begun = perf_counter()
    with dripping(script) as server, pytest.raises(NotTaken, match=r"given up after 0\.4 seconds"):
        mailed(server.port)
    assert perf_counter() - begun < SLOW / 2


def test_a_mail_server_that_drips_its_answer_to_the_message_leaves_it_uncertain() -> None:
    begun = perf_counter()
    told = ((b"DATA", b"354 go\r\n"), (b"\r\n.\r\n", b"250-"))
    script = Script(answers=((b"", GREETED), HELLO, *ENVELOPE, *told), drip=b"x")
    said = r"after the message \(given up after 0\.4 seconds"
    with dripping(script) as server, pytest.raises(FateUnknown, match=said):
        mailed(server.port)
    assert perf_counter() - begun < SLOW / 2


@pytest.mark.parametrize(
    ("security", "before"),
    [
        ("tls", ()),
        ("starttls", ((b"", GREETED), (b"EHLO", b"250-hill\r\n250 STARTTLS\r\n"), (b"STARTTLS", b"220 go\r\n"))),
    ],
)
def test_a_mail_server_that_drips_its_greeting_of_tls_has_taken_nothing(
    security: str, before: tuple[tuple[bytes, bytes], ...]
) -> None:
    begun = perf_counter()
    script = Script(answers=(*before, (b"", b"\x16\x03\x03\x40\x00")), drip=b"\x02")
    with dripping(script) as server, pytest.raises(NotTaken, match="no connection to"):
        mailed(server.port, security=security)
    assert perf_counter() - begun < SLOW / 2
