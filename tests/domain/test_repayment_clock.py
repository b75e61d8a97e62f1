"""The 60 days of 42 CFR 401.305(b), and what suspends them."""

from datetime import date, timedelta

import pytest

from auditor.domain.repayment_clock import ClockState, RepaymentClock

DAY = timedelta(days=1)
START = date(2026, 1, 5)


def clock(**dates: object) -> RepaymentClock:
    return RepaymentClock(identified_on=START, **dates)


def test_without_an_investigation_sixty_days_run() -> None:
    found = clock()
    assert found.due_on == START + 60 * DAY
    assert found.state(found.due_on) is ClockState.RUNNING
    assert found.state(found.due_on + DAY) is ClockState.LAPSED
    assert (found.days_left(START), found.days_left(found.due_on + DAY)) == (60, -1)


def test_an_investigation_suspends_until_the_amount_is_known() -> None:
    known = START + 90 * DAY
    found = clock(investigated_from=START, quantified_on=known, quantified_cents=500)
    assert (found.suspended_until, found.due_on) == (known, known + 60 * DAY)
    before = clock(investigated_from=START)
    assert before.state(START + 90 * DAY) is ClockState.SUSPENDED
    assert found.state(known) is ClockState.RUNNING


def test_a_suspension_ends_on_day_180_whether_or_not_the_amount_is_known() -> None:
    unknown, late = clock(investigated_from=START), clock(investigated_from=START, quantified_on=START + 200 * DAY)
    for found in (unknown, late):
        assert found.suspended_until == START + 180 * DAY
        assert found.due_on == START + 240 * DAY
    assert unknown.state(START + 180 * DAY) is ClockState.RUNNING
    assert unknown.state(START + 241 * DAY) is ClockState.LAPSED


def test_days_that_ran_before_the_investigation_are_counted() -> None:
    found = clock(investigated_from=START + 10 * DAY, quantified_on=START + 100 * DAY)
    assert found.due_on == START + 150 * DAY


def test_a_return_ends_the_clock_in_time_or_late() -> None:
    assert clock(refunded_on=START + 60 * DAY).state(START + 99 * DAY) is ClockState.RETURNED
    assert clock(refunded_on=START + 61 * DAY).state(START + 99 * DAY) is ClockState.RETURNED_LATE
    assert clock(quantified_on=START, quantified_cents=0).state(START + 99 * DAY) is ClockState.NONE_OWED
    assert not clock(refunded_on=START).is_open(START)


@pytest.mark.parametrize(
    ("found", "day", "warns"),
    [
        (clock(), 45, False),
        (clock(), 46, True),
        (clock(), 300, True),
        (clock(investigated_from=START), 165, False),
        (clock(investigated_from=START), 166, True),
        (clock(investigated_from=START), 181, False),
        (clock(investigated_from=START), 226, True),
        (clock(refunded_on=START), 300, False),
    ],
)
def test_it_warns_two_weeks_before_each_last_day(found: RepaymentClock, day: int, warns: bool) -> None:
    assert found.warns(START + day * DAY) is warns
