"""A mail's way out of the outbox."""

from enum import StrEnum


class MailState(StrEnum):
    """Where a mail stands.

    `folded`: what it tells is in another mail, beside more. `uncertain`: the server never told its fate, so it is not
    sent again by itself.
    """

    QUEUED = "queued"
    FOLDED = "folded"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self in (MailState.FOLDED, MailState.SENT, MailState.UNCERTAIN, MailState.DEAD)
