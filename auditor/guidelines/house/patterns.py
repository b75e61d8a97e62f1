"""What a house rule names: codes by list, beginning and range, and texts by beginning. Knows no claims."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.domain.codes import normal_code


@dataclass(frozen=True, slots=True)
class CodePattern:
    """Codes such as `99213`, `G04*` (all that begin so) and `99202-99215` (a range, both ends included)."""

    exact: frozenset[str]
    beginnings: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...]

    def __contains__(self, code: object) -> bool:
        if not isinstance(code, str):
            return False
        within = any(len(low) == len(code) and low <= code <= high for low, high in self.ranges)
        return code in self.exact or code.startswith(self.beginnings) or within


def code_pattern(listed: Iterable[str]) -> CodePattern:
    """The pattern of a list of codes; raises ValueError with the entry that cannot be read.

    >>> codes = code_pattern(["99202-99205", "G04*", "i10"])
    >>> [code in codes for code in ("99203", "99211", "G0438", "I10")]
    [True, False, True, True]
    """
    exact, beginnings, ranges = set(), [], []
    for entry in listed:
        low, dash, high = (normal_code(part) for part in entry.partition("-"))
        if dash and (len(low) != len(high) or not low <= high or "*" in low + high):
            raise ValueError(entry)
        if not low.rstrip("*") or "*" in low[:-1]:
            raise ValueError(entry)
        if dash:
            ranges.append((low, high))
        elif low.endswith("*"):
            beginnings.append(low[:-1])
        else:
            exact.add(low)
    return CodePattern(frozenset(exact), tuple(sorted(beginnings)), tuple(sorted(ranges)))


@dataclass(frozen=True, slots=True)
class TextPattern:
    """Texts such as `Medicare` and `Blue*`, whatever the capitals."""

    exact: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, text: object) -> bool:
        plain = text.strip().casefold() if isinstance(text, str) else ""
        return plain in self.exact or plain.startswith(self.beginnings)


def text_pattern(listed: Iterable[str]) -> TextPattern:
    """The pattern of a list of texts.

    >>> "BLUE CROSS OF OHIO" in text_pattern(["Medicare", "Blue*"])
    True
    """
    plain = [entry.strip().casefold() for entry in listed]
    exact = frozenset(entry for entry in plain if not entry.endswith("*"))
    return TextPattern(exact, tuple(sorted(entry[:-1] for entry in plain if entry.endswith("*"))))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whole numbers from `least` to `most`, both included; None is open."""

    least: int | None
    most: int | None

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)
