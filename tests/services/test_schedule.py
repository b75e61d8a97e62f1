"""The year of audits: what falls due when, where each stands, and what is behind."""

from datetime import UTC, date, datetime

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.schedules import SlotState
from auditor.services import schedule
from auditor.storage.audits import SignOff
from auditor.storage.database import Database
from tests import make


def audit(session, plan, month, *, reviewed=(), **fields):
    last = {1: 31, 2: 28, 3: 31, 4: 30}[month]
    opened = datetime(2026, month, last, tzinfo=UTC)
    made = make.audit(
        session,
        plan=plan,
        first_on=date(2026, month, 1),
        last_on=date(2026, month, last),
        opened_at=opened,
        **fields,
    )
    for number, done in enumerate(reviewed):
        status = ReviewStatus.DONE if done else ReviewStatus.PENDING
        make.case(session, made, make.claim(f"C-{number}"), review_status=status)
    return made


def test_the_year_shows_each_audit_in_the_month_in_which_it_falls_due(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session, "monthly", repeat="FREQ=MONTHLY;COUNT=12", starts_on=date(2026, 1, 1))
        make.plan(session, "never", approved_at=None, repeat="FREQ=MONTHLY", starts_on=date(2026, 1, 1))
        signed = audit(session, plan, 1, reviewed=(True,), state=AuditState.SIGNED)
        audit(session, plan, 2, reviewed=(True, False))
        audit(session, plan, 3, state=AuditState.OPEN, drawn_at=None)
        session.add(
            SignOff(audit_id=signed.id, signer="olga", meaning="final", content_sha256="0" * 64, signed_at=make.NOON)
        )
        [year] = schedule.year(session, 2026, on=date(2026, 4, 2))
    by_month = {place: [slot.state for slot in slots] for place, slots in enumerate(year.months, start=1)}
    assert by_month[1] == []
    assert [by_month[month] for month in (2, 3, 4, 5)] == [
        [SlotState.SIGNED],
        [SlotState.IN_REVIEW],
        [SlotState.DUE],
        [SlotState.COMING],
    ]
    assert year.months[2][0].cases == 2


def test_what_is_not_drawn_or_not_signed_in_time_is_late(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(
            session, "monthly", repeat="FREQ=MONTHLY;COUNT=4", starts_on=date(2026, 1, 1), finish_days=20
        )
        audit(session, plan, 1, reviewed=(True,), state=AuditState.SIGNED)
        audit(session, plan, 2, reviewed=(True,))
        audit(session, plan, 3, state=AuditState.OPEN, drawn_at=None)
        early = schedule.late(session, on=date(2026, 3, 15))
        late = schedule.late(session, on=date(2026, 4, 6))
    assert early == []
    assert [(slot.period.first_on.month, slot.state) for slot in late] == [
        (2, SlotState.REVIEWED),
        (3, SlotState.DUE),
    ]


def test_a_late_draw_moves_no_deadline_and_is_told_of_by_its_days(database: Database) -> None:
    opened = datetime(2026, 11, 27, 12, tzinfo=UTC)
    days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 1, 31), "opened_at": opened, "drawn_at": opened}
    with database.write() as session:
        start = {"repeat": "FREQ=MONTHLY;COUNT=2", "starts_on": date(2026, 1, 1), "approved_at": opened}
        monthly = make.plan(session, "monthly", finish_days=20, **start)
        by_hand = make.plan(session, "by hand", finish_days=20)
        audits = [make.audit(session, plan=plan, **days) for plan in (monthly, by_hand)]
        late = schedule.late(session, on=opened.date())
        assert [schedule.finish_by(session, each) for each in audits] == [date(2026, 2, 21), date(2026, 12, 17)]
    assert [(slot.plan, slot.period.last_on.month, slot.drawn_late) for slot in late] == [
        ("monthly", 1, 299),
        ("monthly", 2, 0),
    ]
    assert late[1].state is SlotState.DUE


def test_an_audit_whose_signature_no_longer_holds_is_open_again(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session, "once")
        tainted = audit(session, plan, 1, reviewed=(True,))
        session.add(
            SignOff(
                audit_id=tainted.id,
                signer="olga",
                meaning="final",
                content_sha256="0" * 64,
                signed_at=make.NOON,
                tainted_at=make.NOON,
            )
        )
        [slot] = schedule.slots(session, date(2026, 1, 1), date(2026, 12, 31), on=date(2026, 2, 3))
    assert slot.state is SlotState.TAINTED


def test_a_plan_that_was_retired_calls_for_nothing_more(database: Database) -> None:
    with database.write() as session:
        make.plan(
            session,
            "monthly",
            repeat="FREQ=MONTHLY",
            starts_on=date(2026, 1, 1),
            retired_at=datetime(2026, 3, 15, tzinfo=UTC),
            retired_by="olga",
        )
        found = schedule.slots(session, date(2026, 1, 1), date(2026, 12, 31), on=date(2026, 6, 1))
    assert [slot.due_on for slot in found] == [date(2026, 2, 1), date(2026, 3, 1)]


def test_a_privileged_audit_is_in_the_year_of_those_named_on_it_alone(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session, "counsel", repeat="FREQ=MONTHLY;COUNT=1", starts_on=date(2026, 1, 1))
        audit(session, plan, 1, privileged=True)
        days = (date(2026, 1, 1), date(2026, 12, 31))
        found = [len(schedule.slots(session, *days, on=date(2026, 2, 2), reader=reader)) for reader in (None, "otto")]
    assert found == [1, 0]
