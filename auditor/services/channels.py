"""Channels that take every alert besides people's mailboxes: webhooks, chats, a log file. Sends nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.domain.notices import ChannelKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.storage import history
from auditor.storage.notices import Channel

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class NewChannel:
    """A channel as it is asked for. `secret_name` names the environment variable that signs a webhook."""

    name: str
    kind: ChannelKind
    url: str
    secret_name: str | None = None


def add(session: Session, wanted: NewChannel, *, by: str, at: datetime) -> Channel:
    """Add a channel, or put back one that was removed."""
    _refuse(wanted)
    channel = session.scalar(select(Channel).where(Channel.name == wanted.name))
    if channel is not None and channel.removed_at is None:
        raise Conflict(f"there is a channel {wanted.name} already: remove it first, or choose another name")
    channel = channel or Channel(name=wanted.name)
    channel.kind, channel.url, channel.secret_name = wanted.kind, wanted.url, wanted.secret_name
    channel.added_by, channel.added_at, channel.removed_at = by, at, None
    session.add(channel)
    body = {"channel": channel.name, "kind": channel.kind.value}
    history.record(session, Event(kind=EventKind.CHANNEL_ADDED, by=by, body=body), at=at)
    return channel


def remove(session: Session, name: str, *, by: str, at: datetime) -> Channel:
    """Send nothing more to a channel; what it was sent stays on file."""
    channel = named(session, name)
    channel.removed_at = at
    history.record(session, Event(kind=EventKind.CHANNEL_REMOVED, by=by, body={"channel": name}), at=at)
    return channel


def in_use(session: Session) -> list[Channel]:
    """Every channel that was not removed, by name."""
    return list(session.scalars(select(Channel).where(Channel.removed_at.is_(None)).order_by(Channel.name)))


def named(session: Session, name: str) -> Channel:
    """The channel of that name, which must not have been removed."""
    channel = session.scalar(select(Channel).where(Channel.name == name, Channel.removed_at.is_(None)))
    if channel is None:
        raise NotFound(f"there is no channel {name}: see `auditor channel list`")
    return channel


def address(url: str, environment: Mapping[str, str]) -> str:
    """A channel's address with `${NAME}` filled in; BadInput names a variable that is not set."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in environment:
            raise BadInput(f"the channel's address needs the environment variable {match[1]}: set it")
        return environment[match[1]]

    return _VARIABLE.sub(value, url)


def _refuse(wanted: NewChannel) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise BadInput("a channel's name has letters, digits and . _ - and begins with a letter or digit")
    if wanted.secret_name and not _VARIABLE_NAME.fullmatch(wanted.secret_name):
        raise BadInput("name the environment variable that holds the secret, not the secret itself")
    if wanted.kind is ChannelKind.WEBHOOK and not wanted.secret_name:
        raise BadInput("a webhook is signed: name the environment variable that holds its secret with --secret")
    if wanted.kind is ChannelKind.LOG:
        if not Path(wanted.url).is_absolute():
            raise BadInput("a log channel writes to a file: name it from the root, like /var/log/auditor-alerts.log")
    elif wanted.kind is not ChannelKind.WEBHOOK and not _VARIABLE.fullmatch(wanted.url):
        raise BadInput(
            "whoever knows a chat's address may write there: keep it in the environment, and write ${NAME}"
        )
    elif "${" not in wanted.url and not is_web_address(wanted.url):
        raise BadInput("a channel's address begins with https:// (or http:// on this machine), or is ${NAME}")


def is_web_address(url: str) -> bool:
    """Whether it is one that may be posted to: encrypted, or on this machine."""
    parsed = urlsplit(url)
    local = parsed.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parsed.hostname) and (parsed.scheme == "https" or (parsed.scheme == "http" and local))
