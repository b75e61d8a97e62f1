"""A second factor for those who want one: set up, confirmed by a code, each code used once, with recovery codes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from auditor.domain import totp
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict
from auditor.services import people
from auditor.storage import asking, history
from auditor.storage.access import RecoveryCode, SecondFactor
from auditor.storage.people import User

_OF_USER = SecondFactor.user_id == bindparam("user_id")
_FACTOR = select(SecondFactor).where(_OF_USER)
_CONFIRMED_AT = select(SecondFactor.confirmed_at).where(_OF_USER)

RECOVERY_CODES = 10
SECRET_BYTES = 20


def begin(session: Session, name: str, secret: bytes) -> str:
    """Keep a fresh secret that counts once it is confirmed, or the one that waits already; gives it as text."""
    user = people.named(session, name)
    factor = _of(session, user.id)
    if factor is not None and factor.confirmed_at is not None:
        raise Conflict(f"{user.name} has a second factor already: remove it before setting up another")
    if factor is None:
        factor = SecondFactor(user_id=user.id, secret=totp.as_text(secret), last_step=0)
        session.add(factor)
        session.flush()
    return factor.secret


def confirm(session: Session, name: str, typed: str, codes: Sequence[str], *, at: datetime) -> None:
    """From now on the factor is asked for: a code of it was right. `codes` are fresh recovery codes."""
    user = people.named(session, name)
    factor = _of(session, user.id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("there is no second factor to confirm: begin with setting one up")
    step = totp.matching_step(totp.from_text(factor.secret), typed, at=at, after=factor.last_step)
    if step is None:
        raise BadInput("this code is not right: wait for the next one, and see that the clock of the device is right")
    factor.last_step, factor.confirmed_at = step, at
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(RecoveryCode(user_id=user.id, code_sha256=_digest(code)) for code in codes)
    _log(session, user, "second factor set", by=user.name, at=at)


def remove(session: Session, name: str, *, by: str, at: datetime) -> User:
    """Ask a person for a password alone again."""
    user = people.named(session, name)
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    _log(session, user, "second factor removed", by=by, at=at)
    return user


def is_set(session: Session, user_id: int) -> bool:
    """Whether a person is asked for a second factor."""
    return asking.value(session, _CONFIRMED_AT, {"user_id": user_id}) is not None


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes a person has not used."""
    return session.scalar(select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id)) or 0


def accepts(session: Session, user_id: int, typed: str, *, at: datetime) -> bool:
    """Whether a code of the program, or a recovery code, is right; what was right once is not right again."""
    factor = session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update())
    if factor is None or factor.confirmed_at is None:
        return False
    step = totp.matching_step(totp.from_text(factor.secret), typed, at=at, after=factor.last_step)
    if step is not None:
        factor.last_step = step
        return True
    recovery = session.scalar(
        select(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.code_sha256 == _digest(typed))
    )
    if recovery is not None:
        session.delete(recovery)
    return recovery is not None


def _of(session: Session, user_id: int) -> SecondFactor | None:
    return session.scalar(_FACTOR, {"user_id": user_id})


def _digest(code: str) -> str:
    return sha256_text("recovery," + "".join(code.split()).replace("-", "").casefold())


def _log(session: Session, user: User, change: str, *, by: str, at: datetime) -> None:
    body = {"user": user.name, "change": change}
    history.record(session, Event(kind=EventKind.USER_CHANGED, by=by, body=body), at=at)
