"""The pairs of one edition as compact text, to be handed to a claims database; the same edits as `tables.PtpEdit`.

Some millions of pairs stay some megabytes. Knows no database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from auditor.guidelines.tables import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PairGroup:
    """Column 2 codes, joined by blanks, that share their days and modifier indicator."""

    column2s: str
    first_on: date
    last_on: date
    modifier_indicator: int

    def holds(self, column2: str, on: date) -> bool:
        """Whether the group has a code and holds on a day."""
        return self.first_on <= on <= self.last_on and f" {column2} " in f" {self.column2s} "


@dataclass(frozen=True, slots=True, kw_only=True)
class PairList:
    """What an edition says of some codes on the days for which it is asked, by column 1 code."""

    edition: str
    setting: Setting
    first_on: date
    last_on: date
    groups: Mapping[str, tuple[PairGroup, ...]]

    def each(self) -> Iterator[tuple[str, str]]:
        """Column 1 codes and the column 2 codes of one of their groups."""
        return ((column1, group.column2s) for column1, groups in self.groups.items() for group in groups)

    def indicator(self, column1: str, column2: str, on: date) -> int | None:
        """The modifier indicator of the edit that holds on a day, the first listed; None where none does."""
        groups = self.groups.get(column1, ())
        return next((each.modifier_indicator for each in groups if each.holds(column2, on)), None)
