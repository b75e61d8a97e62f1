"""Logins that hold for a while: started, resumed, ended. The token is the browser's; we keep only its SHA-256."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.people import Role
from auditor.storage import history
from auditor.storage.access import WebSession
from auditor.storage.people import User
from auditor.storage.types import Moment

OF_TOKEN = (
    select(
        WebSession.id,
        WebSession.seen_at,
        User.id.label("user_id"),
        User.name,
        User.display_name,
        User.roles,
        User.time_zone,
    )
    .select_from(WebSession)
    .join(User)
    .where(
        WebSession.token_sha256 == bindparam("sha256"),
        WebSession.ended_at.is_(None),
        WebSession.expires_at > bindparam("at", type_=Moment()),
        User.disabled_at.is_(None),
    )
)
_NOTED = timedelta(minutes=1)  # how exactly "last seen" is kept, so that reading seldom writes


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """How long a session lasts without a sign of life, and at most."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The person behind a request. `stale` tells that the session's last sign of life should be noted again."""

    session_id: int
    user_id: int
    name: str
    display_name: str
    roles: frozenset[Role]
    stale: bool
    time_zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """The token that the browser will show, where it was given out, and for how long it is good."""

    token: str
    address: str
    lifetime: Lifetime


def start(session: Session, user: User, new: NewSession, *, at: datetime) -> WebSession:
    """A new session of a person who has just proved who they are."""
    made = WebSession(
        token_sha256=sha256_text(new.token),
        user_id=user.id,
        address=new.address,
        started_at=at,
        seen_at=at,
        expires_at=at + new.lifetime.longest,
    )
    session.add(made)
    session.flush()
    _log(session, EventKind.SESSION_STARTED, user.name, made.id, at)
    return made


def resume(session: Session, token: str, *, lifetime: Lifetime, at: datetime) -> SignedIn | None:
    """Whose token this is; None when it is unknown, ended, expired, idle for too long, or of a disabled person."""
    return signed_in(session.execute(OF_TOKEN, asked(token, at=at)).one_or_none(), lifetime=lifetime, at=at)


def asked(token: str, *, at: datetime) -> dict[str, object]:
    """What `OF_TOKEN` is asked with."""
    return {"sha256": sha256_text(token), "at": at}


def signed_in(found: "Row[*tuple[Any, ...]] | None", *, lifetime: Lifetime, at: datetime) -> SignedIn | None:
    """The person of an answer to `OF_TOKEN`; None without one, and when the session was idle for too long."""
    if found is None or at >= found.seen_at + lifetime.idle:
        return None
    return SignedIn(
        session_id=found.id,
        user_id=found.user_id,
        name=found.name,
        display_name=found.display_name,
        roles=frozenset(Role(role) for role in found.roles),
        stale=at >= found.seen_at + _NOTED,
        time_zone=found.time_zone,
    )


def note_sign_of_life(session: Session, session_id: int, *, at: datetime) -> None:
    """Remember that this session was used now."""
    found = session.get(WebSession, session_id)
    if found is not None and found.seen_at < at:
        found.seen_at = at


def open_sessions(session: Session, name: str, *, lifetime: Lifetime, at: datetime) -> list[WebSession]:
    """The sessions of a person that hold now, the newest first."""
    return list(
        session.scalars(
            select(WebSession)
            .join(User)
            .where(
                User.name == name,
                WebSession.ended_at.is_(None),
                WebSession.expires_at > at,
                WebSession.seen_at > at - lifetime.idle,
            )
            .order_by(WebSession.started_at.desc(), WebSession.id.desc())
        )
    )


def end(session: Session, session_id: int, *, by: str, at: datetime) -> None:
    """Log out."""
    found = session.get(WebSession, session_id)
    if found is not None and found.ended_at is None:
        found.ended_at = at
        _log(session, EventKind.SESSION_ENDED, by, session_id, at)


def end_all(session: Session, user_id: int, *, by: str, at: datetime, but: int | None = None) -> int:
    """Log a person out everywhere, but for one session if that is named; gives how many sessions ended."""
    open_ones = select(WebSession).where(WebSession.user_id == user_id, WebSession.ended_at.is_(None))
    ended = [each for each in session.scalars(open_ones) if each.id != but]
    for each in ended:
        each.ended_at = at
        _log(session, EventKind.SESSION_ENDED, by, each.id, at)
    return len(ended)


def _log(session: Session, kind: EventKind, by: str, session_id: int, at: datetime) -> None:
    history.record(session, Event(kind=kind, by=by, body={"session": session_id}), at=at)
