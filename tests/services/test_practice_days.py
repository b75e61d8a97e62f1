"""Late in the evening of Los Angeles UTC is a day ahead: what is due and over goes by the practice's own day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict
from auditor.services import absences, alerts, bill_holds, documentation_requests, reviewers, schedule, seats
from auditor.services.alert_folding import Folding
from auditor.services.documentation_requests import Wanted
from auditor.services.follow_through import actions, overpayments, troubles
from auditor.services.follow_through.actions import NewAction
from auditor.services.follow_through.overpayments import Identified
from auditor.storage.database import Database
from auditor.storage.practice_days import beginning, day_of
from auditor.storage.prebill import BillHold
from tests import make
from tests.mail.test_deliver import story
from tests.services.test_alerts import LETTERHEAD

EVENING = datetime(2026, 10, 2, 4, 30, tzinfo=UTC)
TODAY = date(2026, 10, 1)
DAY = timedelta(days=1)


@pytest.fixture
def database(database: Database) -> Database:
    """The tables of a practice in Los Angeles, on both engines."""
    database.time_zone = "America/Los_Angeles"
    return database


def test_a_moment_falls_on_the_day_where_the_practice_is(database: Database) -> None:
    with database.read() as session:
        assert day_of(session, EVENING) == TODAY
        assert beginning(session, TODAY) == datetime(2026, 10, 1, 7, tzinfo=UTC)
        assert beginning(session, date(2026, 11, 2)) == datetime(2026, 11, 2, 8, tzinfo=UTC)  # clocks were put back


def test_what_is_due_today_may_be_said_late_in_the_evening(database: Database) -> None:
    with database.write() as session:
        make.user(session, "cora", roles=(Role.CODER,))
        action = actions.add(session, NewAction(title="Teach", owner="cora", due_on=TODAY), by="olga", at=EVENING)
        assert not troubles.overdue_actions(session, on=day_of(session, EVENING))
        assert troubles.overdue_actions(session, on=TODAY + DAY) == [action]
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        seat = seats.seat_of(session, case, name="anna")
        wanted = Wanted(record="operative note", due_on=TODAY)
        assert documentation_requests.begin(session, seat, wanted, at=EVENING).due_on == TODAY


def test_nothing_was_found_tomorrow(database: Database) -> None:
    with database.write() as session:
        overpayments.identify(session, Identified(title="Levels", identified_on=TODAY), by="olga", at=EVENING)
        tomorrow = Identified(title="More", identified_on=TODAY + DAY)
        with pytest.raises(BadInput, match="lies in the future"):
            overpayments.identify(session, tomorrow, by="olga", at=EVENING)


def test_an_alert_is_silenced_up_to_today(database: Database) -> None:
    with database.write() as session:
        folding = Folding(session=session, letterhead=LETTERHEAD, at=EVENING - DAY)
        opened = folding.open_operational("hill/ai/3.1", story(), as_of=TODAY - DAY)
        assert opened is not None
        number = opened.id
        assert alerts.silence(session, number, until=TODAY, by="olga", at=EVENING).silenced_until == TODAY
        with pytest.raises(BadInput, match="is past"):
            alerts.silence(session, number, until=TODAY - DAY, by="olga", at=EVENING)


def test_a_bill_is_held_through_its_whole_last_day(database: Database) -> None:
    with database.write() as session:
        audit = make.audit(session)
        held = make.case(session, audit, make.claim())
        session.add(BillHold(case_id=held.id, held_at=EVENING - DAY, due_on=TODAY + DAY))
        session.flush()
        with pytest.raises(Conflict, match="may be released yet"):
            bill_holds.release(session, audit.id, by="olga", at=EVENING)
        assert bill_holds.release(session, audit.id, by="olga", at=EVENING + DAY) == [held.number]


def test_who_is_away_today_gets_no_case_this_evening(database: Database) -> None:
    with database.write() as session:
        for name in ("anna", "ben"):
            make.user(session, name, roles=(Role.AUDITOR,))
        absences.add(session, "anna", (TODAY, TODAY), by="olga", at=EVENING)
        plan = make.plan(session, auditors=["anna", "ben"])
        assert reviewers.of_plan(session, plan, on=day_of(session, EVENING)).names == ("ben",)


def test_an_audit_opened_by_hand_is_due_from_the_day_on_the_wall(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session, finish_days=20)
        audit = make.audit(session, plan=plan, opened_at=EVENING, drawn_at=EVENING)
        assert schedule.finish_by(session, audit) == TODAY + 20 * DAY
