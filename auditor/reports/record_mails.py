"""The mail about a record that was asked for and has not come. Never what the record is."""

from auditor.domain.record_mails import RecordMail
from auditor.domain.stories import RenderedMail
from auditor.reports import mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "button", "why")


def render(mail: RecordMail) -> RenderedMail:
    """The mail, ready to be sent."""
    words = {name: say("record", name, mail=mail) for name in _SAID}
    return mail_sheets.rendered("record_request", {"mail": mail, "words": words})
