"""Whoever signs proves anew who they are, though they are logged in (21 CFR 11.200): by the password, throttled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.errors import Forbidden
from auditor.services import passwords, people
from auditor.services.logins import TooManyAttempts
from auditor.storage.access import LoginAttempt
from auditor.storage.database import Database

_WINDOW = timedelta(minutes=15)
_MOST_WRONG = 5


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Who signs, what they typed, and where."""

    name: str
    password: str
    address: str


def prove(database: Database, typed: Proof, *, at: datetime) -> None:
    """Forbidden when the password is wrong, TooManyAttempts after five wrong ones; no transaction waits for it."""
    purpose = sha256_text(f"signature of {typed.name.lower()}")
    with database.write() as session:
        _refuse_too_many(session, purpose, at)
        attempt = LoginAttempt(name_sha256=purpose, address=typed.address, at=at)
        session.add(attempt)
        known = people.acting(session, typed.name).password_hash
        session.flush()
        number = attempt.id
    if not passwords.matches(typed.password, known):
        raise Forbidden("the password is wrong: nothing was signed")
    with database.write() as session:
        session.get_one(LoginAttempt, number).succeeded = True


def _refuse_too_many(session: Session, purpose: str, at: datetime) -> None:
    wrong = select(func.count(LoginAttempt.id)).where(
        LoginAttempt.name_sha256 == purpose, LoginAttempt.at > at - _WINDOW, LoginAttempt.succeeded.is_(False)
    )
    if (session.scalar(wrong) or 0) >= _MOST_WRONG:
        raise TooManyAttempts("too many wrong passwords: wait 15 minutes, then sign again")
