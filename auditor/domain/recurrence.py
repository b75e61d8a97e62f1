"""How often a plan's audits come round: an RFC 5545 rule and its first day, read without a calendar library."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_SHORTEST_MONTH = 28
_OF_MONTHS = ("MONTHLY", "YEARLY")
_OTHER_DAYS = {"BYSETPOS", "BYDAY", "BYYEARDAY", "BYWEEKNO"}


class ShortMonths(StrEnum):
    """What a rule on the 29th, 30th or 31st does in a month that has no such day."""

    SKIP = "skip"
    LAST_DAY = "last-day"


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """A rule such as `FREQ=MONTHLY;COUNT=12`, without prefix, and the day from which it runs."""

    rule: str
    starts_on: date

    @property
    def parts(self) -> dict[str, str]:
        """The rule's parts by name.

        >>> Recurrence(rule="FREQ=MONTHLY;INTERVAL=3", starts_on=date(2026, 1, 1)).parts["INTERVAL"]
        '3'
        """
        return dict(part.split("=", 1) for part in self.rule.split(";") if "=" in part)

    @property
    def has_end(self) -> bool:
        """Whether it ever ends."""
        return bool({"COUNT", "UNTIL"} & self.parts.keys())

    @property
    def endless(self) -> "Recurrence":
        """The same rule going on for ever, which tells where its last period ends."""
        kept = (f"{name}={value}" for name, value in self.parts.items() if name not in ("COUNT", "UNTIL"))
        return Recurrence(rule=";".join(kept), starts_on=self.starts_on)

    @property
    def late_day(self) -> int | None:
        """The one day of the month, 29 to 31, on which a rule comes and which short months lack.

        >>> Recurrence(rule="FREQ=MONTHLY", starts_on=date(2026, 1, 31)).late_day
        31
        """
        parts = self.parts
        named = parts.get("BYMONTHDAY", str(self.starts_on.day))
        if parts.get("FREQ") not in _OF_MONTHS or _OTHER_DAYS & parts.keys() or not named.isdigit():
            return None
        return int(named) if int(named) > _SHORTEST_MONTH else None

    def on_last_days(self) -> "Recurrence":
        """The same rule, which in a short month comes on that month's last day instead.

        >>> Recurrence(rule="FREQ=MONTHLY", starts_on=date(2026, 1, 30)).on_last_days().rule
        'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1'
        """
        if self.late_day is None:
            return self
        days = ",".join(str(each) for each in range(_SHORTEST_MONTH, self.late_day + 1))
        kept = {name: value for name, value in self.parts.items() if name != "BYMONTHDAY"}
        if kept["FREQ"] == "YEARLY":
            kept.setdefault("BYMONTH", str(self.starts_on.month))
        rule = ";".join([*(f"{name}={value}" for name, value in kept.items()), f"BYMONTHDAY={days}", "BYSETPOS=-1"])
        return Recurrence(rule=rule, starts_on=self.starts_on)


@dataclass(frozen=True, kw_only=True)
class RecurrenceNotes:
    """What whoever makes a plan should know of its recurrence before approving it.

    `over` periods lie in the past and are audited at once; `skipped_day` is the day that short months lack;
    `begins_on` is the first period's first day when that is not the day it starts from.
    """

    endless: bool = False
    over: int = 0
    finished_on: date | None = None
    skipped_day: int | None = None
    begins_on: date | None = None
