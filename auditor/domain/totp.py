"""Codes that change every thirty seconds (RFC 6238, HMAC-SHA-1, six digits), as authenticator programs show them."""

import hmac
import struct
from base64 import b32decode, b32encode
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote

STEP_SECONDS = 30
_DIGITS = 6
_DRIFT_STEPS = 1  # a clock may go wrong by half a minute either way (RFC 6238, 5.2)


def code(secret: bytes, step: int, *, digits: int = _DIGITS) -> str:
    """The code of one step (RFC 4226, 5.3).

    >>> code(b"12345678901234567890", 59 // 30, digits=8)  # RFC 6238, appendix B
    '94287082'
    """
    mac = hmac.new(secret, struct.pack(">Q", step), sha1).digest()
    place = mac[-1] & 0x0F
    return str(struct.unpack_from(">I", mac, place)[0] & 0x7FFFFFFF)[-digits:].zfill(digits)


def step_at(at: datetime) -> int:
    """The step that a moment lies in."""
    return int(at.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, typed: str, *, at: datetime, after: int) -> int | None:
    """The step whose code was typed: of now or a neighbour, later than the last that was used; None when wrong."""
    digits = "".join(typed.split())
    now, found = step_at(at), None
    for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
        right = hmac.compare_digest(code(secret, step).encode(), digits.encode("utf-8", "replace"))
        if right and step > after:
            found = step
    return found


def as_text(secret: bytes) -> str:
    """The secret as people type it into a program: base 32."""
    return b32encode(secret).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The secret back from its text.

    >>> from_text(as_text(b"12345678901234567890"))
    b'12345678901234567890'
    """
    return b32decode(text + "=" * (-len(text) % 8))


def address(secret: bytes, *, practice: str, name: str) -> str:
    """The otpauth address that a program on the same device opens.

    >>> address(b"1234567890", practice="Our practice", name="anna")
    'otpauth://totp/Our%20practice:anna?secret=GEZDGNBVGY3TQOJQ&issuer=Our%20practice'
    """
    issuer = quote(practice, safe="")
    return f"otpauth://totp/{issuer}:{quote(name, safe='')}?secret={as_text(secret)}&issuer={issuer}"
