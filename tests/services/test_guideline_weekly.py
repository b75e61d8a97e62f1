"""Checks overlap, and each covers claims by date of service: a week of service counts once for a rule."""

from datetime import date, timedelta

import pytest

from auditor.services.guidelines.weekly import first_checked_at, weekly_violations
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally
from tests import make

MONDAY = date(2025, 3, 3)
WEEK = timedelta(days=7)


@pytest.fixture
def stored(database):
    """Stores a run over some days with its (week of service, week of coding, violations, lines)."""

    def store(first_on, last_on, cells, rules=("age_conflict",), ran_at=make.NOON):
        with database.write() as session:
            source = session.get(make.Source, 1) or make.source(session, "claims", url="sqlite:///claims.sqlite")
            run = GuidelineRun(
                source_id=source.id,
                first_on=first_on,
                last_on=last_on,
                ran_at=ran_at,
                ran_by="olga",
                rules=list(rules),
                editions=[],
                not_judged={},
            )
            session.add(run)
            session.flush()
            for served_week_on, week_on, violations, lines in cells:
                where = {"week_on": week_on, "served_week_on": served_week_on, "coding_source": "ai"}
                session.add(GuidelineLines(run_id=run.id, lines=lines, **where))
                if violations:
                    session.add(
                        GuidelineTally(run_id=run.id, rule=rules[0], edition="", violations=violations, **where)
                    )

    return store


def weeks(database, **given):
    with database.read() as session:
        found = weekly_violations(session, source_id=1, **given)
    return [(each.week_on, each.rule, each.violations, each.lines) for each in found]


def test_weeks_checked_one_after_another_add_up_where_claims_are_coded_late(database, stored):
    stored(MONDAY, MONDAY + WEEK - timedelta(1), [(MONDAY, MONDAY, 1, 10), (MONDAY, MONDAY + WEEK, 2, 20)])
    second = MONDAY + WEEK
    stored(second, second + WEEK - timedelta(1), [(second, second, 4, 40)])
    assert weeks(database) == [(MONDAY, "age_conflict", 1, 10), (second, "age_conflict", 6, 60)]


def test_a_newer_check_of_a_whole_week_takes_the_place_of_an_older_one(database, stored):
    for violations in (5, 3):
        stored(MONDAY, MONDAY + WEEK - timedelta(1), [(MONDAY, MONDAY, violations, 10)])
    assert weeks(database) == [(MONDAY, "age_conflict", 3, 10)]


def test_a_newer_check_of_some_days_does_not(database, stored):
    stored(MONDAY, MONDAY + WEEK - timedelta(1), [(MONDAY, MONDAY, 5, 50)])
    stored(MONDAY, MONDAY + timedelta(1), [(MONDAY, MONDAY, 1, 10)])
    assert weeks(database) == [(MONDAY, "age_conflict", 5, 50)]


def test_a_check_that_left_a_rule_out_says_nothing_of_it(database, stored):
    stored(MONDAY, MONDAY + WEEK - timedelta(1), [(MONDAY, MONDAY, 5, 50)])
    stored(MONDAY, MONDAY + WEEK - timedelta(1), [(MONDAY, MONDAY, 0, 50)], rules=("sex_conflict",))
    assert weeks(database, rules={"age_conflict"}) == [(MONDAY, "age_conflict", 5, 50)]
    assert weeks(database, rules={"sex_conflict"}) == [(MONDAY, "sex_conflict", 0, 50)]


def test_a_rule_whose_lists_were_not_in_force_was_not_judged(database, stored):
    stored(MONDAY, MONDAY + WEEK - timedelta(1), [(MONDAY, MONDAY, 0, 50)], rules=("mue",))
    with database.read() as session:
        (found,) = weekly_violations(session, source_id=1)
    assert (found.judged, found.edition) == (False, "")


def test_looking_back_a_week_is_as_the_checks_made_by_then_saw_it(database, stored):
    sunday = MONDAY + WEEK - timedelta(1)
    stored(MONDAY, sunday, [(MONDAY, MONDAY, 5, 10)])
    stored(MONDAY, sunday, [(MONDAY, MONDAY, 4, 10)], ran_at=make.NOON + WEEK)
    looks = (make.NOON + timedelta(seconds=1), make.NOON + 2 * WEEK)
    assert [weeks(database, before=before)[0][2] for before in looks] == [5, 4]


def test_looking_back_a_week_that_nobody_had_checked_is_as_the_first_check_saw_it_afterwards(database, stored):
    sunday = MONDAY + WEEK - timedelta(1)
    for violations, later in ((5, 0), (4, 1)):
        stored(MONDAY, sunday, [(MONDAY, MONDAY, violations, 10)], ran_at=make.NOON + later * WEEK)
    assert weeks(database, before=make.NOON) == [(MONDAY, "age_conflict", 5, 10)]
    assert weeks(database) == [(MONDAY, "age_conflict", 4, 10)]
    with database.read() as session:
        assert [first_checked_at(session, source) for source in (1, 2)] == [make.NOON, None]
