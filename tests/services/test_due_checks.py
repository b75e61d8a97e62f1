"""Which weeks a nightly run checks against the guidelines."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from auditor.guidelines.tables import GuidelineKind
from auditor.services.guidelines import due_checks, importing
from auditor.services.guidelines.due_checks import CheckRules, periods_due
from auditor.services.guidelines.importing import ImportRequest
from auditor.services.guidelines.weekly import weekly_violations
from auditor.storage.guidelines import GuidelineRun
from tests import claims_tables, make
from tests import guideline_files as files

TODAY = date(2025, 6, 3)
NOW = datetime(2025, 6, 3, 5, tzinfo=UTC)
MONDAY = date(2025, 5, 26)


def run(first_on, last_on, ran_at):
    return GuidelineRun(first_on=first_on, last_on=last_on, ran_at=ran_at)


def test_without_a_check_half_a_year_is_one_period():
    (period,) = periods_due([], on=TODAY, at=NOW)
    assert (period.first_on, period.last_on) == (MONDAY - timedelta(weeks=25), date(2025, 6, 1))


def test_a_week_is_checked_again_each_week_until_its_late_claims_have_come():
    old = run(date(2024, 1, 1), MONDAY - timedelta(days=1), NOW - timedelta(days=8))
    (period,) = periods_due([old], on=TODAY, at=NOW)
    assert period.first_on == MONDAY - timedelta(weeks=4)
    fresh = run(date(2024, 1, 1), date(2025, 6, 1), NOW - timedelta(days=1))
    assert periods_due([fresh], on=TODAY, at=NOW) == []


def test_a_run_checks_every_source_once_and_says_which_fails(database, tmp_path):
    on = MONDAY + timedelta(days=1)
    rows = {
        "claims": [
            claims_tables.claim_row(1, served_on=on, coded_on=on, coding_source="ai", patient_id="P", provider="D")
        ],
        "codes": [
            claims_tables.code_row("C0000001", "29881"),
            claims_tables.code_row("C0000001", "29877", sequence=2),
        ],
    }
    with database.write() as session:
        good = make.source(session, "good", url=claims_tables.in_sqlite(tmp_path / "claims.sqlite", rows)).id
        make.source(session, "gone", url=f"sqlite:///{tmp_path}/gone.sqlite")
    rules = CheckRules(environment={}, own_rules=None)
    done = due_checks.run_due_checks(database, rules, on=TODAY, by="machine", at=NOW)
    assert (done.run_ids, done.problems) == ((), ())  # no edition yet: nothing to judge by
    pairs = files.ptp(tmp_path / "2025q2.txt", [files.ptp_line(indicator="0")])
    importing.import_file(database, ImportRequest(kind=GuidelineKind.NCCI_PTP, path=pairs), by="olga", at=make.NOON)
    done = due_checks.run_due_checks(database, rules, on=TODAY, by="machine", at=NOW)
    assert len(done.run_ids) == 1
    assert [problem.startswith("guideline check of source gone: ") for problem in done.problems] == [True]
    with database.read() as session:
        weeks = weekly_violations(session, source_id=good, rules={"ncci_ptp"})
        assert [(each.week_on, each.violations, each.lines) for each in weeks] == [(MONDAY, 1, 2)]
        assert len(session.scalars(select(GuidelineRun)).all()) == 1
    again = due_checks.run_due_checks(database, rules, on=TODAY, by="machine", at=NOW)
    assert again.run_ids == ()
