"""Lines that could not be read: all counted, the first of them named. Nothing of their content is kept."""

from dataclasses import dataclass, field
from typing import NamedTuple

NAMED = 100


class Rejected(NamedTuple):
    """A line, counted from 1, and why it was left out."""

    line: int
    reason: str


@dataclass
class Rejections:
    """What a reading left out, filled while it is read."""

    count: int = 0
    first: list[Rejected] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        """One more line that could not be read."""
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(Rejected(line, reason))
