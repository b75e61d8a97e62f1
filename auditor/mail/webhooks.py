"""Posts JSON to a web address: signed where there is a secret, once, and with its fate told apart as for mail.

The signature is the one that receivers know: HMAC-SHA256 over `TIMESTAMP.BODY` in `Auditor-Signature: t=...,v1=...`,
so that neither body nor age can be changed. `Idempotency-Key` is the same however often a message is tried.
"""

import hmac
import http.client
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from auditor.mail.transports import FateUnknown, NotTaken
from auditor.services.outbox import OutgoingMail

_LATER = {408, 425, 429}


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A web address that takes messages. `clock` tells seconds since 1970 for the signature's age."""

    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    timeout_seconds: float = 15.0
    context: ssl.SSLContext | None = None
    clock: Callable[[], float] = time.time

    def hand_over(self, mail: OutgoingMail) -> None:
        """Post it. What fails before it was sent was not taken; what fails after may have been."""
        body = mail.rendered.text.encode()
        connection = self._connected()
        try:
            status = self._posted(connection, body, mail.message_id.strip("<>"))
        finally:
            connection.close()
        if not 200 <= status < 300:
            permanent = 300 <= status < 500 and status not in _LATER
            raise NotTaken(f"the address answered {status}", permanent=permanent)

    def _connected(self) -> http.client.HTTPConnection:
        parsed = urlsplit(self.address)
        if parsed.scheme == "https":
            context = self.context or ssl.create_default_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                str(parsed.hostname), parsed.port, timeout=self.timeout_seconds, context=context
            )
        else:
            connection = http.client.HTTPConnection(str(parsed.hostname), parsed.port, timeout=self.timeout_seconds)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            raise NotTaken(f"no connection to the address ({type(error).__name__})") from error
        return connection

    def _posted(self, connection: http.client.HTTPConnection, body: bytes, key: str) -> int:
        parsed = urlsplit(self.address)
        path = (parsed.path or "/") + (f"?{parsed.query}" if parsed.query else "")
        try:
            connection.request("POST", path, body=body, headers=self._headers(body, key))
            return connection.getresponse().status
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise FateUnknown(f"the address never answered after the message ({type(error).__name__})") from error

    def _headers(self, body: bytes, key: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Auditor", "Idempotency-Key": key}
        if self.secret:
            moment = int(self.clock())
            signed = hmac.digest(self.secret.encode(), f"{moment}.".encode() + body, "sha256").hex()
            headers["Auditor-Signature"] = f"t={moment},v1={signed}"
        return headers
