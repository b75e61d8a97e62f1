"""Logging in: name and password, throttled by account and by address. A refusal does not say which was wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.errors import AuditorError, Forbidden
from auditor.services import passwords, web_sessions
from auditor.services.web_sessions import NewSession
from auditor.storage.access import LoginAttempt
from auditor.storage.database import Database
from auditor.storage.people import User

_WINDOW = timedelta(minutes=15)
_KEPT = timedelta(days=30)
# Wrong attempts within the window. An account takes more from everywhere together than from one place, so that
# a stranger cannot lock its owner out.
_PER_ACCOUNT_AND_ADDRESS, _PER_ADDRESS, _PER_ACCOUNT = 5, 30, 50


class TooManyAttempts(AuditorError):
    """Name or place has failed too often of late."""

    http_status = 429


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What was typed, and where."""

    name: str
    password: str
    address: str


def log_in(database: Database, typed: Credentials, new: NewSession, *, at: datetime) -> None:
    """Begin a session; Forbidden when name or password is wrong, TooManyAttempts when throttled.

    The attempt is on record before the password is looked at, and no transaction is open while it is.
    """
    with database.write() as session:
        _refuse_too_many(session, typed, at)
        attempt = LoginAttempt(name_sha256=_name_sha256(typed), address=typed.address, at=at)
        session.add(attempt)
        session.flush()
        number = attempt.id
        user = session.scalar(select(User).where(func.lower(User.name) == typed.name.strip().lower()))
        known = (user.id, user.password_hash) if user and user.disabled_at is None else None
    if not passwords.matches(typed.password, known[1] if known else None) or known is None:
        raise Forbidden("the name or the password is wrong: try again, or ask an administrator to reset it")
    with database.write() as session:
        proved = session.get_one(User, known[0])
        if proved.disabled_at is not None or proved.password_hash != known[1]:
            raise Forbidden("the account was changed this moment: try again")
        session.get_one(LoginAttempt, number).succeeded = True
        web_sessions.start(session, proved, new, at=at)


def _refuse_too_many(session: Session, typed: Credentials, at: datetime) -> None:
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - _KEPT))
    wrong = select(func.count(LoginAttempt.id)).where(
        LoginAttempt.at > at - _WINDOW, LoginAttempt.succeeded.is_(False)
    )
    of_account, from_place = (
        LoginAttempt.name_sha256 == _name_sha256(typed),
        LoginAttempt.address == typed.address,
    )
    limits = (
        (wrong.where(of_account, from_place), _PER_ACCOUNT_AND_ADDRESS),
        (wrong.where(from_place), _PER_ADDRESS),
        (wrong.where(of_account), _PER_ACCOUNT),
    )
    if any((session.scalar(question) or 0) >= limit for question, limit in limits):
        minutes = int(_WINDOW.total_seconds() // 60)
        raise TooManyAttempts(f"too many wrong attempts: wait {minutes} minutes, then try again")


def _name_sha256(typed: Credentials) -> str:
    return sha256_text(typed.name.strip().lower())
