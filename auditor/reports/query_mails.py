"""The mail about a provider query: who asks, until when, and where to answer. Never what is asked."""

from auditor.domain.bundle_mails import BundleItem
from auditor.domain.query_mails import QueryMail
from auditor.domain.stories import RenderedMail
from auditor.reports import bundle_mails, mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "button", "why")


def render(mail: QueryMail) -> RenderedMail:
    """The mail, ready to be sent."""
    return mail_sheets.rendered("provider_query", {"mail": mail, "words": _words(mail)})


def item(mail: QueryMail) -> BundleItem:
    """The same as an item of a list."""
    return bundle_mails.item(_words(mail), mail.url)


def _words(mail: QueryMail) -> dict[str, str]:
    return {name: say("query", name, mail=mail) for name in _SAID}
