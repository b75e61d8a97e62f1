"""What every way of sending shares: one message handed over, and the three ways in which that can fail."""

from email.message import EmailMessage
from typing import Protocol


class NotTaken(Exception):
    """The message was not taken, for certain; `permanent` says that trying again is of no use."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class FateUnknown(Exception):
    """The message was handed over and the answer never came: it may have been taken, or not."""


class Transport(Protocol):
    """A way of sending."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; raises NotTaken or FateUnknown."""
