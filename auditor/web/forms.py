"""What people type into forms, read: days, numbers and rates, each refused with the name of its field."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from auditor.domain.rates import rate_of
from auditor.errors import AuditorError, BadInput
from auditor.services import review_cells

_Member = TypeVar("_Member", bound=StrEnum)
_MOST_DIGITS = 9
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}")
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")

Fields = Mapping[str, str]


def text(form: Fields, name: str) -> str | None:
    """What was typed, or None for nothing."""
    return form.get(name, "").strip() or None


def day(form: Fields, name: str, called: str) -> date:
    """A day, which must be there."""
    found = maybe_day(form, name, called)
    if found is None:
        raise BadInput(f"{called} is missing")
    return found


def maybe_day(form: Fields, name: str, called: str) -> date | None:
    """A day, or None for nothing."""
    typed = text(form, name)
    return day_of(typed, called) if typed else None


def day_of(typed: str, called: str) -> date:
    """A day as it was typed, or stands in an address."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise BadInput(f"{called} is no date: write it as 2026-03-31") from error


def number(form: Fields, name: str, called: str) -> int | None:
    """A whole number from 1 on, or None for nothing."""
    typed = (text(form, name) or "").replace(",", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS and int(typed)):
        raise BadInput(f"{called} is a whole number from 1 on")
    return int(typed)


def decimal(form: Fields, name: str, called: str) -> float:
    """A number with or without decimals, which must be there."""
    typed = text(form, name) or ""
    if not _DECIMAL.fullmatch(typed):
        raise BadInput(f"{called} is a number, 0 or more: write it as 0.25")
    return float(typed)


def cents(form: Fields, name: str, called: str) -> int:
    """Dollars as cents, which must be there."""
    try:
        found = review_cells.cents(text(form, name) or "")
    except review_cells.BadCell:
        found = None
    if found is None:
        raise BadInput(f"{called} is no amount of dollars: write it as 1234.50")
    return found


def rate(form: Fields, name: str, called: str) -> Fraction | None:
    """A rate, or None for nothing."""
    typed = text(form, name)
    try:
        return rate_of(typed) if typed else None
    except BadInput as error:
        raise BadInput(f"{called}: {error}") from error


def member(form: Fields, name: str, kind: type[_Member], called: str) -> _Member | None:
    """One of the values of a list, or None for nothing."""
    typed = text(form, name)
    try:
        return kind(typed) if typed else None
    except ValueError as error:
        raise BadInput(f"{called}: choose one from the list") from error


def ticked(form: Fields, prefix: str) -> tuple[str, ...]:
    """The names of the boxes ticked, which are called `prefix:name`."""
    return tuple(name.removeprefix(f"{prefix}:") for name in form if name.startswith(f"{prefix}:"))


def sentence(error: AuditorError | None, labels: Mapping[str, str] | None = None) -> str:
    """An error as a sentence on a page, nothing without one: fields by their labels where a command has options."""
    if error is None:
        return ""
    said = in_words(str(error), labels)
    return f"{said[:1].upper()}{said[1:]}."


def in_words(text: str, labels: Mapping[str, str] | None = None) -> str:
    """What a command says of its options, said of fields.

    >>> in_words("ratio: it needs --paid-total")
    'ratio: it needs paid total'
    """
    return _OPTION.sub(lambda found: (labels or {}).get(found[1], found[1].replace("-", " ")), text)
