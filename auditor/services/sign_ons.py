"""Single sign-on: what is remembered while somebody is at the identity provider, and whose account they come back to.

Roles are ours: the provider says who somebody is, and nothing else. Nobody is added by logging in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.errors import Forbidden
from auditor.services import web_sessions
from auditor.services.web_sessions import NewSession
from auditor.storage.access import PendingSignOn
from auditor.storage.people import User

_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Departure:
    """One way to the provider and back: `token` is in the browser's cookie and in the state of the request."""

    token: str
    nonce: str
    verifier: str
    back: str


def depart(session: Session, departure: Departure, *, at: datetime) -> None:
    """Remember what the answer must fit to, for ten minutes."""
    session.execute(delete(PendingSignOn).where(PendingSignOn.expires_at <= at))
    session.add(
        PendingSignOn(
            token_sha256=sha256_text(departure.token),
            nonce=departure.nonce,
            verifier=departure.verifier,
            back=departure.back,
            expires_at=at + _LASTS,
        )
    )


def come_back(session: Session, token: str, *, at: datetime) -> Departure:
    """What was remembered, once; Forbidden when nothing was, or it was too long ago."""
    found = session.scalar(select(PendingSignOn).where(PendingSignOn.token_sha256 == sha256_text(token)))
    if found is None or at >= found.expires_at:
        raise Forbidden("this login was not begun here, or has taken too long: begin again")
    session.delete(found)
    return Departure(token=token, nonce=found.nonce, verifier=found.verifier, back=found.back)


def log_in(session: Session, identity: tuple[str, str], new: NewSession, *, at: datetime) -> User:
    """Begin the session of the one enabled person whose `name` or `email` is this; Forbidden when there is none."""
    column, value = identity
    users = session.scalars(
        select(User).where(
            func.lower(User.email if column == "email" else User.name) == value.lower(), User.disabled_at.is_(None)
        )
    ).all()
    if len(users) != 1:
        raise Forbidden("the identity provider knows you, this product does not: ask an administrator to add you")
    web_sessions.start(session, users[0], new, at=at)
    return users[0]
