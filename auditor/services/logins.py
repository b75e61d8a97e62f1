"""Logging in: name and password, a code where one is set up; throttled by account and address.

A refusal does not say whether name or password was wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.errors import AuditorError, Forbidden
from auditor.services import passwords, second_factors, web_sessions
from auditor.services.web_sessions import NewSession
from auditor.storage import history
from auditor.storage.access import LoginAttempt, PendingLogin
from auditor.storage.database import Database
from auditor.storage.people import User

_WINDOW = timedelta(minutes=15)
_KEPT = timedelta(days=30)
_SECOND_STEP = timedelta(minutes=5)
# Wrong attempts within the window. An account takes more from everywhere together than from one place, so that
# a stranger cannot lock its owner out.
_PER_ACCOUNT_AND_ADDRESS, _PER_ADDRESS, _PER_ACCOUNT = 5, 30, 50


class TooManyAttempts(AuditorError):
    """Name or place has failed too often of late."""

    http_status = 429


class LoginEnded(Forbidden):
    """A login that waited for its second factor waits no longer."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What was typed, and where."""

    name: str
    password: str
    address: str


def log_in(database: Database, typed: Credentials, new: NewSession, *, at: datetime) -> bool:
    """Begin a session; Forbidden when name or password is wrong, TooManyAttempts when throttled.

    False when a second factor is still to come: the token is then that of a pending login (`second_step`). The
    attempt is on record before the password is looked at, and no transaction is open while it is.
    """
    number, user_id, password_hash = _proved(database, typed, at)
    with database.write() as session:
        proved = session.get_one(User, user_id)
        if proved.disabled_at is not None or proved.password_hash != password_hash:
            raise Forbidden("the account was changed this moment: try again")
        session.get_one(LoginAttempt, number).succeeded = True
        if second_factors.is_set(session, proved.id):
            _await_second_step(session, proved, new, at)
            return False
        web_sessions.start(session, proved, new, at=at)
        return True


def change_password(database: Database, typed: Credentials, new_hash: str, *, session_id: int, at: datetime) -> None:
    """Give oneself a new password, knowing the old one; all other sessions end."""
    number, user_id, _ = _proved(database, typed, at)
    with database.write() as session:
        user = session.get_one(User, user_id)
        session.get_one(LoginAttempt, number).succeeded = True
        user.password_hash = new_hash
        web_sessions.end_all(session, user_id, by=user.name, at=at, but=session_id)
        body = {"user": user.name, "roles": user.roles, "change": "own password"}
        history.record(session, Event(kind=EventKind.USER_CHANGED, by=user.name, body=body), at=at)


def second_step(database: Database, pending: str, typed: str, new: NewSession, *, at: datetime) -> None:
    """Begin the session of a pending login whose code is right; Forbidden or TooManyAttempts otherwise."""
    with database.write() as session:
        waiting = _pending(session, pending, at)
        number = _attempt(session, f"code of {waiting.user.name}", new.address, at)
    with database.write() as session:
        waiting = _pending(session, pending, at)
        right = second_factors.accepts(session, waiting.user_id, typed, at=at)
        if right:
            session.get_one(LoginAttempt, number).succeeded = True
            web_sessions.start(session, waiting.user, new, at=at)
            session.delete(waiting)
    if not right:
        raise Forbidden("this code is not right: wait for the next one, or use a recovery code")


def _proved(database: Database, typed: Credentials, at: datetime) -> tuple[int, int, str | None]:
    """The attempt, the user and the password hash that was matched; Forbidden when name or password is wrong."""
    with database.write() as session:
        number = _attempt(session, typed.name, typed.address, at)
        user = session.scalar(select(User).where(func.lower(User.name) == typed.name.strip().lower()))
        known = (user.id, user.password_hash) if user and user.disabled_at is None else None
    if not passwords.matches(typed.password, known[1] if known else None) or known is None:
        raise Forbidden("the name or the password is wrong: try again, or ask an administrator to reset it")
    return number, *known


def _await_second_step(session: Session, user: User, new: NewSession, at: datetime) -> None:
    session.execute(delete(PendingLogin).where(PendingLogin.expires_at <= at))
    token = sha256_text(new.token)
    session.add(PendingLogin(token_sha256=token, user_id=user.id, expires_at=at + _SECOND_STEP))


def _pending(session: Session, token: str, at: datetime) -> PendingLogin:
    found = session.scalar(select(PendingLogin).where(PendingLogin.token_sha256 == sha256_text(token)))
    if found is None or at >= found.expires_at or found.user.disabled_at is not None:
        raise LoginEnded("this login has taken too long: begin again with name and password")
    return found


def _attempt(session: Session, name: str, address: str, at: datetime) -> int:
    """Put an attempt on record, unless too many have failed; gives its number."""
    _refuse_too_many(session, name, address, at)
    attempt = LoginAttempt(name_sha256=_name_sha256(name), address=address, at=at)
    session.add(attempt)
    session.flush()
    return attempt.id


def _refuse_too_many(session: Session, name: str, address: str, at: datetime) -> None:
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - _KEPT))
    wrong = select(func.count(LoginAttempt.id)).where(
        LoginAttempt.at > at - _WINDOW, LoginAttempt.succeeded.is_(False)
    )
    of_account, from_place = (
        LoginAttempt.name_sha256 == _name_sha256(name),
        LoginAttempt.address == address,
    )
    limits = (
        (wrong.where(of_account, from_place), _PER_ACCOUNT_AND_ADDRESS),
        (wrong.where(from_place), _PER_ADDRESS),
        (wrong.where(of_account), _PER_ACCOUNT),
    )
    if any((session.scalar(question) or 0) >= limit for question, limit in limits):
        minutes = int(_WINDOW.total_seconds() // 60)
        raise TooManyAttempts(f"too many wrong attempts: wait {minutes} minutes, then try again")


def _name_sha256(name: str) -> str:
    return sha256_text(name.strip().lower())
