"""Real SMTP servers for tests: one that takes mail, and ones that fail in the ways in which servers fail."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from auditor.mail.smtp import SmtpTransport


class Inbox:
    """Takes every mail; `after` seconds of thought before each answer."""

    def __init__(self, *, after: float = 0.0) -> None:
        self.messages: list[bytes] = []
        self.after = after

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        await asyncio.sleep(self.after)
        self.messages.append(bytes(envelope.content or b""))
        return "250 taken"


class Refusing(Inbox):
    """Refuses every message with a code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Refuse."""
        return f"{self.code} no"


class HangingUp(Inbox):
    """Takes the message and hangs up without an answer."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, then cut the line."""
        self.messages.append(bytes(envelope.content or b""))
        server.transport.abort()
        return "250 never heard"


class RefusingRecipients(Inbox):
    """Knows no recipient."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse."""
        return "550 nobody here"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(handler: Inbox) -> Iterator[SmtpTransport]:
    """The handler behind a real server, and the transport that reaches it."""
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield SmtpTransport(host="127.0.0.1", port=port, security="none", timeout_seconds=10)
    finally:
        controller.stop()
