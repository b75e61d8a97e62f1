"""The mail about a provider query: who asks, until when, and where to answer. Never what is asked."""

from auditor.domain.query_mails import QueryMail
from auditor.domain.stories import RenderedMail
from auditor.reports import mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "button", "why")


def render(mail: QueryMail) -> RenderedMail:
    """The mail, ready to be sent."""
    words = {name: say("query", name, mail=mail) for name in _SAID}
    return mail_sheets.rendered("provider_query", {"mail": mail, "words": words})
