"""The mail that tells an auditor of newly drawn cases: how many, of which audit, and where to begin."""

from auditor.domain.assignment_mails import AssignmentMail
from auditor.domain.stories import RenderedMail
from auditor.reports import figures, mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "terminal", "why")


def render(mail: AssignmentMail) -> RenderedMail:
    """The mail, ready to be sent."""
    days = figures.days(mail.first_on, mail.last_on)
    drawn = figures.moment(mail.drawn_at, mail.time_zone)
    words = {name: say("assignment", name, mail=mail, days=days, drawn=drawn) for name in _SAID}
    return mail_sheets.rendered("audit_assigned", {"mail": mail, "words": words})
