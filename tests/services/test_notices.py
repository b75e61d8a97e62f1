"""Who is told of an alert, when, and how it goes on when nobody acts or it comes back."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertMove, AlertState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.notices import Delivery, QuietHours
from auditor.domain.people import Role
from auditor.domain.stories import Story
from auditor.errors import Conflict
from auditor.mail.rendering import rendered
from auditor.services import alerts, digests, subscriptions
from auditor.services.alert_folding import Folded, Folding, Told
from auditor.services.alert_reminders import escalate, remind
from auditor.services.alerts import Grounds
from auditor.services.digests import DigestRules
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.mail.test_deliver import story
from tests.services.test_alerts import LETTERHEAD

MONDAY = date(2026, 1, 12)
WEEK = timedelta(weeks=1)


@pytest.fixture
def people(database: Database) -> Database:
    """A manager, an officer, an administrator and an auditor, all with mail addresses."""
    with database.write() as session:
        for name, role in (
            ("mia", Role.MANAGER),
            ("olga", Role.OFFICER),
            ("ada", Role.ADMIN),
            ("anna", Role.AUDITOR),
        ):
            make.user(session, name, roles=(role,), email=f"{name}@hill.example")
    return database


def folding(session: Session, at: datetime = make.NOON, **letterhead: object) -> Folding:
    return Folding(session=session, letterhead=replace(LETTERHEAD, **letterhead), at=at)


def fold(session: Session, week: int, *stories: Story) -> Folded:
    """A run of the monitors in a week, in which one story or none is told."""
    told = Told(
        as_of=MONDAY + WEEK * week,
        stories=dict.fromkeys(["hill/ai/3.1"], stories[0]) if stories else {},
        readings={},
        sources=[story().source],
        quiet_weeks=4,
    )
    return folding(session, make.NOON + WEEK * week).fold(told)


def mailed(session: Session, occasion: str) -> list[str]:
    """Who was sent a mail on an occasion."""
    rows = session.query(OutboxMessage).order_by(OutboxMessage.id)
    return [row.recipient.partition("@")[0] for row in rows if row.content["occasion"] == occasion]


def test_managers_and_officers_are_told_at_once_unless_they_chose_otherwise(people: Database) -> None:
    with people.write() as session:
        subscriptions.choose(session, "olga", {AlertKind.DRIFT: Delivery.WEEKLY}, by="olga", at=make.NOON)
        subscriptions.choose(session, "anna", {AlertKind.DRIFT: Delivery.NOW}, by="anna", at=make.NOON)
        fold(session, 0, story())
        assert mailed(session, "opened") == ["anna", "mia"]


def test_administrators_are_told_of_the_machinery(people: Database) -> None:
    with people.write() as session:
        operational = replace(story(), kind=AlertKind.OPERATIONAL)
        folding(session).open_operational("machine:runs", operational, as_of=MONDAY)
        assert mailed(session, "opened") == ["ada", "mia", "olga"]


def test_a_choice_can_be_changed_and_needs_an_address(people: Database) -> None:
    with people.write() as session:
        never = {AlertKind.DRIFT: Delivery.NEVER}
        subscriptions.choose(session, "mia", never, by="mia", at=make.NOON)
        found = subscriptions.choose(session, "mia", {AlertKind.DRIFT: Delivery.NOW}, by="mia", at=make.NOON)
        assert found == {AlertKind.DRIFT: Delivery.NOW, AlertKind.OPERATIONAL: Delivery.NOW}
        make.user(session, "max", roles=(Role.MANAGER,), email=None)
        assert subscriptions.choose(session, "max", never, by="max", at=make.NOON)[AlertKind.DRIFT] is Delivery.NEVER
        with pytest.raises(Conflict, match="no mail address"):
            subscriptions.choose(session, "max", {AlertKind.DRIFT: Delivery.NOW}, by="max", at=make.NOON)


def test_what_nobody_acknowledges_is_handed_up_once_to_those_who_must_know(people: Database) -> None:
    with people.write() as session:
        for name in ("olga", "ada"):
            subscriptions.choose(session, name, {AlertKind.DRIFT: Delivery.NEVER}, by=name, at=make.NOON)
        number = fold(session, 0, story()).opened[0].id
        days = [0, 6, 7, 8, 30]
        done = [
            escalate(folding(session, make.NOON + timedelta(days=day)), on=MONDAY, after=timedelta(days=7))
            for day in days
        ]
        assert done == [0, 0, 1, 0, 0]
        assert sorted(mailed(session, "escalated")) == ["ada", "mia", "olga"]
        assert [step.move for step in alerts.steps(session, number)] == [AlertMove.ESCALATED]


def test_days_without_a_run_are_not_caught_up_and_no_reminder_comes_with_the_escalation(people: Database) -> None:
    with people.write() as session:
        alert = fold(session, 0, story()).opened[0]
        told = []
        for day in (30, 30, 30, 31, 33, 33, 34, 36, 39, 42):
            run = folding(session, make.NOON + timedelta(days=day))
            told.append((escalate(run, on=MONDAY, after=timedelta(days=7)), remind(run, on=MONDAY)))
    assert told == [(1, 0), (0, 0), (0, 0), (0, 0), (0, 1), (0, 0), (0, 0), (0, 1), (0, 1), (0, 0)]
    assert alert.reminders == 3


def test_an_acknowledged_or_silenced_alert_neither_reminds_nor_escalates(people: Database) -> None:
    late = make.NOON + timedelta(days=30)
    with people.write() as session:
        number = fold(session, 0, story()).opened[0].id
        alerts.silence(session, number, until=late.date(), by="mia", at=make.NOON)
        assert remind(folding(session, late), on=late.date()) == 0
        assert escalate(folding(session, late), on=late.date(), after=timedelta(days=7)) == 0
        alerts.acknowledge(session, number, by="mia", at=late)
        later = late + timedelta(days=30)
        assert remind(folding(session, later), on=later.date()) == 0
        assert escalate(folding(session, later), on=later.date(), after=timedelta(days=7)) == 0


def test_a_story_that_comes_and_goes_stays_one_alert(people: Database) -> None:
    with people.write() as session:
        first = fold(session, 0, story()).opened[0]
        assert fold(session, 3).ended == []
        assert fold(session, 4).ended == [first]
        assert fold(session, 6, story()).opened == [first]
        assert (first.state, first.openings, first.closed_at) == (AlertState.OPEN, 2, None)
        assert mailed(session, "reopened") == ["mia", "olga"]
        assert fold(session, 10).ended == [first]
        moves = [step.move for step in alerts.steps(session, first.id)]
        assert moves == [AlertMove.RESOLVED, AlertMove.REOPENED, AlertMove.RESOLVED]
        assert mailed(session, "resolved") == ["mia", "olga"] * 2


def test_silence_is_not_quiet_and_ends_no_alert(people: Database) -> None:
    with people.write() as session:
        alert = fold(session, 0, story()).opened[0]
        late = Told(
            as_of=MONDAY + WEEK * 9, stories={}, readings={}, sources=[story().source], quiet_weeks=4, speaking={}
        )
        at = folding(session, make.NOON + WEEK * 9)
        for unsaid in (
            replace(late, dry=[story().source]),
            replace(late, speaking={"hill/ai/3.1": ["em_level"]}),
            replace(late, speaking={"hill/ai/3.1": []}),
            replace(late, sources=[]),
        ):
            assert at.fold(unsaid).ended == []
        assert at.fold(replace(late, speaking={"hill/ai/3.1": ["em_level", "modifier_rates"]})).ended == [alert]


def test_what_a_person_closed_or_what_is_long_over_opens_a_new_alert(people: Database) -> None:
    with people.write() as session:
        first = fold(session, 0, story()).opened[0]
        alerts.resolve(session, first.id, grounds=Grounds(reason="rolled back"), by="mia", at=make.NOON)
        second = fold(session, 1, story()).opened[0]
        assert second.id != first.id
        fold(session, 5)
        third = fold(session, 10, story()).opened[0]
        assert third.id not in (first.id, second.id)


def test_a_reopened_alert_reminds_anew(people: Database) -> None:
    with people.write() as session:
        number = fold(session, 0, story()).opened[0].id
        for day in (3, 6, 9, 12):
            remind(folding(session, make.NOON + timedelta(days=day)), on=MONDAY)
        alerts.dismiss(session, number, grounds=Grounds(reason="noise"), by="mia", at=make.NOON + 2 * WEEK)
        alerts.reopen(session, number, grounds=Grounds(reason="no noise"), by="mia", at=make.NOON + 2 * WEEK)
        assert len(mailed(session, "reminder")) == 6
        remind(folding(session, make.NOON + 2 * WEEK + timedelta(days=2)), on=MONDAY)
        assert len(mailed(session, "reminder")) == 6
        remind(folding(session, make.NOON + 2 * WEEK + timedelta(days=3)), on=MONDAY)
        assert len(mailed(session, "reminder")) == 8


def test_in_quiet_hours_notices_wait_for_the_morning(people: Database) -> None:
    quiet = QuietHours(begin=time(20), end=time(7), time_zone="America/New_York")
    night = datetime.fromisoformat("2026-01-12T23:30-05:00")
    with people.write() as session:
        folding(session, night, quiet=quiet).open_operational("machine:runs", story(), as_of=MONDAY)
        times = {row.next_try_at.isoformat() for row in session.query(OutboxMessage)}
    assert times == {"2026-01-13T12:00:00+00:00"}


@pytest.mark.parametrize(
    ("begin", "end", "at", "released"),
    [
        ("20:00", "07:00", "2026-01-12T19:59-05:00", "2026-01-12T19:59-05:00"),
        ("20:00", "07:00", "2026-01-12T20:00-05:00", "2026-01-13T07:00-05:00"),
        ("20:00", "07:00", "2026-01-12T06:59-05:00", "2026-01-12T07:00-05:00"),
        ("20:00", "07:00", "2026-01-12T07:00-05:00", "2026-01-12T07:00-05:00"),
        ("12:00", "13:00", "2026-01-12T12:30-05:00", "2026-01-12T13:00-05:00"),
        ("20:00", "07:00", "2026-10-31T23:00-04:00", "2026-11-01T07:00-05:00"),
    ],
)
def test_quiet_hours_end_when_local_clocks_say_so(begin: str, end: str, at: str, released: str) -> None:
    quiet = QuietHours(begin=time.fromisoformat(begin), end=time.fromisoformat(end), time_zone="America/New_York")
    assert quiet.release(datetime.fromisoformat(at)) == datetime.fromisoformat(released)


def digest(session: Session, day: date) -> int:
    rules = DigestRules(letterhead=LETTERHEAD, false_mails_a_year=2)
    return digests.queue(session, rules, on=day, at=make.NOON)


def test_who_chose_the_weekly_mail_gets_one_a_week_with_what_waits_and_what_ended(people: Database) -> None:
    with people.write() as session:
        subscriptions.choose(session, "olga", {AlertKind.DRIFT: Delivery.WEEKLY}, by="olga", at=make.NOON)
        fold(session, 0, story())
        days = [MONDAY + timedelta(days=day) for day in (7, 8, 13, 14)]
        assert [digest(session, day) for day in days] == [1, 0, 0, 1]
        first, _ = session.query(OutboxMessage).filter_by(kind=digests.KIND).order_by(OutboxMessage.id)
        content = first.content
        assert (content["first_on"], content["last_on"]) == ("2026-01-12", "2026-01-18")
        assert [line["alert_id"] for line in content["waiting"]] == [1]
        assert (content["opened_this_year"], content["dismissed_this_year"]) == (1, 0)


def test_the_weekly_mail_reads_as_text_and_page(people: Database) -> None:
    with people.write() as session:
        subscriptions.choose(session, "olga", {AlertKind.DRIFT: Delivery.WEEKLY}, by="olga", at=make.NOON)
        fold(session, 0, story())
        digest(session, MONDAY + WEEK)
        (mail,) = session.query(OutboxMessage).filter_by(kind=digests.KIND)
        written = rendered(mail.kind, mail.content, Checkpoint(number=7, sha256="0" * 64))
    assert written.subject == "Week of 12 Jan 2026: 1 alert waits for a decision"
    assert "http://h/alerts/1" in written.text
    assert "set for 2 false ones a year" in " ".join(written.text.split())
    assert "modifier 25 up" in written.html


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-01T05:10+00:00", "2026-11-01T05:30+00:00"),
        ("2026-11-01T06:10+00:00", "2026-11-01T06:30+00:00"),
        ("2026-10-31T23:00-04:00", "2026-11-01T05:30+00:00"),
        ("2026-11-01T06:40+00:00", "2026-11-01T06:40+00:00"),
    ],
)
def test_quiet_hours_end_after_they_began_in_the_hour_that_comes_twice(at: str, until: str) -> None:
    quiet = QuietHours(begin=time(22), end=time(1, 30), time_zone="America/New_York")
    moment = datetime.fromisoformat(at)
    assert quiet.release(moment) == datetime.fromisoformat(until)


def test_quiet_hours_that_end_in_an_hour_that_is_left_out_end_when_it_would_have_been_over() -> None:
    quiet = QuietHours(begin=time(22), end=time(2, 30), time_zone="America/New_York")
    held = quiet.release(datetime.fromisoformat("2026-03-08T01:00-05:00"))
    assert held == datetime.fromisoformat("2026-03-08T07:30+00:00")
