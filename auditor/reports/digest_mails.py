"""The weekly mail: what waits, what ended, what the monitors said."""

from auditor.domain.digest_mails import DigestMail
from auditor.domain.stories import RenderedMail
from auditor.reports import mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "streams", "budget", "button", "why")


def render(mail: DigestMail) -> RenderedMail:
    """The mail, ready to be sent."""
    words = {name: say("digest", name, mail=mail) for name in _SAID}
    return mail_sheets.rendered("weekly_digest", {"mail": mail, "words": words})
