"""How often audits come round: short months, ends, pasts and nights on which clocks change."""

from dataclasses import replace
from datetime import date
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.plans import Period
from auditor.domain.recurrence import Recurrence, ShortMonths
from auditor.errors import BadInput, Conflict
from auditor.services import plan_sheets, plans, recurrence
from auditor.storage.database import Database
from tests import make


def first_days(rule: str, starts_on: date, *, many: int = 4, **how: Any) -> list[str]:
    asked = recurrence.checked(rule, starts_on, **how)
    return [f"{day:%m-%d}" for day in islice(recurrence.begins(asked), many)]


def test_the_31st_passes_short_months_over_unless_their_last_day_is_asked_for() -> None:
    starts = date(2026, 1, 31)
    assert first_days("FREQ=MONTHLY", starts) == ["01-31", "03-31", "05-31", "07-31"]
    assert first_days("FREQ=MONTHLY", starts, short_months=ShortMonths.LAST_DAY) == [
        "01-31",
        "02-28",
        "03-31",
        "04-30",
    ]
    assert first_days("FREQ=YEARLY", date(2024, 2, 29), short_months=ShortMonths.LAST_DAY) == [
        "02-29",
        "02-28",
        "02-28",
        "02-28",
    ]


def test_what_short_months_do_is_said_only_where_it_happens() -> None:
    monthly, quarterly = "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3"
    on = date(2026, 1, 1)
    assert recurrence.notes(recurrence.checked(monthly, date(2026, 1, 31)), on).skipped_day == 31
    assert recurrence.notes(recurrence.checked(quarterly, date(2026, 1, 30)), on).skipped_day is None
    assert recurrence.notes(recurrence.checked(monthly, date(2026, 1, 28)), on).skipped_day is None


def test_a_rule_that_ends_has_as_many_periods_as_it_says_and_the_last_is_whole() -> None:
    counted = recurrence.checked("RRULE:FREQ=MONTHLY;COUNT=2", date(2026, 1, 1))
    until = recurrence.checked("freq=monthly;until=20260228T000000Z", date(2026, 1, 1))
    expected = [
        Period(first_on=date(2026, 1, 1), last_on=date(2026, 1, 31)),
        Period(first_on=date(2026, 2, 1), last_on=date(2026, 2, 28)),
    ]
    assert list(recurrence.periods(counted)) == list(recurrence.periods(until)) == expected
    assert counted.has_end
    assert not recurrence.checked("FREQ=MONTHLY", date(2026, 1, 1)).has_end


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    st.sampled_from(list(ShortMonths)),
)
def test_periods_follow_each_other_without_gap_or_overlap(
    frequency: str, interval: int, starts_on: date, short: ShortMonths
) -> None:
    asked = recurrence.checked(f"FREQ={frequency};INTERVAL={interval};COUNT=6", starts_on, short)
    found = list(recurrence.periods(asked))
    assert len(found) == 6
    assert found[0].first_on == starts_on
    assert all((after.first_on - before.last_on).days == 1 for before, after in pairwise(found))
    assert all(not each.is_empty for each in found)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("FREQ=HOURLY", "whole days"),
        ("FREQ=DAILY;BYHOUR=2", "whole days"),
        ("DTSTART:20260101\nRRULE:FREQ=DAILY", "no recurrence rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=99", "never comes round"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes round"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(rule: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        recurrence.checked(rule, date(2026, 1, 1))


def test_a_start_in_the_past_is_told_of_and_one_too_far_back_is_refused() -> None:
    monthly = recurrence.checked("FREQ=MONTHLY", date(2025, 1, 1))
    told = recurrence.notes(monthly, date(2025, 7, 15))
    assert (told.over, told.endless, told.finished_on) == (6, True, None)
    ended = recurrence.checked("FREQ=MONTHLY;COUNT=2", date(2025, 1, 1))
    assert recurrence.notes(ended, date(2025, 7, 15)).finished_on == date(2025, 2, 28)
    with pytest.raises(BadInput, match="let it start later"):
        recurrence.refuse_too_late(recurrence.checked("FREQ=DAILY", date(2024, 1, 1)), date(2025, 7, 15))


def test_the_day_on_which_an_audit_falls_due_is_the_day_after_its_period() -> None:
    plan = Recurrence(rule="FREQ=WEEKLY", starts_on=date(2026, 3, 2))
    assert recurrence.coming(plan, date(2026, 3, 8), most=1)[0].due_on == date(2026, 3, 9)


def test_a_plan_says_what_to_know_before_it_is_approved(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(
            session,
            "monthly",
            repeat="FREQ=MONTHLY",
            starts_on=date(2025, 12, 31),
            auditors=["zoe"],
            approved_at=None,
            approved_by=None,
        )
        make.plan(session, "other", source=plan.source)
        make.plan(session, "elsewhere")
        sheet = plan_sheets.sheet(session, plan, on=date(2026, 1, 10))
        later = plan_sheets.sheet(session, plan, on=date(2026, 3, 31))
        make.audit(session, plan=plan, first_on=date(2025, 12, 31), last_on=date(2026, 1, 30))
        opened = plan_sheets.sheet(session, plan, on=date(2026, 3, 31))
    assert sheet.notes is not None
    assert (sheet.notes.endless, sheet.notes.skipped_day, sheet.notes.over) == (True, 31, 0)
    assert (sheet.same_claims, sheet.unknown_auditors) == (("other",), ("zoe",))
    assert (sheet.next_due_on, sheet.waiting) == (date(2026, 1, 31), ())
    assert (later.next_due_on, len(later.waiting)) == (date(2026, 1, 31), 2)
    assert (opened.next_due_on, len(opened.waiting)) == (date(2026, 3, 31), 1)


def test_a_plan_changes_until_it_is_approved_and_ends_when_it_is_retired(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session, "monthly", approved_at=None, approved_by=None)
        new = replace(plans.content(plan), name="each month", repeat="FREQ=MONTHLY", starts_on=date(2026, 2, 1))
        plans.change(session, "monthly", new, by="olga", at=make.NOON)
        plans.approve(session, name="each month", by="olga", at=make.NOON)
        with pytest.raises(Conflict, match="never changes"):
            plans.change(session, "each month", new, by="olga", at=make.NOON)
        retired = plans.retire(session, name="each month", by="olga", at=make.NOON)
        assert retired.retired_by == "olga"
        with pytest.raises(Conflict, match="retired already"):
            plans.retire(session, name="each month", by="olga", at=make.NOON)
