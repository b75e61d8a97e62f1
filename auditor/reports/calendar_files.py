"""Days as an iCalendar file (RFC 5545): a feed to subscribe to, or an entry attached to a mail.

Entries are whole days without a clock or a zone: a night on which clocks change moves none of them.
"""

from collections.abc import Sequence

from icalendar import Calendar, Event

from auditor.domain.calendar_entries import CalendarEntry

_PRODUCT = "-//Auditor//Audit calendar//EN"


def calendar(entries: Sequence[CalendarEntry], *, name: str) -> bytes:
    """The file; the same entries give the same bytes."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.on)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("url", entry.url)
    event.add("transp", "TRANSPARENT")
    return event
