"""Whoever signs proves anew who they are, though they are logged in (21 CFR 11.200), and not without end.

By the password, and by a code where a second factor is set up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.errors import Forbidden
from auditor.services import passwords, people, second_factors
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
    code: str = ""


def prove(database: Database, typed: Proof, *, at: datetime) -> None:
    """Forbidden when password or code is wrong, TooManyAttempts after five; no transaction waits for the hash."""
    purpose = sha256_text(f"signature of {typed.name.lower()}")
    with database.write() as session:
        _refuse_too_many(session, purpose, at)
        attempt = LoginAttempt(name_sha256=purpose, address=typed.address, at=at)
        session.add(attempt)
        user = people.acting(session, typed.name)
        session.flush()
        number, password_hash = attempt.id, user.password_hash
    if password_hash is None:
        raise Forbidden(
            f"{user.name} has no password to sign with: `auditor user reset-password {user.name}` gives one"
        )
    if not passwords.matches(typed.password, password_hash):
        raise Forbidden("the password is wrong: nothing was changed")
    with database.write() as session:
        if second_factors.is_set(session, user.id) and not second_factors.accepts(
            session, user.id, typed.code, at=at
        ):
            raise Forbidden("the code of your second factor is wrong: nothing was changed")
        session.get_one(LoginAttempt, number).succeeded = True


def _refuse_too_many(session: Session, purpose: str, at: datetime) -> None:
    wrong = select(func.count(LoginAttempt.id)).where(
        LoginAttempt.name_sha256 == purpose, LoginAttempt.at > at - _WINDOW, LoginAttempt.succeeded.is_(False)
    )
    if (session.scalar(wrong) or 0) >= _MOST_WRONG:
        raise TooManyAttempts("too many wrong passwords: wait 15 minutes, then sign again")
