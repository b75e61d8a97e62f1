"""When people are away, so that no case is assigned to somebody who will not see it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, NotFound
from auditor.services import people
from auditor.storage import history
from auditor.storage.people import Absence, User


def add(session: Session, name: str, days: tuple[date, date], *, by: str, at: datetime) -> Absence:
    """Note that a person is away from the first of two days to the last, both included."""
    user, (first_on, last_on) = people.named(session, name), days
    if last_on < first_on:
        raise BadInput(f"an absence ends on {last_on} before it begins on {first_on}: turn the days round")
    absence = Absence(user=user, first_on=first_on, last_on=last_on, added_at=at)
    session.add(absence)
    session.flush()
    _log(session, "added", absence, by=by, at=at)
    return absence


def remove(session: Session, absence_id: int, *, by: str, at: datetime) -> Absence:
    """Take an absence back."""
    absence = session.get(Absence, absence_id)
    if absence is None:
        raise NotFound(f"there is no absence {absence_id}: see `auditor user absence list`")
    _log(session, "removed", absence, by=by, at=at)
    session.delete(absence)
    return absence


def listed(session: Session, name: str | None = None, *, since: date | None = None) -> list[Absence]:
    """Absences of one person or of all by first day; those that ended before `since` are left out."""
    question = select(Absence).join(Absence.user).order_by(Absence.first_on, User.name, Absence.id)
    if name is not None:
        question = question.where(Absence.user_id == people.named(session, name).id)
    if since is not None:
        question = question.where(Absence.last_on >= since)
    return list(session.scalars(question))


def away(session: Session, names: Sequence[str], *, on: date) -> frozenset[str]:
    """Who of these people is away on a day."""
    question = (
        select(User.name)
        .join(Absence, Absence.user_id == User.id)
        .where(User.name.in_(names), Absence.first_on <= on, Absence.last_on >= on)
    )
    return frozenset(session.scalars(question))


def _log(session: Session, change: str, absence: Absence, *, by: str, at: datetime) -> None:
    days = {"first_on": absence.first_on, "last_on": absence.last_on}
    body = {"user": absence.user.name, "absence": absence.id, "change": change, **days}
    history.record(session, Event(kind=EventKind.ABSENCE_CHANGED, by=by, body=body), at=at)
