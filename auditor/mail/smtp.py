"""Sends by SMTP, with STARTTLS, TLS or none, and a login. One connection a message.

The command DATA is taken apart, because what fails before the message has been handed over was not sent, and what
fails after it may have been.
"""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as CRLF

from auditor.errors import BadInput
from auditor.mail.deadlines import Deadline, deadline
from auditor.mail.transports import FateUnknown, NotTaken

_LINE_DOT = re.compile(rb"(?m)^\.")
_GREETED, _READY, _TAKEN = 220, 354, 250


class _Dialogue(smtplib.SMTP):
    """The library's dialogue over a connection that ends with its time, and is TLS from its first byte if asked."""

    def __init__(self, host: str, time_left: Deadline, *, timeout: float, tls: ssl.SSLContext | None) -> None:
        self._time_left, self._tls = time_left, tls
        super().__init__(timeout=timeout)
        self._host = host  # whose certificate STARTTLS looks for

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = self._time_left.watch(socket.create_connection((host, port), timeout))
        if self._tls is None:
            return plain
        try:
            return self._tls.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        answer = super().getreply()
        if self._time_left.passed:
            raise smtplib.SMTPServerDisconnected("an answer that was cut short looks whole to the library")
        return answer


@dataclass(frozen=True, kw_only=True)
class SmtpTransport:
    """A server to hand messages to; `security` is `starttls`, `tls` or `none`.

    It may be silent for `timeout_seconds` and take `most_seconds` for a message in all: past either it is given up.
    """

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = 30.0
    most_seconds: float = 120.0
    context: ssl.SSLContext | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; raises NotTaken or FateUnknown."""
        if self.security not in ("starttls", "tls", "none"):
            raise BadInput(f"mail.security is {self.security!r}: write starttls, tls or none")
        with deadline(self.most_seconds) as time_left:
            server = self._reached(time_left)
            try:
                self._hand_over(server, message, time_left)
            finally:
                server.close()

    def _reached(self, time_left: Deadline) -> smtplib.SMTP:
        try:
            return self._connected(time_left)
        except smtplib.SMTPAuthenticationError as error:
            raise NotTaken(f"the server refused the login ({error.smtp_code})") from error
        except ssl.SSLCertVerificationError as error:
            said = f"{self.host} shows a certificate that is not its own, or that nobody vouches for"
            raise NotTaken(said) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotTaken(f"no connection to {self.host}:{self.port} ({time_left.reason(error)})") from error

    def _connected(self, time_left: Deadline) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        tls = context if self.security == "tls" else None
        server = _Dialogue(self.host, time_left, timeout=self.timeout_seconds, tls=tls)
        try:
            code, _ = server.connect(self.host, self.port)
            if code != _GREETED:
                raise smtplib.SMTPConnectError(code, "")
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

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, time_left: Deadline) -> None:
        try:
            self._expect(server.mail(_address(message["From"])), _TAKEN, "the sender")
            self._expect(server.rcpt(_address(message["To"])), _TAKEN, "the recipient")
            self._expect(server.docmd("DATA"), _READY, "the message")
        except (smtplib.SMTPException, OSError) as error:
            said = f"the connection broke before the message was sent ({time_left.reason(error)})"
            raise NotTaken(said) from error
        try:
            server.send(_LINE_DOT.sub(b"..", message.as_bytes(policy=CRLF)) + b".\r\n")
            answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            said = f"the server never answered after the message ({time_left.reason(error)})"
            raise FateUnknown(said) from error
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
