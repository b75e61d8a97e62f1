"""A backtest knows what was known on each of its days, and says on what else it rests."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from auditor.domain.alerts import StreamState
from auditor.domain.audits import DocumentationStatus
from auditor.services import claim_sources, findings
from auditor.services.findings import Review
from auditor.services.monitoring.backtests import Backtest, BacktestSpan, backtest_monitor
from auditor.storage.database import Database
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally
from tests import make
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import RULES, given
from tests.services.test_audited_outcomes import reviewed

PRACTICE = Practice(claims=60, weeks=16)


def look_back(database: Database, monitor: str, first: int, last: int) -> Backtest:
    span = BacktestSpan(first_on=PRACTICE.monday(first), last_on=PRACTICE.monday(last))
    return backtest_monitor(database, monitor, rules=RULES, span=span)


def check(database: Database, *, week: int, violations: int = 0) -> None:
    """A guideline check on the Monday of a week, of all weeks before it; AI breaks the rule in the last four."""
    with database.write() as session:
        source = claim_sources.named(session, "hill")
        run = GuidelineRun(
            source_id=source.id,
            first_on=PRACTICE.monday(0),
            last_on=PRACTICE.monday(week) - timedelta(days=1),
            ran_at=datetime.combine(PRACTICE.monday(week), time(6), UTC),
            ran_by="olga",
            rules=["age_conflict"],
            editions=[],
            not_judged={},
        )
        session.add(run)
        session.flush()
        for place in range(week):
            on = PRACTICE.monday(place)
            for arm, broken in (("ai", violations if place >= week - 4 else 5), ("human", 5)):
                where = {"run_id": run.id, "week_on": on, "served_week_on": on, "coding_source": arm}
                session.add(GuidelineLines(lines=500, model_version="3.0" if arm == "ai" else None, **where))
                tally = GuidelineTally(rule="age_conflict", edition="", violations=broken, **where)
                tally.model_version = "3.0" if arm == "ai" else None
                session.add(tally)


def test_weeks_before_the_first_check_are_judged_by_it_and_the_answer_says_so(
    sqlite: Database, tmp_path: Path
) -> None:
    given(sqlite, PRACTICE, tmp_path)
    check(sqlite, week=16, violations=100)
    found = look_back(sqlite, "violation_rates", 12, 16)
    states = {(week.as_of, week.state) for week in found.weeks if week.stream == "hill/ai/3.0"}
    assert (PRACTICE.monday(12), StreamState.QUIET) in states
    assert (PRACTICE.monday(16), StreamState.ALARM) in states
    [note] = found.notes
    assert note.startswith(f"hill: guidelines were first checked on {PRACTICE.monday(16)}; the weeks before are")
    assert look_back(sqlite, "modifier_rates", 12, 12).notes == ()


def test_a_source_that_was_never_checked_says_why_it_has_no_data(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, PRACTICE, tmp_path)
    found = look_back(sqlite, "violation_rates", 14, 16)
    assert {week.state for week in found.weeks} == {StreamState.NO_DATA}
    [note] = found.notes
    assert note.startswith(f"hill/ai/3.0 has no data as of {PRACTICE.monday(14)}: no guideline check")
    assert "auditor guideline check" in note


def test_a_record_that_was_lost_later_still_counts_on_the_days_before(sqlite: Database, tmp_path: Path) -> None:
    given(sqlite, PRACTICE, tmp_path)
    seen = datetime.combine(PRACTICE.monday(13), time(6), UTC)
    with sqlite.write() as session:
        plan = make.plan(session, source=claim_sources.named(session, "hill"))
        audit = make.audit(session, plan=plan, first_on=PRACTICE.monday(0), last_on=PRACTICE.monday(12))
        days = [{"served_on": PRACTICE.monday(n), "coded_on": PRACTICE.monday(n)} for n in range(12)]
        claims = [make.claim(f"C-{n}", model_version="3.0", **day) for n, day in enumerate(days)]
        cases = [make.case(session, audit, claim) for claim in claims]
        hours = (seen - make.NOON) // timedelta(hours=1)
        for each in cases:
            reviewed(session, each, hours=hours)
        ids = [each.id for each in cases]
    with sqlite.write() as session:
        gone = Review(findings=(), documentation_status=DocumentationStatus.NOT_PRODUCED)
        for case_id in ids[:3]:
            findings.record(session, case_id, gone, by="anna", at=seen + timedelta(weeks=1))
    found = look_back(sqlite, "audited_errors", 13, 15)
    known = [week.note for week in found.weeks if week.stream == "hill/ai/3.0"]
    assert known == [
        "nothing was audited",
        "12 audited cases in the baseline, 0 since: too few to say",
        "9 audited cases in the baseline, 0 since: too few to say",
    ]
