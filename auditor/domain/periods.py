"""Weeks, months and quarters: which one a day lies in, and how each is called."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from auditor.domain.plans import Period


class Every(StrEnum):
    """How long the steps of a trend are."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3}


def period_of(day: date, every: Every) -> Period:
    """The week (Monday to Sunday), month or quarter of a day.

    >>> period_of(date(2026, 2, 11), Every.QUARTER).last_on
    datetime.date(2026, 3, 31)
    """
    if every is Every.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(first_on=first, last_on=first + timedelta(days=6))
    months = _MONTHS[every]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month - 1 + months
    following = date(first.year + after // 12, after % 12 + 1, 1)
    return Period(first_on=first, last_on=following - timedelta(days=1))


def periods_between(first_on: date, last_on: date, every: Every) -> Iterator[Period]:
    """The periods from that of the first day to that of the last, without a gap."""
    period = period_of(first_on, every)
    while period.first_on <= last_on:
        yield period
        period = period_of(period.last_on + timedelta(days=1), every)


def period_name(period: Period, every: Every) -> str:
    """What a period is called: `2026-W07`, `2026-02`, `2026-Q1`.

    >>> period_name(period_of(date(2026, 2, 11), Every.WEEK), Every.WEEK)
    '2026-W07'
    """
    day = period.first_on
    if every is Every.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if every is Every.QUARTER else f"{day.year}-{day.month:02d}"
