"""What a claim's data say of a visit's total time and decision making, and which level that supports.

A code's `evidence` may carry them as `total_time_minutes=34; problems=moderate; data=limited; risk=low`, among other
words. Free text is not interpreted: where these keys are missing the level is not judged.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from auditor import resources

_WORDS = {
    **dict.fromkeys(("minimal", "none", "straightforward"), 1),
    **dict.fromkeys(("low", "limited"), 2),
    "moderate": 3,
    **dict.fromkeys(("high", "extensive"), 4),
}
_MINUTES = re.compile(r"\btotal_time_minutes\s*=\s*(\d{1,4})\b", re.IGNORECASE)
_ELEMENT = re.compile(rf"\b(problems|data|risk)\s*=\s*({'|'.join(_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEvidence:
    """Total minutes on the day, and the three elements of decision making from 1 (straightforward) to 4 (high)."""

    minutes: int | None
    problems: int | None
    data: int | None
    risk: int | None

    @property
    def decision_making(self) -> int | None:
        """The level that two of three elements reach; None where fewer than two are known, or a third could tell."""
        known = sorted(each for each in (self.problems, self.data, self.risk) if each is not None)
        if len(known) == 3 or (len(known) == 2 and known[0] == known[1]):
            return known[1] if len(known) == 3 else known[0]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a visit code needs, from a day on."""

    first_on: date
    minutes: int
    decision_making: int


def read_evidence(text: str | None) -> VisitEvidence:
    """The time and elements that a text carries.

    >>> read_evidence("total_time_minutes=34; problems=moderate; risk=moderate").decision_making
    3
    """
    minutes = _MINUTES.search(text or "")
    elements = {name.lower(): _WORDS[word.lower()] for name, word in _ELEMENT.findall(text or "")}
    return VisitEvidence(
        minutes=int(minutes[1]) if minutes else None,
        problems=elements.get("problems"),
        data=elements.get("data"),
        risk=elements.get("risk"),
    )


@cache
def levels() -> Mapping[str, Level]:
    """What each visit code needs, by code."""
    text = (resources.folder("config") / "em_levels.toml").read_text(encoding="utf-8")
    families: Mapping[str, Mapping[str, Any]] = tomllib.loads(text)
    return {
        code: Level(first_on=family["first_on"], minutes=minutes, decision_making=decision_making)
        for family in families.values()
        for code, (minutes, decision_making) in family["levels"].items()
    }


def supports(evidence: VisitEvidence, level: Level) -> bool | None:
    """Whether time or decision making reaches a level; None where what is missing could still reach it."""
    by_time = evidence.minutes is not None and 0 < level.minutes <= evidence.minutes
    if by_time or (evidence.decision_making or 0) >= level.decision_making:
        return True
    return None if evidence.decision_making is None else False
