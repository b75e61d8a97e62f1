"""The clock of an identified overpayment: 42 CFR 401.305 as amended with effect from 1 January 2025.

An overpayment is reported and returned within 60 days of being identified, paragraph (b)(1). The deadline is
suspended while a timely, good-faith investigation looks for related overpayments: until it has concluded and the
aggregate amount is calculated, and no later than 180 days after the first was identified, paragraph (b)(3). Days
that ran before the investigation began are counted: the suspension stops the clock, and does not set it back.
Other deadlines (a cost report, a self-disclosure protocol) are not known here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RETURN_WITHIN = timedelta(days=60)
LONGEST_SUSPENSION = timedelta(days=180)
WARN_FROM = timedelta(days=14)


class ClockState(StrEnum):
    """What the clock of an overpayment does on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"
    NONE_OWED = "none_owed"


def time_left(days: int) -> str:
    """Days until the last day in words, or since it.

    >>> time_left(27), time_left(1), time_left(-27)
    ('27 days left', '1 day left', '27 days overdue')
    """
    counted = f"{abs(days):,} {'day' if abs(days) == 1 else 'days'}"
    return f"{counted} {'overdue' if days < 0 else 'left'}"


@dataclass(frozen=True, kw_only=True)
class RepaymentClock:
    """Its dates. `investigated_from` is the day on which the investigation of related overpayments began, if any.

    `quantified_cents` of 0 tells that nothing was owed after all.
    """

    identified_on: date
    investigated_from: date | None = None
    quantified_on: date | None = None
    quantified_cents: int | None = None
    refunded_on: date | None = None

    @property
    def suspended_until(self) -> date | None:
        """The day on which the suspension ended, or ends at the latest; None without an investigation."""
        if self.investigated_from is None:
            return None
        latest = self.identified_on + LONGEST_SUSPENSION
        return min(self.quantified_on or latest, latest)

    @property
    def due_on(self) -> date:
        """The last day on which to report and return, as things stand.

        >>> RepaymentClock(identified_on=date(2026, 1, 1)).due_on
        datetime.date(2026, 3, 2)
        >>> RepaymentClock(identified_on=date(2026, 1, 1), investigated_from=date(2026, 1, 1)).due_on
        datetime.date(2026, 8, 29)
        """
        until, began = self.suspended_until, self.investigated_from
        if until is None or began is None:
            return self.identified_on + RETURN_WITHIN
        return until + RETURN_WITHIN - (began - self.identified_on)

    def state(self, on: date) -> ClockState:
        """What the clock does on a day."""
        if self.refunded_on is not None:
            return ClockState.RETURNED if self.refunded_on <= self.due_on else ClockState.RETURNED_LATE
        if self.quantified_cents == 0:
            return ClockState.NONE_OWED
        if on > self.due_on:
            return ClockState.LAPSED
        until = self.suspended_until
        suspended = until is not None and self.quantified_on is None and on < until
        return ClockState.SUSPENDED if suspended else ClockState.RUNNING

    def days_left(self, on: date) -> int:
        """Days until the last day, below zero when it is past."""
        return (self.due_on - on).days

    def time_left(self, on: date) -> str:
        """The same in words."""
        return time_left(self.days_left(on))

    def is_open(self, on: date) -> bool:
        """Whether something is still owed, or must still be found out."""
        return self.state(on) in (ClockState.RUNNING, ClockState.SUSPENDED, ClockState.LAPSED)

    def warns(self, on: date) -> bool:
        """Whether somebody must act now: the last day is near or past, or the suspension is about to run out."""
        if not self.is_open(on):
            return False
        until = self.suspended_until
        unquantified = until is not None and self.quantified_on is None
        ending = unquantified and until is not None and timedelta() <= until - on <= WARN_FROM
        return ending or self.due_on - on <= WARN_FROM
