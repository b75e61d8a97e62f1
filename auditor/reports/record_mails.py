"""The mail about a record that was asked for and has not come. Never what the record is."""

from auditor.domain.bundle_mails import BundleItem
from auditor.domain.record_mails import RecordMail
from auditor.domain.stories import RenderedMail
from auditor.reports import bundle_mails, mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "button", "why")


def render(mail: RecordMail) -> RenderedMail:
    """The mail, ready to be sent."""
    return mail_sheets.rendered("record_request", {"mail": mail, "words": _words(mail)})


def item(mail: RecordMail) -> BundleItem:
    """The same as an item of a list."""
    return bundle_mails.item(_words(mail), mail.url)


def _words(mail: RecordMail) -> dict[str, str]:
    return {name: say("record", name, mail=mail) for name in _SAID}
