"""Reads single keys of a house rule, and says which file, rule and key cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from auditor.errors import BadInput
from auditor.guidelines.house.patterns import Bounds, CodePattern, TextPattern, code_pattern, text_pattern

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table:
    """A TOML table and where it stands: every refusal names the place."""

    values: Mapping[str, object]
    place: str

    def refuse(self, key: str, wanted: str) -> BadInput:
        """The sentence that this key must be something else."""
        return BadInput(f"{self.place}, key {key!r}: must be {wanted}")

    def only(self, *known: str) -> None:
        """Refuses keys that mean nothing here: a misspelt condition would silently judge too much."""
        for key in self.values:
            if key not in known:
                raise self.refuse(key, f"one of {', '.join(known)}")

    def table(self, key: str) -> "Table | None":
        """A table within; None where it is not given."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self.refuse(key, "a table")
        return Table(value, f"{self.place}, {key}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "a text")
        return value.strip()

    def flag(self, key: str) -> bool:
        """True or false; false where it is not given."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false")
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        """One of the words of a kind."""
        value = self.values.get(key, default.value)
        try:
            return kind(str(value))
        except ValueError as error:
            raise self.refuse(key, f"one of {', '.join(kind)}") from error

    def day(self, key: str, default: date) -> date:
        """A date, written without quotes."""
        value = self.values.get(key, default)
        if type(value) is not date:
            raise self.refuse(key, "a date such as 2025-01-01, without quotes")
        return value

    def number(self, key: str) -> int | None:
        """A whole number; None where it is not given."""
        value = self.values.get(key)
        if value is not None and type(value) is not int:
            raise self.refuse(key, "a whole number")
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts, not empty; None where it is not given."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
            raise self.refuse(key, "a list of texts")
        return tuple(value)

    def codes(self, key: str) -> CodePattern | None:
        """Codes, beginnings such as G04* and ranges such as 99202-99215."""
        listed = self.texts(key)
        try:
            return code_pattern(listed) if listed is not None else None
        except ValueError as error:
            raise self.refuse(key, f"codes, beginnings (G04*) or ranges (99202-99215), not {error}") from error

    def patterns(self, key: str) -> TextPattern | None:
        """Texts and beginnings of texts."""
        listed = self.texts(key)
        return text_pattern(listed) if listed is not None else None

    def words(self, key: str, *, upper: bool = True) -> frozenset[str] | None:
        """A set of words in capitals, or in small letters."""
        listed = self.texts(key)
        plain = [each.strip().upper() if upper else each.strip().lower() for each in listed or ()]
        return frozenset(plain) if listed is not None else None

    def bounds(self, key: str) -> Bounds | None:
        """`{ least = 1, most = 9 }`, one of them at least."""
        inner = self.table(key)
        if inner is None:
            return None
        inner.only("least", "most")
        least, most = inner.number("least"), inner.number("most")
        if least is None and most is None:
            raise self.refuse(key, "least, most, or both")
        if least is not None and most is not None and least > most:
            raise self.refuse(key, "least not above most")
        return Bounds(least, most)
