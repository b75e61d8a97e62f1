"""The mail that tells an auditor of cases that they have got: how many, of which audit, and where to begin."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from auditor.domain.assignment_mails import AssignedAudit, AssignmentMail
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
    lines = [
        say("assignment", "line", each=each, days=figures.days(each.first_on, each.last_on)) for each in _parts(mail)
    ]
    made = mail_sheets.rendered("audit_assigned", {"mail": mail, "words": words, "lines": lines})
    entries = [_entry(mail, each, each.finish_by) for each in _parts(mail) if each.finish_by is not None]
    return replace(made, calendar=calendar_files.calendar(entries, name=mail.practice)) if entries else made


def _parts(mail: AssignmentMail) -> tuple[AssignedAudit, ...]:
    """The audits that it is about."""
    if mail.audits:
        return mail.audits
    one = AssignedAudit(
        audit_id=mail.audit_id,
        plan=mail.plan,
        first_on=mail.first_on,
        last_on=mail.last_on,
        cases=mail.waiting,
        newest=mail.newest,
        finish_by=mail.finish_by,
    )
    return (one,)


def _entry(mail: AssignmentMail, part: AssignedAudit, finish_by: date) -> CalendarEntry:
    """The day by which its cases should be done, as a calendar entry; the feed's own entry has the same name."""
    domain = urlsplit(mail.queue_url).hostname or "localhost"
    return CalendarEntry(
        uid=f"review-{part.audit_id}@{domain}",
        on=finish_by,
        summary=say("assignment", "calendar", part=part),
        description=say("assignment", "calendar_text", part=part),
        url=mail.queue_url,
        changed_at=mail.drawn_at,
    )
