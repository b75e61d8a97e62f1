"""Everybody's calendar: their own days behind an address that can be taken back; and the hours to come."""

from datetime import UTC, date, datetime

import icalendar
import pytest

from auditor.domain.people import Role
from auditor.errors import Forbidden, NotFound
from auditor.reports import calendar_files
from auditor.services import absences, calendar_feeds, people, workload
from auditor.services.notices import Letterhead
from auditor.storage.database import Database
from tests import make

KEY = b"k" * 32
HEAD = Letterhead(practice="Hill", base_url="http://h", time_zone="America/New_York", mail_domain="hill.example")
WHO = {"by": "olga", "at": make.NOON}


def given(session):
    for name, role in (("olga", Role.OFFICER), ("anna", Role.AUDITOR), ("ben", Role.AUDITOR), ("mia", Role.MANAGER)):
        make.user(session, name, roles=(role,))
    plan = make.plan(
        session, "monthly", repeat="FREQ=MONTHLY;COUNT=4", starts_on=date(2026, 1, 1), auditors=["anna"], size=30
    )
    opened = datetime(2026, 2, 1, 12, tzinfo=UTC)
    audit = make.audit(session, plan=plan, first_on=date(2026, 1, 1), last_on=date(2026, 1, 31), opened_at=opened)
    for number in range(3):
        make.case(session, audit, make.claim(f"C-{number}"), assigned_to="anna")
    return audit


def summaries(session, name, on=date(2026, 2, 2)):
    found = calendar_feeds.entries(session, people.named(session, name), letterhead=HEAD, on=on)
    return [(str(each.on), each.summary.split(":")[0]) for each in found]


def test_each_person_sees_their_own_days(database: Database) -> None:
    with database.write() as session:
        given(session)
        due = [(day, "Audit falls due") for day in ("2026-03-01", "2026-04-01", "2026-05-01")]
        assert summaries(session, "olga") == sorted([*due, ("2026-03-03", "To be signed")])
        assert summaries(session, "anna") == sorted([*due, ("2026-03-03", "3 cases to review")])
        assert summaries(session, "ben") == summaries(session, "mia") == []


def test_what_is_overdue_stands_on_today_and_says_since_when(database: Database) -> None:
    on = date(2026, 11, 27)
    with database.write() as session:
        given(session)
        found = calendar_feeds.entries(session, people.named(session, "olga"), letterhead=HEAD, on=on)
    assert [(each.on, each.changed_at.date()) for each in found] == [(on, on)] * 4
    said = sorted(each.summary.replace(chr(160), " ") for each in found)
    assert said[-1] == "Overdue since 3 Mar 2026: To be signed: audit 1, monthly"
    assert said[0] == "Overdue since 1 Apr 2026: Audit falls due: monthly"


def test_the_feed_is_a_calendar_of_whole_days_and_names_no_claim(database: Database) -> None:
    with database.write() as session:
        given(session)
        token = calendar_feeds.token(session, "anna", key=KEY, at=make.NOON)
        found = calendar_feeds.feed(session, token, key=KEY, letterhead=HEAD, at=datetime(2026, 2, 2, tzinfo=UTC))
    written = calendar_files.calendar(found.entries, name=found.name)
    assert written == calendar_files.calendar(found.entries, name=found.name)
    events = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert len(events) == 4
    assert {type(event.decoded("dtstart")) for event in events} == {date}
    assert len({str(event["uid"]) for event in events}) == 4
    assert b"C-" not in written


def test_an_address_ends_when_it_is_renewed_or_its_owner_leaves(database: Database) -> None:
    with database.write() as session:
        given(session)
        first = calendar_feeds.token(session, "anna", key=KEY, at=make.NOON)
        assert calendar_feeds.token(session, "anna", key=KEY, at=make.NOON) == first
        second = calendar_feeds.token(session, "anna", key=KEY, at=make.NOON, renew=True)
        how = {"key": KEY, "letterhead": HEAD, "at": make.NOON}
        for wrong in (first, second[:-2] + "xx", "nonsense"):
            with pytest.raises(NotFound):
                calendar_feeds.feed(session, wrong, **how)
        assert calendar_feeds.feed(session, second, **how).name == "Anna"
        with pytest.raises(Forbidden):
            calendar_feeds.feed(session, second, **(how | {"at": datetime(2040, 1, 1, tzinfo=UTC)}))
        people.disable(session, name="anna", **WHO)
        with pytest.raises(NotFound, match="no longer good"):
            calendar_feeds.feed(session, second, **how)


def test_hours_to_come_follow_the_plans_and_the_minutes_of_each_person(database: Database) -> None:
    with database.write() as session:
        audit = given(session)
        audit.plan.auditors = ["anna", "ben"]
        audit.rounds[0].sample_size = 40
        absences.add(session, "ben", (date(2026, 3, 1), date(2026, 3, 1)), **WHO)
        found = workload.forecast(session, on=date(2026, 2, 2), months=3, case_minutes=15)
        absences.add(session, "anna", (date(2026, 4, 1), date(2026, 4, 1)), **WHO)
        absences.add(session, "ben", (date(2026, 4, 1), date(2026, 4, 1)), **WHO)
        alone = workload.forecast(session, on=date(2026, 2, 2), months=3, case_minutes=15)
    assert found.months == ("2026-02", "2026-03", "2026-04")
    anna, ben = found.people
    assert (anna.waiting, anna.waiting_hours) == (3, 0.75)
    assert (anna.months["2026-03"], anna.months["2026-04"]) == (10, 5)
    assert (ben.months["2026-03"], ben.months["2026-04"]) == (0, 5)
    assert alone.unmanned == {"2026-02": 0, "2026-03": 0, "2026-04": 10}
