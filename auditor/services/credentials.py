"""Certificates of people (CPC, CCS, CRC ...), which assignment, signatures and the binder ask for by day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, NotFound
from auditor.services import people
from auditor.storage import history
from auditor.storage.people import Credential, User

_TITLE = re.compile(r"[A-Z][A-Z0-9-]{1,39}")


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a person holds; `expires_on` is its last good day, None when it does not end."""

    title: str
    expires_on: date | None = None
    certificate_number: str | None = None


def hold(session: Session, name: str, held: Certificate, *, by: str, at: datetime) -> Credential:
    """Note that a person holds a certificate, or holds it until another day than before."""
    user, title = people.named(session, name), _title(held.title)
    found = _of(session, user, title)
    if found is None:
        found = Credential(user=user, title=title, added_at=at)
        session.add(found)
    found.expires_on, found.certificate_number = held.expires_on, held.certificate_number
    session.flush()
    _log(session, "held", found, by=by, at=at)
    return found


def remove(session: Session, name: str, title: str, *, by: str, at: datetime) -> None:
    """Take a certificate off a person; the event log keeps that it was there."""
    user = people.named(session, name)
    found = _of(session, user, _title(title))
    if found is None:
        raise NotFound(f"{user.name} holds no {_title(title)}: see `auditor user credential list {user.name}`")
    _log(session, "removed", found, by=by, at=at)
    session.delete(found)


def listed(session: Session, name: str | None = None) -> list[Credential]:
    """Certificates of one person or of all, by person and title, the expired too."""
    question = select(Credential).join(Credential.user).order_by(User.name, Credential.title)
    if name is not None:
        question = question.where(Credential.user_id == people.named(session, name).id)
    return list(session.scalars(question))


def valid(session: Session, names: Sequence[str], *, on: date) -> dict[str, frozenset[str]]:
    """The titles that each of these people holds on a day; everybody named is in the answer."""
    question = (
        select(User.name, Credential.title)
        .join(Credential.user)
        .where(User.name.in_(names), or_(Credential.expires_on.is_(None), Credential.expires_on >= on))
    )
    held: dict[str, set[str]] = {name: set() for name in names}
    for name, title in session.execute(question):
        held[name].add(title)
    return {name: frozenset(titles) for name, titles in held.items()}


def beside_signature(session: Session, user: User, *, on: date) -> str | None:
    """What stands beside a name that signs on a day: its certificates in force, and what else the person signs as.

    A title of `signs as` that is known here as a certificate counts only while that is in force.
    """
    known = {held.title for held in listed(session, user.name)}
    in_force = valid(session, [user.name], on=on)[user.name]
    written = [part.strip() for part in (user.credential or "").split(",") if part.strip()]
    kept = [part for part in written if part.upper() not in known]
    return ", ".join([*kept, *sorted(in_force)]) or None


def _of(session: Session, user: User, title: str) -> Credential | None:
    return session.scalar(select(Credential).where(Credential.user_id == user.id, Credential.title == title))


def _title(text: str) -> str:
    title = text.strip().upper()
    if not _TITLE.fullmatch(title):
        raise BadInput(f"{text!r} is no certificate: write its letters, as in CPC, CCS-P or RHIA")
    return title


def _log(session: Session, change: str, held: Credential, *, by: str, at: datetime) -> None:
    body = {"user": held.user.name, "title": held.title, "change": change, "expires_on": held.expires_on}
    history.record(session, Event(kind=EventKind.CREDENTIAL_CHANGED, by=by, body=body), at=at)
