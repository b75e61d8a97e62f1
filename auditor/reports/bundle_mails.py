"""The mail that holds a list: what waits first, what is over last."""

from collections.abc import Mapping

from auditor.domain.bundle_mails import BundleItem, BundleMail
from auditor.domain.stories import RenderedMail
from auditor.reports import mail_sheets
from auditor.reports.words import say

_SAID = ("sentence", "button", "why")


def render(mail: BundleMail) -> RenderedMail:
    """The mail, ready to be sent."""
    items = sorted(mail.items, key=lambda each: each.is_over)
    words = {name: say("bundle", name, mail=mail) for name in _SAID}
    return mail_sheets.rendered("bundle", {"mail": mail, "words": words, "items": items})


def item(words: Mapping[str, str], url: str) -> BundleItem:
    """A short mail as an item of the list."""
    return BundleItem(headline=words["sentence"], detail=words["facts"], button=words["button"], url=url)
