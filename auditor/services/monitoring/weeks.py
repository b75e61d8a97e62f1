"""Whole weeks, Monday to Sunday, that end before a day. Knows no clock."""

from datetime import date, timedelta

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday of a day's week.

    >>> monday(date(2026, 1, 15))
    datetime.date(2026, 1, 12)
    """
    return day - timedelta(days=day.weekday())


def whole_weeks(as_of: date, count: int) -> tuple[date, ...]:
    """The Mondays of the last `count` whole weeks whose Sunday lies before `as_of`, oldest first.

    >>> whole_weeks(date(2026, 1, 12), 2)
    (datetime.date(2025, 12, 29), datetime.date(2026, 1, 5))
    >>> whole_weeks(date(2026, 1, 11), 1)
    (datetime.date(2025, 12, 29),)
    """
    end = monday(as_of)
    return tuple(end - WEEK * back for back in range(count, 0, -1))


def last_day(week_on: date) -> date:
    """The Sunday of the week that begins on this Monday."""
    return week_on + timedelta(days=6)
