"""What mails take from the settings: who writes, and when they rest."""

from datetime import time
from urllib.parse import urlsplit

from auditor.domain.notices import QuietHours
from auditor.errors import BadInput
from auditor.services.notices import Letterhead
from auditor.settings import Settings


def letterhead(settings: Settings) -> Letterhead:
    """What every mail says about its sender."""
    domain = settings.mail.sender.rpartition("@")[2].strip("> ") or urlsplit(settings.base_url).hostname
    return Letterhead(
        practice=settings.practice,
        base_url=settings.base_url,
        time_zone=settings.time_zone,
        mail_domain=domain or "localhost",
        quiet=_quiet(settings),
    )


def _quiet(settings: Settings) -> QuietHours | None:
    """The quiet hours that both settings name; BadInput when they are no times of day."""
    own = settings.notices
    if not own.quiet_from or not own.quiet_to:
        return None
    try:
        begin, end = time.fromisoformat(own.quiet_from), time.fromisoformat(own.quiet_to)
    except ValueError as error:
        raise BadInput("notices.quiet_from and notices.quiet_to are times like 20:00 and 07:00") from error
    return QuietHours(begin=begin, end=end, time_zone=settings.time_zone)
