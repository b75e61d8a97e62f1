"""Which claims an audit is about, in canonical terms, and the conditions that say so in SQL.

Knows the canonical columns, not where a source keeps them.
"""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, SamplingUnit
from auditor.errors import BadInput
from auditor.sources.columns import CLAIMS, Kind

_STRATIFIABLE = tuple(column.name for column in CLAIMS if column.kind is not Kind.REAL)


@dataclass(frozen=True, kw_only=True)
class Population:
    """Claims of a period, both ends included, of one arm or all, as an SQL condition narrows them further."""

    first_on: date
    last_on: date
    date_basis: DateBasis = DateBasis.SERVED
    where: str | None = None
    coding_source: CodingSource | None = None
    stratify: tuple[str, ...] = ()
    unit: SamplingUnit = SamplingUnit.CLAIM

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise BadInput(f"the period ends on {self.last_on}, before it begins on {self.first_on}: turn it round")
        if self.where is not None:
            check_condition(self.where)
        for name in self.stratify:
            if name not in _STRATIFIABLE:
                close = get_close_matches(name, _STRATIFIABLE, n=3) or _STRATIFIABLE[3:]
                raise BadInput(f"claims cannot be stratified by {name!r}: take one of {', '.join(close)}")


def check_condition(text: str) -> None:
    """Refuse a `where` that is more than one boolean expression: statements, comments, a bracket too many.

    >>> check_condition("payer = 'Medicare; Part B' AND (paid_cents > 0)")
    >>> check_condition("1 = 1) OR (1 = 1")
    Traceback (most recent call last):
    auditor.errors.BadInput: the condition closes a bracket that it did not open: mend it
    """
    if not text.strip():
        raise BadInput("the condition is empty: leave it out to take every claim of the period")
    outside = _outside_quotes(text)
    for mark in (";", "--", "/*", "\\", "$"):
        if mark in outside:
            raise BadInput(f"the condition holds {mark!r}: give one boolean expression over the columns of a claim")
    depth = 0
    for character in outside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            raise BadInput("the condition closes a bracket that it did not open: mend it")
    if depth:
        raise BadInput("the condition opens a bracket that it does not close: mend it")


def _outside_quotes(text: str) -> str:
    """The text without its quoted parts; a backslash stays, since some engines let it escape a quote."""
    kept, quote = [], ""
    for character in text:
        if quote:
            if character == "\\":
                kept.append(character)
            if character == quote:
                quote = ""
        elif character in "'\"`":
            quote = character
        else:
            kept.append(character)
    if quote:
        raise BadInput("the condition opens a quote that it does not close: mend it")
    return "".join(kept)
