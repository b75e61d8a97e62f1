"""Sends by SMTP, with STARTTLS, TLS or none, and a login. One connection a message.

The command DATA is taken apart, because what fails before the message has been handed over was not sent, and what
fails after it may have been.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as CRLF

from auditor.errors import BadInput
from auditor.mail.transports import FateUnknown, NotTaken

_LINE_DOT = re.compile(rb"(?m)^\.")
_READY, _TAKEN = 354, 250


@dataclass(frozen=True, kw_only=True)
class SmtpTransport:
    """A server to hand messages to; `security` is `starttls`, `tls` or `none`."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = 30.0
    context: ssl.SSLContext | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; raises NotTaken or FateUnknown."""
        if self.security not in ("starttls", "tls", "none"):
            raise BadInput(f"mail.security is {self.security!r}: write starttls, tls or none")
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            raise NotTaken(f"the server refused the login ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken(f"no connection to {self.host}:{self.port} ({type(error).__name__})") from error
        try:
            self._hand_over(server, message)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        server: smtplib.SMTP
        if self.security == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_seconds, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=context)
                server.ehlo()
            if self.username:
                server.login(self.username, self.password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        try:
            self._expect(server.mail(_address(message["From"])), _TAKEN, "the sender")
            self._expect(server.rcpt(_address(message["To"])), _TAKEN, "the recipient")
            self._expect(server.docmd("DATA"), _READY, "the message")
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken(f"the connection broke before the message was sent ({type(error).__name__})") from error
        try:
            server.send(_LINE_DOT.sub(b"..", message.as_bytes(policy=CRLF)) + b".\r\n")
            answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise FateUnknown(f"the server never answered after the message ({type(error).__name__})") from error
        self._expect(answer, _TAKEN, "the message")
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            return  # it was taken; how the server hangs up changes nothing

    @staticmethod
    def _expect(answer: tuple[int, bytes], wanted: int, what: str) -> None:
        code = answer[0]
        if code // 10 != wanted // 10:
            raise NotTaken(f"the server refused {what} ({code})", permanent=500 <= code < 600)


def _address(header: object) -> str:
    addresses = getattr(header, "addresses", ())
    if not addresses:
        raise NotTaken("the message names no address", permanent=True)
    return str(addresses[0].addr_spec)
