"""People: who may use the product, in which roles. Nobody is deleted, only disabled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import web_sessions
from auditor.storage import asking, history
from auditor.storage.people import User

_ENABLED = select(User.name, User.display_name, User.roles).where(User.disabled_at.is_(None)).order_by(User.name)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,79}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """What is known of a person who is added; `password_hash` is made by `services.passwords`."""

    name: str
    roles: Sequence[Role]
    password_hash: str | None = None
    display_name: str | None = None
    email: str | None = None
    credential: str | None = None


def roles_of(text: str) -> list[Role]:
    """Roles from a comma-separated text; BadInput names those there are."""
    try:
        chosen = {Role(part.strip().lower()) for part in text.split(",") if part.strip()}
    except ValueError as error:
        raise BadInput(
            f"{error}: roles are {', '.join(Role)}".replace("is not a valid Role", "is no role")
        ) from error
    if not chosen:
        raise BadInput(f"name at least one role of {', '.join(Role)}")
    return [role for role in Role if role in chosen]


def add(session: Session, person: NewPerson, *, by: str, at: datetime) -> User:
    """Add a person; names that differ by case alone are one name."""
    if not _NAME.fullmatch(person.name):
        raise BadInput("a user name has letters, digits and . _ @ - and begins with a letter or digit")
    if person.email and not _MAIL.fullmatch(person.email):
        raise BadInput(f"{person.email!r} is no mail address: write it as name@place")
    if session.scalar(select(User.id).where(func.lower(User.name) == person.name.lower())):
        raise Conflict(f"there is a user {person.name} already: choose another name")
    user = User(
        name=person.name,
        display_name=person.display_name or person.name,
        email=person.email,
        credential=person.credential,
        roles=[role.value for role in person.roles],
        password_hash=person.password_hash,
        created_at=at,
    )
    session.add(user)
    session.flush()
    _log(session, user, change="added", by=by, at=at)
    return user


def named(session: Session, name: str) -> User:
    """The person of that name, disabled or not."""
    user = session.scalar(select(User).where(func.lower(User.name) == name.lower()))
    if user is None:
        raise NotFound(f"there is no user {name}: add one with `auditor user add {name} --roles ...`")
    return user


def numbered(session: Session, user_id: int) -> User:
    """The person of that number."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(f"there is no person {user_id}: see the list of people")
    return user


def acting(session: Session, name: str, *roles: Role) -> User:
    """The person of that name, who must be enabled and hold one of the roles (any, when none is given)."""
    user = named(session, name)
    if user.disabled_at:
        raise Forbidden(f"{user.name} is disabled and may not act")
    if roles and not set(roles) & {Role(role) for role in user.roles}:
        raise Forbidden(f"{user.name} may not do this: it takes the role {' or '.join(roles)}")
    return user


def reviewer(session: Session, name: str) -> str:
    """The name under which a person's reviews stand: an auditor or officer of ours, once we have people at all."""
    if session.scalar(select(func.count(User.id))) == 0:
        return name
    return acting(session, name, Role.AUDITOR, Role.OFFICER).name


def everyone(session: Session) -> list[User]:
    """All people by name, the disabled too."""
    return list(session.scalars(select(User).order_by(User.name)))


def holding(session: Session, role: Role) -> list[tuple[str, str]]:
    """Name and display name of those who hold a role now, by name."""
    return [(row.name, row.display_name) for row in asking.rows(session, _ENABLED, {}) if role in row.roles]


def disable(session: Session, *, name: str, by: str, at: datetime) -> User:
    """Take all rights from a person; what they did stays under their name."""
    user = named(session, name)
    if user.disabled_at is None:
        user.disabled_at = at
        web_sessions.end_all(session, user.id, by=by, at=at)
        _log(session, user, change="disabled", by=by, at=at)
    return user


def set_roles(session: Session, *, name: str, roles: Sequence[Role], by: str, at: datetime) -> User:
    """Replace a person's roles."""
    user = named(session, name)
    user.roles = [role.value for role in roles]
    _log(session, user, change="roles", by=by, at=at)
    return user


def set_time_zone(session: Session, *, name: str, time_zone: str | None, by: str, at: datetime) -> User:
    """Show a person moments in another zone from now on; None is the practice's."""
    if time_zone is not None and time_zone not in available_timezones():
        raise BadInput(f"the time zone {time_zone!r} is not known: write it like America/New_York or UTC")
    user = named(session, name)
    user.time_zone = time_zone
    _log(session, user, change="time zone", by=by, at=at)
    return user


def reset_password(session: Session, *, name: str, password_hash: str, by: str, at: datetime) -> User:
    """Give a person a new password, enable them when they were disabled, and end the sessions of the old one."""
    user = named(session, name)
    user.password_hash, user.disabled_at = password_hash, None
    web_sessions.end_all(session, user.id, by=by, at=at)
    _log(session, user, change="password", by=by, at=at)
    return user


def _log(session: Session, user: User, *, change: str, by: str, at: datetime) -> None:
    kind = EventKind.USER_ADDED if change == "added" else EventKind.USER_CHANGED
    body = {"user": user.name, "roles": user.roles, "change": change}
    history.record(session, Event(kind=kind, by=by, body=body), at=at)
