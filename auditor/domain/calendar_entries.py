"""One day in somebody's calendar: what falls due, or is to be signed. Holds plan names and counts, no claim."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """A whole day. `uid` stays the same when the entry changes, so that calendars replace it."""

    uid: str
    on: date
    summary: str
    description: str
    url: str
    changed_at: datetime
