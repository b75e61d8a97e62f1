"""The mails about rebuttals and corrective actions: what happened, and the page where it goes on."""

from auditor.domain.bundle_mails import BundleItem
from auditor.domain.follow_through_mails import FollowThroughMail
from auditor.domain.stories import RenderedMail
from auditor.reports import bundle_mails, mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "facts", "button", "why")


def render(mail: FollowThroughMail) -> RenderedMail:
    """The mail, ready to be sent."""
    return mail_sheets.rendered("follow_through", {"mail": mail, "words": _words(mail)})


def item(mail: FollowThroughMail) -> BundleItem:
    """The same as an item of a list."""
    return bundle_mails.item(_words(mail), mail.url)


def _words(mail: FollowThroughMail) -> dict[str, str]:
    return {name: say("follow_through", name, mail=mail, told=mail.told.value) for name in _SAID}
