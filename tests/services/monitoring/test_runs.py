"""Runs of the monitors over a seeded practice: what they tell of, and what they leave alone."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.domain.alerts import AlertKind, AlertState, StreamState
from auditor.services import alerts, claim_sources
from auditor.services.alert_folding import MACHINE
from auditor.services.alerts import Grounds
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.run import RunResult, RunRules, run_monitors
from auditor.services.notices import Letterhead
from auditor.sources.mapping import preset
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.drifting_practice import Practice, write

LETTERHEAD = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")
RULES = RunRules(false_mails_a_year=2, costs=CostModel(rework_cents=5_700), letterhead=LETTERHEAD, environment={})


def given(database: Database, practice: Practice, folder: Path) -> None:
    """The practice as a source, and a manager who reads mail."""
    url = write(practice, folder / "claims.sqlite")
    access = claim_sources.Access(name="hill", url=url, mapping=preset("canonical"))
    with database.write() as session:
        claim_sources.add(session, access, by="test", at=make.NOON)
        make.user(session, "mia", roles=(make.Role.MANAGER,))


def run(database: Database, practice: Practice, week: int) -> RunResult:
    """The run on the Monday after `week` whole weeks."""
    return run_monitors(database, rules=RULES, as_of=practice.monday(week), at=make.NOON + timedelta(weeks=week))


def alarms(result: RunResult) -> set[str]:
    """The monitors in alarm."""
    return {reading.monitor for reading in result.readings if reading.state is StreamState.ALARM}


@pytest.mark.parametrize(
    ("drift", "monitor"),
    [
        ("em_level", "em_level"),
        ("modifier_25", "modifier_rates"),
        ("codes", "code_rates"),
        ("ended", "stopped_codes"),
    ],
)
def test_a_drift_of_ai_alone_opens_one_alert_within_four_weeks(
    sqlite: Database, tmp_path: Path, drift: str, monitor: str
) -> None:
    practice = Practice(drift=drift, claims=700, versions=("3.0", "3.1"), from_week=20, weeks=24)
    given(sqlite, practice, tmp_path)
    result = run(sqlite, practice, 24)
    assert monitor in alarms(result)
    [alert] = result.alerts
    assert (alert.kind, alert.latest["model_version"]) == (AlertKind.DRIFT, "3.1")
    assert abs((alert.since - practice.monday(20)).days) <= 14
    assert all(signal["since"] >= practice.monday(20).isoformat() for signal in alert.latest["signals"])


def test_a_new_version_without_drift_and_twenty_six_clean_weeks_open_no_alert(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(claims=200, weeks=26, from_week=18, versions=("3.0", "3.1"), noise=0.1)
    given(sqlite, practice, tmp_path)
    assert [run(sqlite, practice, week).alerts for week in range(10, 27, 4)] == [()] * 5


def test_the_same_day_run_twice_says_the_same_and_queues_no_second_mail(database: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=16, weeks=18)
    given(database, practice, tmp_path)
    first, second = run(database, practice, 18), run(database, practice, 18)
    assert first.readings == second.readings
    assert [alert.id for alert in first.alerts] == [alert.id for alert in second.alerts]
    with database.read() as session:
        assert session.query(OutboxMessage).count() == 1


def test_an_alert_ends_by_itself_after_four_quiet_weeks_and_says_so_once(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=16, until_week=19, weeks=26)
    given(sqlite, practice, tmp_path)
    for week in range(18, 27):
        result = run(sqlite, practice, week)
    with sqlite.read() as session:
        [alert] = alerts.every(session)
        kinds = [message.content["occasion"] for message in session.query(OutboxMessage)]
    assert result.alerts == ()
    assert (alert.state, alert.closed_by) == (AlertState.RESOLVED, MACHINE)
    assert kinds == ["opened", "resolved"]


def test_a_dismissed_drift_is_the_new_normal(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=12, weeks=30)
    given(sqlite, practice, tmp_path)
    [alert] = run(sqlite, practice, 20).alerts
    with sqlite.write() as session:
        alerts.dismiss(session, alert.id, grounds=Grounds(reason="new surgical clinic"), by="mia", at=make.NOON)
    assert [run(sqlite, practice, week).alerts for week in range(21, 31, 3)] == [()] * 4


def test_a_dismissed_drift_is_watched_again_once_four_weeks_make_its_new_normal(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=16, weeks=22)
    given(sqlite, practice, tmp_path)
    [alert] = run(sqlite, practice, 20).alerts
    with sqlite.write() as session:
        alerts.dismiss(session, alert.id, grounds=Grounds(reason="new surgical clinic"), by="mia", at=make.NOON)
    assert alert.since <= practice.monday(16)
    read = [each for each in run(sqlite, practice, 21).readings if each.monitor == "modifier_rates"]
    assert [each.state for each in read] == [StreamState.QUIET]


def test_a_resolved_drift_that_goes_on_opens_a_new_alert(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=12, weeks=24)
    given(sqlite, practice, tmp_path)
    [alert] = run(sqlite, practice, 20).alerts
    with sqlite.write() as session:
        alerts.resolve(session, alert.id, grounds=Grounds(reason="rolled back"), by="mia", at=make.NOON)
    again = run(sqlite, practice, 24).alerts
    assert [each.id for each in again] == [alert.id + 1]


def test_a_run_for_an_earlier_day_changes_no_alert(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=16, weeks=18)
    given(sqlite, practice, tmp_path)
    opened = run(sqlite, practice, 18).alerts
    earlier = run(sqlite, practice, 14)
    assert not earlier.recorded
    assert [alert.id for alert in earlier.alerts] == [alert.id for alert in opened]


def test_a_feed_that_fell_silent_is_an_operational_alert(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(claims=100, weeks=12)
    given(sqlite, practice, tmp_path)
    result = run(sqlite, practice, 13)
    assert {alert.kind for alert in result.alerts} == {AlertKind.OPERATIONAL}


def test_a_week_that_is_missing_in_between_is_no_drift_and_neither_is_a_version_never_seen_before(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(claims=100, weeks=20)
    given(sqlite, practice, tmp_path)
    gap, newest = practice.monday(16).isoformat(), practice.monday(19).isoformat()
    with closing(sqlite3.connect(tmp_path / "claims.sqlite")) as file, file:
        missing = "(SELECT claim_id FROM claims WHERE served_on >= ? AND served_on < ?)"
        span = (gap, practice.monday(17).isoformat())
        file.execute(f"DELETE FROM codes WHERE claim_id IN {missing}", span)
        file.execute(f"DELETE FROM claims WHERE claim_id IN {missing}", span)
        file.execute(
            "UPDATE claims SET model_version = '9.9' WHERE coding_source = 'ai' AND claim_id IN"
            " (SELECT claim_id FROM claims WHERE coding_source = 'ai' AND served_on >= ? LIMIT 12)",
            (newest,),
        )
    while_it_is_the_newest = run(sqlite, practice, 17)
    assert {alert.kind for alert in while_it_is_the_newest.alerts} == {AlertKind.OPERATIONAL}
    result = run(sqlite, practice, 20)
    assert alarms(result) == set()
    assert [alert for alert in result.alerts if alert.kind is AlertKind.DRIFT] == []
    stranger = {each.state for each in result.readings if each.strand.model_version == "9.9"}
    assert stranger <= {StreamState.INSUFFICIENT, StreamState.NO_DATA, StreamState.QUIET}
    assert StreamState.INSUFFICIENT in stranger


def test_a_week_that_was_loaded_twice_is_an_operational_alert_until_the_load_is_taken_out(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(claims=100, weeks=13)
    given(sqlite, practice, tmp_path)
    last = practice.monday(12)
    load_again(tmp_path / "claims.sqlite", since=last)
    result = run(sqlite, practice, 13)
    [alert] = result.alerts
    assert (alert.kind, alert.since) == (AlertKind.OPERATIONAL, last)
    assert alert.title.startswith("Claims feed: AI and human claims up since")
    feeds = [reading for reading in result.readings if reading.monitor == "feed"]
    assert all((reading.statistic or 0) >= (reading.threshold or 9) for reading in feeds)
    take_out(tmp_path / "claims.sqlite")
    again = run_monitors(sqlite, rules=RULES, as_of=practice.monday(13) + timedelta(days=1), at=make.NOON)
    assert {reading.state for reading in again.readings if reading.monitor == "feed"} == {StreamState.QUIET}


def test_a_practice_that_joined_is_a_surge_for_four_weeks_and_the_usual_after_them(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(claims=300, weeks=20)
    given(sqlite, practice, tmp_path)
    load_again(tmp_path / "claims.sqlite", since=practice.monday(14))
    states = {
        week: {reading.state for reading in run(sqlite, practice, week).readings if reading.monitor == "feed"}
        for week in (14, 15, 18, 20)
    }
    quiet, alarm = {StreamState.QUIET}, {StreamState.ALARM}
    assert states == {14: quiet, 15: alarm, 18: alarm, 20: quiet}


def load_again(file: Path, *, since: date) -> None:
    """All claims served from a day on a second time, under other ids."""
    with sqlite3.connect(file) as claims:
        for table, place in (("claims", "served_on"), ("codes", None)):
            names = [row[1] for row in claims.execute(f"PRAGMA table_info({table})")]
            chosen = f"'again-' || {table}.claim_id, " + ", ".join(f"{table}.{name}" for name in names[1:])
            joined = "" if place else " JOIN claims ON claims.claim_id = codes.claim_id"
            kept = f"claims.served_on >= '{since}' AND claims.claim_id NOT LIKE 'again-%'"
            if table == "claims":
                claims.execute(f"CREATE TEMP TABLE twice AS SELECT {chosen} FROM claims WHERE {kept}")
            else:
                claims.execute(f"INSERT INTO codes SELECT {chosen} FROM codes{joined} WHERE {kept}")
        claims.execute("INSERT INTO claims SELECT * FROM twice")


def take_out(file: Path) -> None:
    """The second load is taken out again."""
    with sqlite3.connect(file) as claims:
        for table in ("claims", "codes"):
            claims.execute(f"DELETE FROM {table} WHERE claim_id LIKE 'again-%'")


@pytest.mark.parametrize("claims", [30, 40, 400])
def test_the_feed_is_in_alarm_exactly_where_its_statistic_reaches_its_threshold(
    sqlite: Database, tmp_path: Path, claims: int
) -> None:
    practice = Practice(claims=claims, weeks=12)
    given(sqlite, practice, tmp_path)
    feeds = [r for week in (12, 13) for r in run(sqlite, practice, week).readings if r.monitor == "feed"]
    told = [(r.state is StreamState.ALARM, r.statistic >= r.threshold) for r in feeds if r.statistic is not None]
    assert {alarm for alarm, _ in told} == {True, False}
    assert all(alarm == beyond for alarm, beyond in told)


def test_a_feed_of_a_few_claims_a_week_says_too_little_to_be_in_alarm(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(claims=10, weeks=12)
    given(sqlite, practice, tmp_path)
    feeds = [r for week in (12, 13) for r in run(sqlite, practice, week).readings if r.monitor == "feed"]
    assert {reading.state for reading in feeds} == {StreamState.INSUFFICIENT}


def test_ten_weeks_of_history_are_enough_and_five_are_not(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(claims=60, weeks=12)
    given(sqlite, practice, tmp_path)
    states = [
        {r.state for r in run(sqlite, practice, week).readings if r.monitor == "code_rates"} for week in (5, 10)
    ]
    assert states == [{StreamState.INSUFFICIENT}, {StreamState.QUIET}]


def test_a_drift_of_the_level_is_priced_by_what_levels_are_paid(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="em_level", claims=900, from_week=16, weeks=20)
    given(sqlite, practice, tmp_path)
    [alert] = run(sqlite, practice, 20).alerts
    levels = [s for s in alert.latest["signals"] if s["monitor"] == "em_level"]
    assert alert.latest["cost_cents_a_week"] > 0
    assert levels[0]["cost_cents_a_week"] > 100_000
