"""The practice's own days: on which date a moment falls where the practice is, and when a day begins there.

A session has the zone from the `Database` that gave it out; what is stored stays in UTC.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

ZONE = "auditor_zone"


def day_of(session: Session, at: datetime) -> date:
    """The date of a moment where the practice is: late in the evening of Los Angeles it is a day behind UTC."""
    return at.astimezone(_zone(session)).date()


def beginning(session: Session, on: date) -> datetime:
    """The moment, in UTC, at which a day begins where the practice is."""
    return datetime.combine(on, time(), tzinfo=_zone(session)).astimezone(UTC)


def _zone(session: Session) -> ZoneInfo:
    zone: ZoneInfo = session.info[ZONE]
    return zone
