"""The days on which a plan's audits come round, and the periods between them. Every day is a date: no clock changes.

A period runs from one occurrence of the rule to the day before the next; the last period of a rule that ends is as
long as the one that would have followed.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile

from dateutil.rrule import rrule, rrulestr

from auditor.domain.plans import Period
from auditor.domain.recurrence import Recurrence, RecurrenceNotes, ShortMonths
from auditor.errors import BadInput
from auditor.storage.plans import Plan

_MOST_PERIODS_OVER = 120
_LOOKED_AT = 48
_DAY = timedelta(days=1)
_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*")
_WHOLE_DAYS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_OF_THE_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")


def checked(rule: str, starts_on: date | None, short_months: ShortMonths = ShortMonths.SKIP) -> Recurrence:
    """The recurrence that a person wrote; BadInput says what is wrong with it."""
    if starts_on is None:
        raise BadInput("a plan that repeats needs --starts: the first day of its first period")
    written = re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", rule.strip().upper().removeprefix("RRULE:")).rstrip(";")
    if not _RULE.fullmatch(written):
        raise BadInput(f"--repeat {rule!r} is no recurrence rule: write it like FREQ=MONTHLY (RFC 5545)")
    asked = Recurrence(rule=written, starts_on=starts_on)
    if asked.parts.get("FREQ") not in _WHOLE_DAYS or set(_OF_THE_CLOCK) & asked.parts.keys():
        raise BadInput(
            f"--repeat {rule!r} is no rule of whole days: audits come round by FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"
        )
    if short_months is ShortMonths.LAST_DAY:
        asked = asked.on_last_days()
    try:
        first = next(begins(asked), None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"--repeat {rule!r} is no recurrence rule: write it like FREQ=MONTHLY (RFC 5545)") from error
    if first is None:
        raise BadInput(f"--repeat {rule!r} never comes round from {starts_on} on")
    return asked


def of(plan: Plan) -> Recurrence | None:
    """How often a plan comes round; None when its audits are opened by hand."""
    if plan.repeat is None or plan.starts_on is None:
        return None
    return Recurrence(rule=plan.repeat, starts_on=plan.starts_on)


def begins(recurrence: Recurrence) -> Iterator[date]:
    """The first day of each period, without end where the rule has none."""
    rule = rrulestr(recurrence.rule, dtstart=datetime.combine(recurrence.starts_on, time()))
    if not isinstance(rule, rrule):
        raise TypeError("a set of rules")
    return (moment.date() for moment in rule)


def periods(recurrence: Recurrence) -> Iterator[Period]:
    """The periods in order, without end where the rule has none."""
    for begin, (first, following) in zip(begins(recurrence), pairwise(begins(recurrence.endless)), strict=False):
        if begin != first:
            raise ValueError("an end that moved the beginnings")
        yield Period(first_on=first, last_on=following - _DAY)


def periods_over(plan: Plan, on: date) -> list[Period]:
    """The periods of a plan that have ended before this day, oldest first."""
    recurrence = of(plan)
    if recurrence is None:
        return []
    return list(takewhile(lambda each: each.last_on < on, periods(recurrence)))


def periods_begun(plan: Plan, on: date) -> list[Period]:
    """The periods of a plan that have begun on this day or before, oldest first."""
    recurrence = of(plan)
    if recurrence is None:
        return []
    return list(takewhile(lambda each: each.first_on <= on, periods(recurrence)))


def periods_due(plan: Plan, first_on: date, last_on: date) -> list[Period]:
    """The periods that fall due in some days: a period does on the day after its last."""
    recurrence = of(plan)
    if recurrence is None:
        return []
    until = takewhile(lambda each: each.due_on <= last_on, periods(recurrence))
    return [each for each in until if each.due_on >= first_on]


def coming(recurrence: Recurrence, on: date, *, most: int) -> list[Period]:
    """The next periods that are not over on this day."""
    return list(islice((each for each in periods(recurrence) if each.last_on >= on), most))


def notes(recurrence: Recurrence, on: date) -> RecurrenceNotes:
    """What should be known of a recurrence before it is approved."""
    over = _over(recurrence, on)
    first = next(begins(recurrence))
    still = next(iter(coming(recurrence, on, most=1)), None)
    return RecurrenceNotes(
        endless=not recurrence.has_end,
        over=len(over),
        finished_on=over[-1].last_on if over and still is None else None,
        skipped_day=recurrence.late_day if _skips(recurrence) else None,
        begins_on=first if first != recurrence.starts_on else None,
    )


def refuse_too_late(recurrence: Recurrence, on: date) -> None:
    """BadInput when so many periods are over that nobody can mean to audit them all at once."""
    if len(_over(recurrence, on)) > _MOST_PERIODS_OVER:
        raise BadInput(
            f"more than {_MOST_PERIODS_OVER} periods are over already, and each would be audited at once:"
            " let it start later"
        )


def refuse_silent_past(recurrence: Recurrence, on: date, *, remedy: str) -> None:
    """BadInput when periods are over that nobody said should be audited; `remedy` says how that is said."""
    if over := len(_over(recurrence, on)):
        many = "1 of its periods is over" if over == 1 else f"{over} of its periods are over"
        raise BadInput(f"{many} already, and each would be audited at once: {remedy}, or let it start later")


def _over(recurrence: Recurrence, on: date) -> list[Period]:
    until = takewhile(lambda each: each.last_on < on, periods(recurrence))
    return list(islice(until, _MOST_PERIODS_OVER + 1))


def _skips(recurrence: Recurrence) -> bool:
    """Whether some month is passed over because it is too short."""
    asked, mended = recurrence.endless, recurrence.endless.on_last_days()
    return any(one != other for one, other in islice(zip(begins(asked), begins(mended), strict=False), _LOOKED_AT))
