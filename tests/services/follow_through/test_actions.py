"""Corrective actions up to the follow-up audit that `run-due` opens by itself; both engines."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.domain.corrective_actions import ActionState
from auditor.domain.people import Role
from auditor.domain.plans import Objective
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services.due_audits import AuditRules, run_due_audits
from auditor.services.follow_through import actions, effects, follow_up_plans, reminders, troubles
from auditor.services.follow_through.actions import NewAction, Update, Verdict
from auditor.services.notices import Letterhead
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.domain.judgements import change
from tests.practice import Practice
from tests.services.samples import draw, drawn_audit, review

NOON, DAY = make.NOON, timedelta(days=1)
TODAY = NOON.date()
LETTERHEAD = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")


def given(database: Database, audit: int | None = None, **new: object) -> int:
    """An action of cora's, due in ten days."""
    with database.write() as session:
        if not actions.every(session):
            make.user(session, "cora", roles=(Role.CODER,))
        asked = {"title": "Teach levels", "owner": "cora", "due_on": TODAY + 10 * DAY, "audit_id": audit} | new
        return actions.add(session, NewAction(**asked), by="olga", at=NOON).id


def test_a_follow_up_audit_is_born_of_an_action_that_was_done(practice: Practice) -> None:
    database = practice.database
    more = {"finish_days": 12, "second_signature": True}
    first = practice.drawn(
        objective=Objective.ATTRIBUTE, tolerable=Fraction(1, 10), expected=Fraction(1, 50), size=40, **more
    )
    practice.sql("UPDATE claims SET served_on = '2026-02-10' WHERE coder_of_record = 'anna'")
    number = given(database, first.audit_id, field="coder_of_record", value="anna", check_days=28)
    with database.write() as session:
        action = actions.done(session, number, note="Taught on Tuesday.", by="cora", at=NOON + 5 * DAY)
        plan = action.check_plan
        assert plan is not None
        assert (plan.where_sql, plan.approved_by) == ("coder_of_record = 'anna'", "olga")
        assert (plan.finish_days, plan.second_signature, plan.size) == (12, True, 40)
        assert (action.check_first_on, action.check_last_on) == (TODAY + 11 * DAY, TODAY + 38 * DAY)
        with pytest.raises(Conflict, match="no drawn follow-up audit yet"):
            effects.effect(session, action)
    rules = AuditRules(new_seed=lambda: "5eed" * 16, environment={}, letterhead=LETTERHEAD)
    early = run_due_audits(database, rules, on=TODAY + 38 * DAY, by="auditor", at=NOON + 38 * DAY)
    due = run_due_audits(database, rules, on=TODAY + 39 * DAY, by="auditor", at=NOON + 39 * DAY)
    again = run_due_audits(database, rules, on=TODAY + 400 * DAY, by="auditor", at=NOON + 400 * DAY)
    assert (early.opened, len(due.drawn), again.opened) == ((), 1, ())
    with database.read() as session:
        action = actions.numbered(session, number)
        follow_up = follow_up_plans.follow_up_audit(session, action)
        assert follow_up is not None
        assert (follow_up.id, follow_up.state) == (due.drawn[0], AuditState.DRAWN)
        coders = {case.claim["coder_of_record"] for case in session.query(AuditCase).filter_by(audit_id=follow_up.id)}
        assert coders == {"anna"}


def checked(database: Database, before: int, after: int) -> effects.Effect:
    """The effect where so many of 40 claims were in error before, and after."""
    with database.write() as session:
        audits = []
        for wrong in (before, after):
            audit = drawn_audit(session, {"all": 4000})
            made = draw(session, audit, "all", [make.claim(f"{audit.id}-{n}") for n in range(40)], population=4000)
            for place, case in enumerate(made):
                review(session, case, {"l1": change("99213")} if place < wrong else None)
            audits.append(audit)
        make.user(session, "cora", roles=(Role.CODER,))
        new = NewAction(title="Teach", owner="cora", due_on=TODAY, audit_id=audits[0].id)
        action = actions.add(session, new, by="olga", at=NOON)
        actions.done(session, action.id, note=None, by="cora", at=NOON)
        audits[1].plan_id = action.check_plan_id
        session.flush()
        return effects.effect(session, action)


