"""Links in mails that need no login: whom and what each is for, until when, under a signature of ours.

A link names our own numbers and user names only. Opening one shows a page; nothing changes until a button on it is
pressed, so a mail scanner that follows every link does no harm.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from auditor.errors import Forbidden, NotFound


class Purpose(StrEnum):
    """What a link lets its bearer do; a link of one purpose is of no use for another."""

    ACKNOWLEDGE = "acknowledge an alert"
    CALENDAR = "read a calendar"


@dataclass(frozen=True, kw_only=True)
class Link:
    """Person `user` may do this to the thing with that number, until the link expires."""

    purpose: Purpose
    number: int
    user: str
    expires_at: datetime


def token(link: Link, *, key: bytes) -> str:
    """The link as text that is safe in a URL; the same link gives the same text."""
    until = int(link.expires_at.timestamp())
    return _serializer(link.purpose, key).dumps([link.number, link.user, until])


def opened(text: str, purpose: Purpose, *, key: bytes, at: datetime) -> Link:
    """The link behind a text. NotFound when it is not one of ours for that purpose, Forbidden when it has expired."""
    try:
        number, user, until = _serializer(purpose, key).loads(text)
    except (BadData, ValueError, TypeError) as error:
        raise NotFound("this link is not whole: open the newest mail again, or log in") from error
    link = Link(purpose=purpose, number=number, user=user, expires_at=datetime.fromtimestamp(until, UTC))
    if at >= link.expires_at:
        raise Forbidden("this link has expired: log in to go on")
    return link


def _serializer(purpose: Purpose, key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(
        key, salt=purpose.value, signer_kwargs={"key_derivation": "hmac", "digest_method": sha256}
    )
