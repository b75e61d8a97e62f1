"""Operations of a patient and the days that their payment covers. Knows the fee schedule's global days only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.guidelines.lines import Line, PatientHistory
from auditor.guidelines.tables import CodeTables, Setting

MAJOR, MINOR, SAME_DAY = "090", "010", "000"
DAYS_AFTER = {SAME_DAY: 0, MINOR: 10, MAJOR: 90}
MOST_DAYS = 90

# Lines that open no global period of their own: assistants, the return to the theatre, and shares of split care.
_OPENS_NONE = frozenset({"80", "81", "82", "AS", "78", "55", "56"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surgery:
    """An operation with a global period: 000 its day, 010 ten days after, 090 the day before and ninety after."""

    line: Line
    global_days: str
    edition: str

    @property
    def first_on(self) -> date:
        """The first day that its payment covers."""
        return self.line.on - timedelta(days=int(self.global_days == MAJOR))

    @property
    def last_on(self) -> date:
        """The last day that its payment covers; the day itself where the surgeon leaves the care to others (54)."""
        after = 0 if "54" in self.line.modifiers else DAYS_AFTER[self.global_days]
        return self.line.on + timedelta(days=after)

    def covers(self, on: date) -> bool:
        """Whether a day lies in its global period."""
        return self.first_on <= on <= self.last_on


def surgeries(history: PatientHistory, tables: CodeTables) -> list[Surgery]:
    """The patient's operations with a global period, by date."""
    found = []
    for line in practitioner_lines(history.procedures):
        fee = tables.fee(line.code, on=line.on)
        if fee and fee.global_days in DAYS_AFTER and not line.modifiers & _OPENS_NONE:
            found.append(Surgery(line=line, global_days=fee.global_days, edition=fee.edition))
    return found


def practitioner_lines(lines: Iterable[Line]) -> list[Line]:
    """Lines of professional claims: the global period is about a practitioner's fee."""
    return [line for line in lines if line.setting is Setting.PRACTITIONER]