def test_the_check_compares_the_rates_before_and_after(database: Database) -> None:
    better = checked(database, 20, 2)
    assert (better.before.numerator, better.after.numerator, better.finished) == (20, 2, True)
    assert better.difference.estimate == pytest.approx(-0.45)
    assert better.difference.low is not None
    assert better.shown is effects.Shown.FEWER_ERRORS
    with database.write() as session:
        verdict = Verdict(effective=True, note="It helped.")
        action = actions.judge(session, better.action_id, verdict, by="olga", at=NOON + 99 * DAY)
        assert action.state is ActionState.EFFECTIVE
        with pytest.raises(Conflict, match="judged when it is done, and once"):
            actions.judge(session, action.id, verdict, by="olga", at=NOON)


def test_a_small_change_is_no_difference_shown(sqlite: Database) -> None:
    assert checked(sqlite, 6, 5).shown is effects.Shown.NO_DIFFERENCE


def test_an_action_done_late_is_checked_on_claims_after_it(database: Database) -> None:
    with database.write() as session:
        audit = make.audit(session).id
    number = given(database, audit, check_days=30)
    with database.write() as session:
        action = actions.done(session, number, note=None, by="cora", at=NOON + 20 * DAY)
        assert (action.check_first_on, action.check_last_on) == (TODAY + 21 * DAY, TODAY + 50 * DAY)
        assert [entry.step for entry in action.entries] == ["added", "done"]


def test_what_an_action_said_before_a_change_stays_readable(database: Database) -> None:
    number = given(database)
    with database.write() as session:
        later = Update(due_on=TODAY + 20 * DAY, note="She is away.")
        actions.update(session, number, later, by="olga", at=NOON)
    with database.read() as session:
        action = actions.numbered(session, number)
        assert [entry.values["due_on"] for entry in action.entries] == ["2026-01-25", "2026-02-04"]
        assert (action.entries[1].note, action.check_first_on) == ("She is away.", None)


def test_an_action_about_somebody_whom_nobody_knows_says_so(database: Database) -> None:
    with database.write() as session:
        make.case(session, make.audit(session), make.claim("C-1", coder_of_record="H-071", provider="P-9"))
    doubts = {}
    for value in ("cora", "h-071", "H-07", "P-9"):
        number = given(database, field="coder_of_record", value=value)
        with database.read() as session:
            doubts[value] = actions.doubt(session, actions.numbered(session, number))
    assert [value for value, doubt in doubts.items() if doubt] == ["H-07", "P-9"]
    assert str(doubts["H-07"]).startswith("no user and no claim under audit is known as coder_of_record H-07")
    with database.read() as session:
        assert actions.doubt(session, actions.numbered(session, given(database))) is None


def queue(session: Session, at: datetime) -> int:
    return reminders.queue(session, letterhead=LETTERHEAD, since=at, on=at.date(), at=at)


def test_owners_are_told_before_the_day_and_after_it_and_never_twice(database: Database) -> None:
    number = given(database)
    told = {}
    for day in (0, 0, 2, 3, 10, 11, 12, 18, 60):
        with database.write() as session:
            at = NOON + day * DAY
            told[day] = told.get(day, 0) + queue(session, at)
    assert told == {0: 1, 2: 0, 3: 1, 10: 0, 11: 1, 12: 0, 18: 1, 60: 1}
    with database.read() as session:
        kinds = [mail.content["told"] for mail in session.query(OutboxMessage).order_by(OutboxMessage.id)]
        late = list(troubles.troubles(session, on=TODAY + 11 * DAY))
    assert kinds == ["action_given", "action_due_soon", "action_overdue", "action_overdue", "action_overdue"]
    assert [(each.key, each.since) for each in late] == [("actions", TODAY + 11 * DAY)]
    with database.write() as session:
        actions.done(session, number, note=None, by="cora", at=NOON)
        assert queue(session, NOON + 350 * DAY) == 0
        assert list(troubles.troubles(session, on=date(2027, 1, 1))) == []


def test_what_cannot_be_done_is_named(sqlite: Database) -> None:
    number = given(sqlite)
    for wrong, said in (
        ({"due_on": TODAY - 2 * DAY}, "is past"),
        ({"title": " "}, "has a title"),
        ({"field": "provider"}, "with both"),
        ({"field": "patient_id", "value": "P"}, "cannot be about patient_id"),
        ({"check_days": -1}, "0 for no check"),
    ):
        with pytest.raises(BadInput, match=said):
            given(sqlite, **wrong)
    with pytest.raises(NotFound, match="no user nobody"):
        given(sqlite, owner="nobody")
    with sqlite.write() as session:
        actions.cancel(session, number, note="Not needed.", by="olga", at=NOON)
        with pytest.raises(Conflict, match="cancelled already"):
            actions.done(session, number, note=None, by="cora", at=NOON)
        with pytest.raises(NotFound, match="no corrective action 99"):
            actions.numbered(session, 99)
