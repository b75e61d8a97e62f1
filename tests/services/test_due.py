"""What is due is done once, by one run at a time, and a run that died holds nobody up."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from auditor.domain.alerts import AlertKind, AlertState
from auditor.domain.audits import AuditState
from auditor.domain.mails import MailState
from auditor.domain.people import Role
from auditor.domain.plans import Period
from auditor.mail.deliver import Sender
from auditor.mail.due_run import DueRules, DueRun, run_everything_due
from auditor.mail.files import FileTransport
from auditor.services import alerts, audits, claim_sources, run_lock
from auditor.services.due_audits import AuditRules
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.run import RunRules
from auditor.services.notices import Letterhead
from auditor.services.recurrence import periods_over
from auditor.sources.mapping import preset
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage, Run
from tests import make
from tests.drifting_practice import Practice, write

LETTERHEAD = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")
RULES = DueRules(
    audits=AuditRules(new_seed=lambda: make.SEED, environment={}, letterhead=LETTERHEAD),
    monitors=RunRules(
        false_mails_a_year=2, costs=CostModel(rework_cents=5_700), letterhead=LETTERHEAD, environment={}
    ),
)
PRACTICE = Practice(claims=60, weeks=12)


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def due(database: Database, folder: Path, day: date, *, clock: datetime | None = None) -> DueRun | None:
    """A run as of a day; the lock goes by `clock`."""
    sender = Sender(transport=FileTransport(folder=folder / "mail"), sender="a@hill.example", practice="Hill")
    at = moment(day)
    return run_everything_due(database, rules=RULES, sender=sender, as_of=at, now=lambda: clock or at)


def given(database: Database, folder: Path, practice: Practice = PRACTICE, **plan: object) -> None:
    """A practice with a manager, an auditor, and a plan that audits every month."""
    url = write(practice, folder / "claims.sqlite")
    access = claim_sources.Access(name="hill", url=url, mapping=preset("canonical"))
    with database.write() as session:
        source = claim_sources.add(session, access, by="test", at=make.NOON)
        make.user(session, "mia", roles=(Role.MANAGER,))
        make.user(session, "anna", roles=(Role.AUDITOR,))
        given = {"repeat": "FREQ=MONTHLY", "starts_on": date(2025, 1, 1), "auditors": ["anna"]}
        make.plan(session, "monthly", source=source, **(given | plan))


def test_periods_end_the_day_before_the_next_begins(sqlite: Database) -> None:
    with sqlite.write() as session:
        plan = make.plan(session, repeat="FREQ=MONTHLY", starts_on=date(2025, 1, 1))
    found = periods_over(plan, date(2025, 3, 1))
    assert found == [
        Period(first_on=date(2025, 1, 1), last_on=date(2025, 1, 31)),
        Period(first_on=date(2025, 2, 1), last_on=date(2025, 2, 28)),
    ]


def test_an_audit_of_each_month_that_is_over_is_opened_drawn_and_told_of_once(
    database: Database, tmp_path: Path
) -> None:
    given(database, tmp_path)
    first, second = (due(database, tmp_path, date(2025, 3, 3)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert (len(first.due.audits_drawn), second.due.audits_drawn) == (2, ())
    with database.read() as session:
        assert [audit.state for audit in audits.all_audits(session)] == [AuditState.DRAWN] * 2
        (mail,) = session.query(OutboxMessage)
        parts = [(part["audit_id"], part["first_on"]) for part in mail.content["audits"]]
    assert (mail.kind, mail.state) == ("audit_assigned", MailState.SENT)
    assert parts == list(zip(first.due.audits_drawn, ["2025-01-01", "2025-02-01"], strict=True))
    assert mail.subject is not None
    assert mail.subject.endswith("cases to review: 2 audits")


def test_a_month_later_its_audit_is_told_of_by_itself(database: Database, tmp_path: Path) -> None:
    given(database, tmp_path)
    for day in (date(2025, 3, 3), date(2025, 4, 1), date(2025, 4, 2)):
        due(database, tmp_path, day)
    with database.read() as session:
        told = [mail.content for mail in session.query(OutboxMessage).order_by(OutboxMessage.id)]
    assert [len(content["audits"]) for content in told if "audits" in content] == [2, 0]
    assert told[1]["first_on"] == "2025-03-01"


def test_a_second_run_at_the_same_moment_has_nothing_to_do(database: Database, tmp_path: Path) -> None:
    given(database, tmp_path)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(due, database, tmp_path, date(2025, 2, 3)) for _ in range(2)]
        done = [run.result() for run in runs]
    assert sum(len(each.due.audits_drawn) for each in done if each is not None) == 1
    with database.read() as session:
        assert len(audits.all_audits(session)) == 1


NIGHTS = {
    "an hour that is left out": (
        "2025-03-07",
        ["03-09T04:59", "03-09T05:00", "03-09T06:59", "03-09T07:00", "03-10T04:00"],
    ),
    "an hour that comes twice": (
        "2025-10-31",
        ["11-02T03:59", "11-02T04:00", "11-02T05:30", "11-02T06:30", "11-03T05:00"],
    ),
}


@pytest.mark.parametrize("night", NIGHTS)
def test_nights_on_which_clocks_change_open_each_days_audit_once(
    sqlite: Database, tmp_path: Path, night: str
) -> None:
    """Runs on the evening before, at midnight, on both sides of the change, and at the next midnight in New York."""
    start, moments = NIGHTS[night]
    first = date.fromisoformat(start)
    given(sqlite, tmp_path, repeat="FREQ=DAILY", starts_on=first)
    letterhead = replace(LETTERHEAD, time_zone="America/New_York")
    rules = replace(
        RULES,
        audits=replace(RULES.audits, letterhead=letterhead),
        monitors=replace(RULES.monitors, letterhead=letterhead),
    )
    sender = Sender(transport=FileTransport(folder=tmp_path / "mail"), sender="a@hill.example", practice="Hill")
    done = []
    for each in moments:
        at = datetime.fromisoformat(f"2025-{each}:00+00:00")
        run = run_everything_due(sqlite, rules=rules, sender=sender, as_of=at, now=lambda at=at: at)
        assert run is not None
        done.append((run.due.as_of, len(run.due.audits_opened)))
    days = [first + timedelta(days=place) for place in (1, 2, 2, 2, 3)]
    assert done == list(zip(days, (1, 1, 0, 0, 1), strict=True))
    with sqlite.read() as session:
        periods = [(audit.first_on, audit.last_on) for audit in audits.all_audits(session)]
    assert periods == [(first + timedelta(days=place),) * 2 for place in range(3)]


def test_a_run_that_holds_the_lock_keeps_others_out_until_it_has_died(database: Database, tmp_path: Path) -> None:
    clock = make.NOON
    assert run_lock.take(database, "run-due", at=clock, by="test") is not None
    assert due(database, tmp_path, date(2025, 2, 3), clock=clock + timedelta(minutes=5)) is None
    assert due(database, tmp_path, date(2025, 2, 3), clock=clock + timedelta(hours=3)) is not None
    with database.read() as session:
        assert [run.outcome.get("died") for run in session.query(Run).order_by(Run.id)] == [True, None]


def test_a_source_that_is_down_is_told_of_and_over_when_it_is_back(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, tmp_path, repeat=None, starts_on=None)
    away = tmp_path / "away.sqlite"
    (tmp_path / "claims.sqlite").rename(away)
    first = due(sqlite, tmp_path, date(2025, 2, 3))
    away.rename(tmp_path / "claims.sqlite")
    due(sqlite, tmp_path, date(2025, 2, 4))
    with sqlite.read() as session:
        [alert] = alerts.every(session)
    assert first is not None
    assert len(first.due.problems) == 1
    assert (alert.kind, alert.state) == (AlertKind.OPERATIONAL, AlertState.RESOLVED)


def test_an_audit_that_cannot_be_drawn_is_tried_again(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, tmp_path)
    with sqlite3.connect(tmp_path / "claims.sqlite") as claims:
        claims.execute("ALTER TABLE claims RENAME TO gone")
    first = due(sqlite, tmp_path, date(2025, 2, 3))
    with sqlite3.connect(tmp_path / "claims.sqlite") as claims:
        claims.execute("ALTER TABLE gone RENAME TO claims")
    second = due(sqlite, tmp_path, date(2025, 2, 4))
    assert first is not None
    assert second is not None
    assert (len(first.due.audits_opened), len(first.due.audits_drawn)) == (1, 0)
    assert (len(second.due.audits_opened), len(second.due.audits_drawn)) == (0, 1)


def test_a_month_without_claims_is_told_of_once_and_waits_until_some_come(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, tmp_path)
    with sqlite3.connect(tmp_path / "claims.sqlite") as claims:
        claims.execute("UPDATE claims SET served_on = date(served_on, '+2 years') WHERE served_on < '2025-02-01'")
    runs = [due(sqlite, tmp_path, date(2025, 2, day)) for day in (3, 4)]
    assert [run and (run.due.audits_without_claims, run.due.problems) for run in runs] == [((1,), ()), ((1,), ())]
    assert [run and len(run.due.alerts_opened) for run in runs] == [1, 0]
    with sqlite.read() as session:
        [alert] = alerts.every(session)
    assert alert.title == "Audit 1 has no claim to draw from"
    with sqlite3.connect(tmp_path / "claims.sqlite") as claims:
        claims.execute("UPDATE claims SET served_on = date(served_on, '-2 years') WHERE served_on > '2027-01-01'")
    later = due(sqlite, tmp_path, date(2025, 2, 5))
    assert later
    assert (later.due.audits_drawn, later.due.audits_without_claims) == ((1,), ())
    with sqlite.read() as session:
        assert alerts.numbered(session, alert.id).state is AlertState.RESOLVED


def test_a_gap_of_two_weeks_between_runs_is_told_of(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, tmp_path, repeat=None, starts_on=None)
    due(sqlite, tmp_path, date(2025, 2, 3))
    due(sqlite, tmp_path, date(2025, 2, 17))
    with sqlite.read() as session:
        [alert] = alerts.every(session)
    assert alert.title == "Missed runs"


@pytest.mark.parametrize(("acknowledged", "reminders"), [(False, 2), (True, 0)])
def test_who_does_not_acknowledge_is_reminded_every_third_day(
    sqlite: Database, tmp_path: Path, acknowledged: bool, reminders: int
) -> None:
    practice = Practice(claims=200, weeks=20, drift="modifier_25", from_week=14)
    given(sqlite, tmp_path, practice, repeat=None, starts_on=None)
    first = practice.monday(20)
    for day in range(7):
        due(sqlite, tmp_path, first + timedelta(days=day))
        if acknowledged and day == 0:
            with sqlite.write() as session:
                alerts.acknowledge(session, 1, by="mia", at=make.NOON)
    with sqlite.read() as session:
        occasions = [row.content["occasion"] for row in session.query(OutboxMessage)]
    assert occasions == ["opened"] + ["reminder"] * reminders


@pytest.mark.parametrize(
    ("starts_on", "nights"),
    [
        (date(2025, 2, 1), ["2025-03-09T04:30", "2025-03-09T06:30", "2025-03-09T07:30"]),
        (date(2025, 10, 1), ["2025-11-02T03:30", "2025-11-02T05:30", "2025-11-02T06:30"]),
    ],
)
def test_a_night_on_which_clocks_change_opens_an_audit_once_and_on_the_day_where_the_practice_is(
    sqlite: Database, tmp_path: Path, starts_on: date, nights: list[str]
) -> None:
    before, once, again = (datetime.fromisoformat(night).replace(tzinfo=UTC) for night in nights)
    due_on = once.date()
    rule = f"FREQ=DAILY;INTERVAL={(due_on - starts_on).days};COUNT=1"
    given(sqlite, tmp_path, repeat=rule, starts_on=starts_on)
    letterhead = replace(LETTERHEAD, time_zone="America/New_York")
    rules = replace(RULES, monitors=replace(RULES.monitors, letterhead=letterhead))
    sender = Sender(transport=FileTransport(folder=tmp_path / "mail"), sender="a@hill.example", practice="Hill")
    opened = []
    for at in (before, once, again):
        done = run_everything_due(sqlite, rules=rules, sender=sender, as_of=at, now=lambda at=at: at)
        assert done is not None
        opened.append(len(done.due.audits_opened))
    assert opened == [0, 1, 0]


def test_a_clock_that_goes_back_is_told_of_and_changes_no_alert(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, tmp_path, repeat=None)
    due(sqlite, tmp_path, PRACTICE.monday(12))
    back = due(sqlite, tmp_path, PRACTICE.monday(11))
    assert back is not None
    [problem] = back.due.problems
    assert "set the clock right" in problem
    with sqlite.read() as session:
        [alert] = alerts.every(session, only_open=True)
        assert (alert.kind, alert.title) == (AlertKind.OPERATIONAL, "Monitors could not run")
    forward = due(sqlite, tmp_path, PRACTICE.monday(12) + timedelta(days=1))
    assert forward is not None
    assert forward.due.problems == ()
    with sqlite.read() as session:
        assert alerts.every(session, only_open=True) == []
