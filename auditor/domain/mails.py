"""A mail's way out of the outbox."""

from enum import StrEnum


class MailState(StrEnum):
    """Where a mail stands. `uncertain`: the server never told its fate, so it is not sent again by itself."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self in (MailState.SENT, MailState.UNCERTAIN, MailState.DEAD)
