"""How each person is told of alerts: what their roles say, unless they chose otherwise."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind
from auditor.domain.events import Event, EventKind
from auditor.domain.notices import Delivery, default_delivery
from auditor.domain.people import Role
from auditor.errors import Conflict
from auditor.services import people
from auditor.storage import history
from auditor.storage.notices import Subscription
from auditor.storage.people import User


def deliveries(session: Session, user: User) -> dict[AlertKind, Delivery]:
    """How a person is told of each kind of alert."""
    rows = session.scalars(select(Subscription).where(Subscription.user_id == user.id))
    chosen = {row.kind: row.delivery for row in rows}
    return {kind: chosen.get(kind, default_delivery(user.roles, kind)) for kind in AlertKind}


def choose(
    session: Session, name: str, wanted: Mapping[AlertKind, Delivery], *, by: str, at: datetime
) -> dict[AlertKind, Delivery]:
    """Set how a person is told; kinds that are not named stay as they are. Conflict without a mail address."""
    user = people.acting(session, name)
    if not user.email and any(delivery is not Delivery.NEVER for delivery in wanted.values()):
        raise Conflict(f"{user.name} has no mail address: an administrator adds one before mails can come")
    known = {row.kind: row for row in session.scalars(select(Subscription).where(Subscription.user_id == user.id))}
    for kind, delivery in wanted.items():
        row = known.get(kind) or Subscription(user_id=user.id, kind=kind)
        row.delivery = delivery
        session.add(row)
    body = {"user": user.name, "deliveries": {kind.value: delivery.value for kind, delivery in wanted.items()}}
    history.record(session, Event(kind=EventKind.SUBSCRIPTION_CHANGED, by=by, body=body), at=at)
    session.flush()
    return deliveries(session, user)


def told(session: Session, kind: AlertKind, delivery: Delivery) -> list[User]:
    """Everybody with a mail address who is told of a kind of alert in that way, by name."""
    return [user for user in _reachable(session) if deliveries(session, user)[kind] is delivery]


def last_resort(session: Session) -> list[User]:
    """Officers and administrators with a mail address: who is told when nobody acts, whatever they chose."""
    roles = {Role.OFFICER.value, Role.ADMIN.value}
    return [user for user in _reachable(session) if roles & set(user.roles)]


def _reachable(session: Session) -> list[User]:
    question = select(User).where(User.disabled_at.is_(None), User.email.is_not(None), User.email != "")
    return list(session.scalars(question.order_by(User.name)))
