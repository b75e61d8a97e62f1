"""Posts JSON to a web address: signed where there is a secret, once, and with its fate told apart as for mail.

The signature is the one that receivers know: HMAC-SHA256 over `TIMESTAMP.BODY` in `Auditor-Signature: t=...,v1=...`,
so that neither body nor age can be changed. `Idempotency-Key` is the same however often a message is tried.
"""

import hmac
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from auditor.mail.deadlines import Deadline, deadline
from auditor.mail.transports import FateUnknown, NotTaken
from auditor.services.outbox import OutgoingMail

_LATER = {408, 425, 429}


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A web address that takes messages. `clock` tells seconds since 1970 for the signature's age.

    It may be silent for `timeout_seconds` and take `most_seconds` in all: past either it is given up.
    """

    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    timeout_seconds: float = 15.0
    most_seconds: float = 30.0
    context: ssl.SSLContext | None = None
    clock: Callable[[], float] = time.time

    def hand_over(self, mail: OutgoingMail) -> None:
        """Post it. What fails before it was sent was not taken; what fails after may have been.

        Of the answer its status is read and nothing else. A redirect is not followed: it leads wherever it likes.
        """
        with deadline(self.most_seconds) as time_left:
            connection = self._connected(time_left)
            try:
                status = self._posted(connection, mail, time_left)
            finally:
                connection.close()
        if 300 <= status < 400:
            said = f"the address answered {status}, a redirect, which is not followed: set the address it leads to"
            raise NotTaken(said, permanent=True)
        if not 200 <= status < 300:
            permanent = 400 <= status < 500 and status not in _LATER
            raise NotTaken(f"the address answered {status}", permanent=permanent)

    def _connected(self, time_left: Deadline) -> http.client.HTTPConnection:
        parsed = urlsplit(self.address)
        try:
            return self._dialled(parsed, time_left)
        except ssl.SSLCertVerificationError as error:
            raise NotTaken(
                "the address shows a certificate that is not its own, or that nobody vouches for"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise NotTaken(f"no connection to the address ({time_left.reason(error)})") from error
        except ValueError as error:
            raise NotTaken("the address cannot be read as a web address") from error

    def _dialled(self, parsed: SplitResult, time_left: Deadline) -> http.client.HTTPConnection:
        host, port = str(parsed.hostname), parsed.port
        is_secure = parsed.scheme == "https"
        kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        connection = kind(host, port, timeout=self.timeout_seconds)
        plain = socket.create_connection((host, connection.port), self.timeout_seconds)
        try:
            time_left.watch(plain)
            connection.sock = self._encrypted(plain, host) if is_secure else plain
        except (OSError, ValueError):
            plain.close()
            raise
        return connection

    def _encrypted(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        return (self.context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host)

    def _posted(self, connection: http.client.HTTPConnection, mail: OutgoingMail, time_left: Deadline) -> int:
        parsed = urlsplit(self.address)
        path = (parsed.path or "/") + (f"?{parsed.query}" if parsed.query else "")
        body = mail.rendered.text.encode()
        headers = self._headers(body, mail.message_id.strip("<>"))
        try:
            connection.request("POST", path, body=body, headers=headers)
            status = connection.getresponse().status
            if time_left.passed:  # an answer that was cut short looks whole to the library
                raise TimeoutError
        except (OSError, http.client.HTTPException) as error:
            said = f"the address never answered after the message ({time_left.reason(error)})"
            raise FateUnknown(said) from error
        return status

    def _headers(self, body: bytes, key: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Auditor", "Idempotency-Key": key}
        if self.secret:
            moment = int(self.clock())
            signed = hmac.digest(self.secret.encode(), f"{moment}.".encode() + body, "sha256").hex()
            headers["Auditor-Signature"] = f"t={moment},v1={signed}"
        return headers
