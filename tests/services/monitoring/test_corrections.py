"""Findings that are overturned, and claims that come late, correct the past: figures follow, and no mail goes out."""

import sqlite3
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import func, select

from auditor.domain.alerts import StreamState
from auditor.domain.audits import ReviewPass
from auditor.domain.claims import Stage
from auditor.domain.people import Role
from auditor.services import adjudication, alerts, claim_sources, findings
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.services.follow_through import rebuttals
from auditor.services.follow_through.rebuttals import Answer, Argument
from auditor.services.monitoring.run import RunResult, run_monitors
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.monitors import Alert, OutboxMessage
from tests import make
from tests.domain.judgements import judged
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import RULES, given
from tests.services.reviewed_twice import give, with_second
from tests.services.test_audited_outcomes import reviewed
from tests.web.conftest import site_over

PRACTICE = Practice(claims=12, weeks=20, versions=("3.0", "3.1"), from_week=12)
MORNING = time(6)
CASES = 16


def run(database: Database, *, days: int = 0) -> RunResult:
    as_of = PRACTICE.monday(PRACTICE.weeks) + timedelta(days=days)
    return run_monitors(database, rules=RULES, as_of=as_of, at=datetime.combine(as_of, MORNING, UTC))


def mails(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def audit(database: Database, *, first: int, last: int, wrong: int) -> list[int]:
    """Sixteen audited AI claims of each week, the last `wrong` of which were found in error; the cases in error."""
    with database.write() as session:
        plan = make.plan(session, source=claim_sources.named(session, "hill"))
        period = {"first_on": PRACTICE.monday(first), "last_on": PRACTICE.monday(last) - timedelta(days=1)}
        made = make.audit(session, plan=plan, **period)
        found = []
        for week in range(first, last):
            for place in range(CASES):
                on = PRACTICE.monday(week)
                version = PRACTICE.versions[week >= PRACTICE.from_week]
                given = {"model_version": version, "served_on": on, "coded_on": on, "coder_of_record": "cora"}
                claim = make.claim(f"A-{week}-{place}", provider=f"DR-{place}", **given)
                case = make.case(session, made, claim)
                error = place >= CASES - wrong
                reviewed(session, case, error=error)
                found += [case.id] if error else []
        return found


def uphold(database: Database, cases: list[int]) -> None:
    """The coder rebuts these findings, and the officer upholds it."""
    with database.write() as session:
        for case_id in cases:
            argument = Argument(case_id=case_id, line="1", text="The note supports the level.")
            rebuttal = rebuttals.argue(session, argument, by="cora", at=make.NOON)
            rebuttals.respond(session, rebuttal.id, Answer(upheld=True, text="It does."), by="olga", at=make.NOON)


def people(database: Database) -> None:
    with database.write() as session:
        make.user(session, "cora", roles=(Role.CODER,))
        make.user(session, "olga", roles=(Role.OFFICER,))


def alerted(database: Database, tmp_path: Path) -> tuple[Alert, list[int]]:
    """The alert on a version half of whose audited cases are in error, and those cases."""
    given(database, PRACTICE, tmp_path)
    people(database)
    audit(database, first=0, last=12, wrong=1)
    errors = audit(database, first=12, last=20, wrong=8)
    [alert] = run(database).alerts
    return alert, errors


def test_findings_that_are_overturned_take_the_ground_from_an_alert_without_a_mail(
    sqlite: Database, tmp_path: Path
) -> None:
    alert, errors = alerted(sqlite, tmp_path)
    told = mails(sqlite)
    assert told > 0
    assert "audited_errors" in {signal["monitor"] for signal in alert.latest["signals"]}
    uphold(sqlite, errors[4:])
    assert "audited_errors" not in {
        reading.monitor for reading in run(sqlite, days=1).readings if reading.state.value == "alarm"
    }
    with sqlite.read() as session:
        kept = session.get_one(Alert, alert.id)
        assert alerts.gone_since(session, kept) == PRACTICE.monday(20) + timedelta(days=1)
        assert (kept.closed_at, kept.evidence_sha256) == (None, alert.evidence_sha256)
    assert mails(sqlite) == told


def test_findings_that_are_overturned_in_part_correct_the_figures_of_an_alert_without_a_mail(
    sqlite: Database, tmp_path: Path
) -> None:
    alert, errors = alerted(sqlite, tmp_path)
    told, before = mails(sqlite), errors_now(alert)
    uphold(sqlite, errors[-3:])
    [after] = run(sqlite, days=1).alerts
    assert (after.id, errors_now(after)) == (alert.id, before - 3)
    assert mails(sqlite) == told


def review_again(database: Database, cases: list[int]) -> None:
    """Ben reviews these cases a second time, and sees no error in any of them."""
    with database.write() as session:
        for case_id in cases:
            case = session.get_one(AuditCase, case_id)
            with_second(session, case)
            give(session, case, by="ben")


def decide(database: Database, cases: list[int], *, by: str = "cleo") -> None:
    """A third person decides between the two reviews: what was coded is right."""
    with database.write() as session:
        for case_id in cases:
            seat = adjudication.seat(session, case_id, name=by, roles={Role.OFFICER}, lock=True)
            found = judged(thaw(seat.case), Stage.SUBMITTED)
            findings.record(
                session, case_id, Review(findings=found, review_pass=ReviewPass.ADJUDICATED), by=by, at=make.NOON
            )


def test_a_third_persons_decisions_correct_the_figures_of_an_open_alert_without_a_mail(
    database: Database, tmp_path: Path
) -> None:
    alert, errors = alerted(database, tmp_path)
    told, before, disputed = mails(database), errors_now(alert), errors[-3:]
    assert told > 0
    review_again(database, disputed)
    [differing] = run(database, days=1).alerts
    assert (differing.id, errors_now(differing)) == (alert.id, before)  # the first review stands until it is decided
    decide(database, disputed)
    [decided] = run(database, days=2).alerts
    assert (decided.id, errors_now(decided)) == (alert.id, before - len(disputed))
    assert (decided.closed_at, decided.evidence_sha256) == (None, alert.evidence_sha256)
    assert decided.evidence == alert.evidence
    assert mails(database) == told


def test_third_persons_decisions_may_take_the_whole_ground_from_an_alert_and_its_page_says_so(
    database: Database, tmp_path: Path
) -> None:
    alert, errors = alerted(database, tmp_path)
    told = mails(database)
    review_again(database, errors[4:])
    decide(database, errors[4:])
    after = run(database, days=1)
    assert [reading.monitor for reading in after.readings if reading.state is StreamState.ALARM] == []
    with database.read() as session:
        kept = session.get_one(Alert, alert.id)
        assert alerts.gone_since(session, kept) == PRACTICE.monday(20) + timedelta(days=1)
        assert kept.closed_at is None
    assert mails(database) == told
    site = site_over(database)
    page = site.logged_in("otto", Role.OFFICER).get(f"/alerts/{alert.id}").text
    assert "no longer saw it: it is quiet, or what it rested on was corrected since" in page


def errors_now(alert: Alert) -> float:
    """What the alert says of audited errors since the change."""
    [signal] = [each for each in alert.latest["signals"] if each["monitor"] == "audited_errors"]
    numerator: float = signal["now"]["numerator"]
    return numerator


def test_a_drift_that_late_corrections_of_claims_show_to_be_long_over_opens_no_alert(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(drift="modifier_25", claims=120, from_week=8, until_week=11, weeks=20)
    given(sqlite, practice, tmp_path)
    file = sqlite3.connect(tmp_path / "claims.sqlite")
    weeks = (practice.monday(8).isoformat(), practice.monday(11).isoformat())
    drifted = (
        "claim_id IN (SELECT claim_id FROM claims WHERE coding_source = 'ai' AND served_on >= ? AND served_on < ?)"
    )
    file.execute(f"CREATE TABLE late AS SELECT * FROM codes WHERE {drifted} AND modifiers = '25'", weeks)
    file.execute(f"UPDATE codes SET modifiers = NULL WHERE {drifted} AND rowid % 2 = 0", weeks)
    file.commit()
    assert run(sqlite).alerts == ()
    file.execute("UPDATE codes SET modifiers = '25' WHERE claim_id IN (SELECT claim_id FROM late) AND sequence = 1")
    file.commit()
    assert run(sqlite, days=1).alerts == ()
    assert mails(sqlite) == 0
