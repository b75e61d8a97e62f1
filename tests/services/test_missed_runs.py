"""A timer that stopped is told of while it stands still, once, as soon as its own rhythm allows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from auditor.domain.people import Role
from auditor.services import alerts, missed_runs, run_lock
from auditor.settings import Settings, load, with_folder
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from auditor.web.housekeeping import look_for_runs
from tests import make
from tests.services.test_alerts import LETTERHEAD

NOON, DAY = make.NOON, timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Mails go into files."""
    return with_folder(load({}), tmp_path)


def ran(database: Database, *days_ago: int) -> None:
    """Runs that came to their end so many days ago."""
    for days in sorted(days_ago, reverse=True):
        at = NOON - days * DAY
        number = run_lock.take(database, missed_runs.RUN, at=at, by="auditor")
        assert number is not None
        run_lock.give_back(database, number, outcome={"as_of": at.date().isoformat()}, at=at, by="auditor")


@pytest.mark.parametrize(
    ("days_ago", "is_missed"),
    [
        ((), False),
        ((3,), False),
        ((9,), True),
        ((2, 3, 4, 5), False),
        ((3, 4, 5, 6), True),
        ((4, 5, 8, 9), False),
        ((5, 6, 9, 10), True),
        ((8, 15, 22, 29), False),
        ((9, 16, 23, 30), True),
        ((9, 40, 41), True),
    ],
)
def test_a_run_is_missed_a_day_after_its_usual_day(
    sqlite: Database, days_ago: tuple[int, ...], is_missed: bool
) -> None:
    ran(sqlite, *days_ago)
    assert missed_runs.look(sqlite, letterhead=LETTERHEAD, at=NOON) is is_missed


def test_a_server_that_answers_tells_of_it_once_and_sends_the_mail(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    with database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,))
    ran(database, 3, 4, 5, 6)
    looks = [look_for_runs(database, settings, now=lambda: NOON) for _ in range(3)]
    assert looks == [True] * 3
    with database.read() as session:
        (alert,) = alerts.every(session)
        assert (alert.story, alert.title) == ("machine:runs", "Missed runs")
    (mail,) = (tmp_path / "mail").glob("*.eml")
    assert "did not run for 3 days" in mail.read_text()


def test_two_servers_that_look_at_once_tell_of_it_once(database: Database) -> None:
    with database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,))
    ran(database, 3, 4, 5, 6)
    with ThreadPoolExecutor(2) as pool:
        looks = pool.map(lambda _: missed_runs.look(database, letterhead=LETTERHEAD, at=NOON), range(2))
        assert list(looks) == [True, True]
    with database.read() as session:
        assert len(alerts.every(session)) == len(list(session.scalars(select(OutboxMessage)))) == 1


def test_a_run_that_is_at_work_says_it_by_itself(database: Database) -> None:
    ran(database, 3, 4, 5, 6)
    assert run_lock.take(database, missed_runs.RUN, at=NOON, by="auditor") is not None
    assert missed_runs.look(database, letterhead=LETTERHEAD, at=NOON) is False
    assert missed_runs.look(database, letterhead=LETTERHEAD, at=NOON + DAY) is True  # it has died
