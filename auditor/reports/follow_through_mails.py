"""The mails about rebuttals and corrective actions: what happened, and the page where it goes on."""

from auditor.domain.follow_through_mails import FollowThroughMail
from auditor.domain.stories import RenderedMail
from auditor.reports import mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "button", "why")


def render(mail: FollowThroughMail) -> RenderedMail:
    """The mail, ready to be sent."""
    words = {name: say("follow_through", name, mail=mail, told=mail.told.value) for name in _SAID}
    return mail_sheets.rendered("follow_through", {"mail": mail, "words": words})
