"""What the mail of a provider query takes from the settings: who writes, and how long its link is good."""

from auditor.mail.letterheads import letterhead
from auditor.services.queries import Sending
from auditor.settings import Settings


def query_sending(settings: Settings, link: str) -> Sending:
    """What a provider query takes along; `link` is a fresh secret."""
    return Sending(link=link, link_days=settings.queries.link_days, letterhead=letterhead(settings))
