"""What mails take from the settings: who writes, and how long a link in them is good."""

from urllib.parse import urlsplit

from auditor.services.notices import Letterhead
from auditor.services.queries import Sending
from auditor.settings import Settings


def letterhead(settings: Settings) -> Letterhead:
    """What every mail says about its sender."""
    domain = settings.mail.sender.rpartition("@")[2].strip("> ") or urlsplit(settings.base_url).hostname
    return Letterhead(
        practice=settings.practice,
        base_url=settings.base_url,
        time_zone=settings.time_zone,
        mail_domain=domain or "localhost",
    )


def query_sending(settings: Settings, link: str) -> Sending:
    """What a provider query takes along; `link` is a fresh secret."""
    return Sending(link=link, link_days=settings.queries.link_days, letterhead=letterhead(settings))
