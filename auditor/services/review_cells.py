"""Reads the cells of a review file as values of the business; each bad cell is a sentence. Knows no case.

What a spreadsheet does to a code is undone where that is sure: digits that lost their leading zeros.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from auditor.domain.claims import Stage
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.services.review_rows import NO_MODIFIERS

_Kind = TypeVar("_Kind", bound=StrEnum)
_AMOUNT = re.compile(r"\$? ?(\d{1,10}|\d{1,3}(,\d{3}){1,3})(\.\d*)?")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_DIGITS = {PROCEDURE_FAMILY: 5, "MS-DRG": 3}
_CODE_LENGTH = 40


class BadCell(Exception):
    """A cell that cannot be read; the sentence names the column."""


def choice(kind: type[_Kind], text: str, column: str) -> _Kind | None:
    """A value of an enumeration, whatever its capitals, blanks and hyphens; None for an empty cell."""
    if not text:
        return None
    try:
        return kind(re.sub(r"[\s-]+", "_", text.strip().lower()))
    except ValueError:
        raise BadCell(f"{column} {text[:40]!r} is unknown: write one of {', '.join(kind)}") from None


def stage(text: str) -> Stage:
    """The stage of a row, which every row has."""
    found = choice(Stage, text, "stage")
    if found is None:
        raise BadCell(f"stage is empty: write one of {', '.join(Stage)}")
    return found


def code(text: str, code_system: str) -> str | None:
    """A code as its system writes it; numbers get back the zeros that a spreadsheet cut off.

    >>> code("100", "CPT")
    '00100'
    """
    if not text:
        return None
    if len(text) > _CODE_LENGTH or not text.isprintable():
        raise BadCell("correct_code is longer than any code: write one code only")
    digits = _DIGITS.get(code_family(code_system))
    return text.zfill(digits) if digits and text.isdecimal() else text.upper()


def same_code(one: str, other: str) -> bool:
    """Whether two cells mean one code, leading zeros lost or not."""
    here, there = normal_code(one), normal_code(other)
    return here == there or (here.isdecimal() and there.isdecimal() and int(here) == int(there))


def modifiers(text: str) -> tuple[str, ...] | None:
    """Modifiers of a cell; `none` means that there are none, an empty cell that nothing is said."""
    if not text:
        return None
    if text.lower() == NO_MODIFIERS:
        return ()
    parts = tuple(part for part in re.split(r"[\s,;:]+", text.upper()) if part)
    if bad := next((part for part in parts if not _MODIFIER.fullmatch(part)), None):
        raise BadCell(f"correct_modifiers: {bad[:10]!r} is no modifier: write two characters each, as in 25,LT")
    return parts


def whole(text: str, column: str) -> int | None:
    """A whole number of 0 or more."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadCell(f"{column} {text[:20]!r} is no whole number")
    return int(text)


def cents(text: str) -> int | None:
    """Dollars as cents: `1,234.50`, `$80` and `80` are read, parts of a cent are not.

    >>> cents("$1,234.50")
    123450
    """
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise BadCell(f"correct_allowed {text[:20]!r} is no amount of dollars, 0 or more: write it as in 123.45")
    amount = Decimal(text.replace("$", "").replace(",", "")) * 100
    if amount != amount.to_integral_value():
        raise BadCell(f"correct_allowed {text[:20]!r} has parts of a cent: write whole cents, as in 123.45")
    return int(amount)
