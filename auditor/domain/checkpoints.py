"""A checkpoint: number and hash of the newest log entry at some moment, kept where the log's keeper cannot reach."""

import json
import re
from dataclasses import dataclass

from auditor.errors import BadInput

_WRITTEN = re.compile(r"\b(\d+)[ \t:,]+([0-9a-f]{64})\b")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The head of the log as it once was; a log that no longer holds it was cut or rewritten."""

    number: int
    sha256: str

    def __str__(self) -> str:
        """One line, as mails carry it."""
        return f"{self.number} {self.sha256}"


def read_checkpoint(text: str, *, place: str) -> Checkpoint:
    """A checkpoint from the file that we write, or from any text that holds its line, such as a mail.

    >>> read_checkpoint("checkpoint: 42 " + "ab" * 32, place="the mail").number
    42
    """
    try:
        given = json.loads(text)
        return Checkpoint(number=int(given["number"]), sha256=str(given["sha256"]))
    except (ValueError, KeyError, TypeError):
        found = _WRITTEN.search(text)
    if not found:
        raise BadInput(f"{place} holds no checkpoint: it should have an entry's number and its 64 hexadecimal digits")
    return Checkpoint(number=int(found[1]), sha256=found[2])
