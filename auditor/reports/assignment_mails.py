"""The mail that tells an auditor of cases that they have got: how many, of which audit, and where to begin."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from auditor.domain.assignment_mails import AssignmentMail
from auditor.domain.calendar_entries import CalendarEntry
from auditor.domain.stories import RenderedMail
from auditor.reports import calendar_files, figures, mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "terminal", "why")


def render(mail: AssignmentMail) -> RenderedMail:
    """The mail, ready to be sent."""
    days = figures.days(mail.first_on, mail.last_on)
    drawn = figures.moment(mail.drawn_at, mail.time_zone)
    words = {name: say("assignment", name, mail=mail, days=days, drawn=drawn) for name in _SAID}
    made = mail_sheets.rendered("audit_assigned", {"mail": mail, "words": words})
    return made if mail.finish_by is None else replace(made, calendar=_invitation(mail, mail.finish_by))


def _invitation(mail: AssignmentMail, finish_by: date) -> bytes:
    """The day by which the cases should be done, as a calendar entry; the feed's own entry has the same name."""
    domain = urlsplit(mail.queue_url).hostname or "localhost"
    entry = CalendarEntry(
        uid=f"review-{mail.audit_id}@{domain}",
        on=finish_by,
        summary=say("assignment", "calendar", mail=mail),
        description=say("assignment", "calendar_text", mail=mail),
        url=mail.queue_url,
        changed_at=mail.drawn_at,
    )
    return calendar_files.calendar([entry], name=mail.practice)
