import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from auditor.cli.guideline import guideline
from auditor.errors import BadInput
from auditor.guidelines.tables import GuidelineKind
from auditor.services.guidelines import answers, calendar, checking, importing
from auditor.services.guidelines.calendar import CalendarRequest
from auditor.services.guidelines.checking import CheckRequest
from auditor.services.guidelines.importing import ImportRequest
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally
from tests import claims_tables, make
from tests import guideline_files as files

DAY = date(2025, 3, 5)
ENDED_ON = date(2025, 3, 31)


@pytest.fixture
def claims(database, tmp_path):
    """Imports small lists, and names a claims file made of (claim, code) rows as the source `claims`."""

    def named(rows):
        tables = {"claims": [claim for claim, _ in rows], "codes": [code for _, codes in rows for code in codes]}
        url = claims_tables.in_sqlite(tmp_path / "claims.sqlite", tables)
        with database.write() as session:
            make.source(session, "claims", url=url)

    pairs = files.ptp(tmp_path / "2025q1.txt", [files.ptp_line(indicator="0")])
    codes = tmp_path / "hcpcs-2025.csv"
    codes.write_text(f"HCPC,ADD DT,TERM DT\nC1000,20000401,{ENDED_ON:%Y%m%d}\nA4206,19860101,20250630\n")
    for kind, path in ((GuidelineKind.NCCI_PTP, pairs), (GuidelineKind.HCPCS, codes)):
        importing.import_file(database, ImportRequest(kind=kind, path=path), by="olga", at=make.NOON)
    return named


def claim(number, *codes, **fields):
    """A claim of the AI with its lines."""
    given = {
        "coding_source": "ai",
        "served_on": DAY,
        "patient_id": "P1",
        "provider": "D1",
        "coded_on": None,
        "payer": None,
    }
    row = claims_tables.claim_row(number, **(given | fields))
    lines = [claims_tables.code_row(row["claim_id"], code, sequence=at) for at, code in enumerate(codes, start=1)]
    return row, lines


def check(database, first_on=DAY, last_on=DAY, **given):
    request = CheckRequest(source="claims", first_on=first_on, last_on=last_on, **given)
    return checking.check(database, request, by="olga", at=make.NOON, environment={})


def test_a_check_names_claim_codes_edition_and_severity_and_counts_by_week(database, claims):
    claims([claim(1, "29881", model_version="3.1"), claim(2, "29877", "99213", model_version="3.1")])
    checked = check(database)
    document = answers.check_document(checked)
    assert document["violations"] == [
        {
            "rule": "ncci_ptp",
            "claim_id": "C0000002",
            "codes": ["29877", "29881"],
            "edition": "ncci-ptp practitioner 2025q1",
            "severity": "material",
        }
    ]
    assert document["by_rule"] == {"ncci_ptp": 1}
    assert document["not_judged"]["mue"] == {"no edition in force on the date of service": 2}
    with database.read() as session:
        tally = session.scalars(select(GuidelineTally)).one()
        lines = session.scalars(select(GuidelineLines)).one()
        run = session.scalars(select(GuidelineRun)).one()
    assert (tally.week_on, tally.rule, tally.violations) == (date(2025, 3, 3), "ncci_ptp", 1)
    assert (tally.coding_source.value, tally.model_version, tally.provider) == ("ai", "3.1", "D1")
    assert (lines.lines, run.id) == (3, checked.run_id)


def test_another_day_provider_or_patient_makes_no_pair(database, claims):
    others = (
        claim(2, "29877", served_on=DAY + timedelta(days=1)),
        claim(3, "29877", provider="D2"),
        claim(4, "29877", patient_id="P2"),
    )
    claims([claim(1, "29881"), *others])
    assert check(database, last_on=DAY + timedelta(days=1)).by_rule == {}


def test_without_a_patient_lines_of_one_claim_are_judged_and_the_rest_is_said(database, claims):
    claims([claim(1, "29881", "29877", patient_id=None), claim(2, "29877", patient_id=None)])
    checked = check(database)
    assert checked.by_rule == {"ncci_ptp": 1}
    assert checked.not_judged["ncci_ptp"] == {"no patient": 2}


def test_claims_without_a_date_or_a_known_arm_are_counted_rather_than_passed_over(database, claims):
    unknown = claim(2, "29881", "29877", coding_source="robot")
    claims([claim(1, "29881"), unknown, claim(3, "29881", served_on=None)])
    checked = check(database)
    assert checked.not_judged["every rule"] == {"no date of service": 1, "no known coding source": 1}
    assert checked.by_rule == {}


def test_what_is_not_listed_is_still_counted(database, claims):
    claims([claim(number, "29881", "29877", patient_id=f"P{number}") for number in range(1, 6)])
    checked = check(database, most_listed=2)
    assert (len(checked.violations), checked.unlisted, checked.by_rule) == (2, 3, {"ncci_ptp": 5})


def test_the_draft_of_the_ai_is_judged_rather_than_what_was_submitted(database, claims):
    row, lines = claim(1, "29881", "29877")
    draft = [{**line, "stage": "ai_draft"} for line in lines]
    claims([(row, [*draft, lines[0]])])
    assert check(database).by_rule == {"ncci_ptp": 1}
    assert check(database, stage=checking.Stage.SUBMITTED).by_rule == {}


def test_a_period_that_ends_before_it_begins_is_refused(database, claims):
    claims([claim(1, "29881")])
    with pytest.raises(BadInput, match="turn it round"):
        check(database, first_on=DAY, last_on=DAY - timedelta(days=1))


def test_the_calendar_says_what_will_end_and_how_long_an_ended_code_was_used(database, claims):
    weeks = {-4: 4, -3: 4, -2: 4, -1: 4, 0: 4, 1: 3, 2: 0, 3: 1}
    rows = []
    for week, lines in weeks.items():
        for line in range(lines):
            on = ENDED_ON + timedelta(days=1 + 7 * week + line)
            rows.append(claim(len(rows) + 1, "C1000", served_on=on, coded_on=on))
    rows.append(claim(900, "A4206", served_on=date(2025, 4, 20)))
    claims(rows)
    request = CalendarRequest(source="claims", as_of=date(2025, 4, 29))
    found = calendar.calendar(database, request, environment={})
    (will_end,) = found.will_end
    assert (will_end.code, will_end.last_valid_on, will_end.lines) == ("A4206", date(2025, 6, 30), {"ai": 1})
    (used,) = found.after_the_end
    assert (used.code, used.arm, used.lines_a_week_before, used.lines_after) == ("C1000", "ai", 2.0, 8)
    assert used.half_life_days == 14
    assert [change.on for change in found.changes][:2] == [date(2025, 7, 1), date(2025, 10, 1)]


def test_the_commands_answer_in_one_document(tmp_path, monkeypatch):
    from auditor.cli.init import init

    path = files.ptp(tmp_path / "2025q1.txt", [files.ptp_line(indicator="0")])
    home = ["--dir", str(tmp_path / "home"), "--json"]
    assert CliRunner().invoke(init, home).exit_code == 0
    imported = CliRunner().invoke(guideline, ["import", "ncci-ptp", str(path), *home])
    assert json.loads(imported.output)["rows"] == 1
    assert json.loads(CliRunner().invoke(guideline, ["import", "ncci-ptp", str(path), *home]).output)["already"]
    (listed,) = json.loads(CliRunner().invoke(guideline, ["list", *home]).output)["editions"]
    assert (listed["name"], listed["setting"], listed["kind"]) == ("2025q1", "practitioner", "ncci-ptp")


def test_every_run_is_kept(database, claims):
    claims([claim(1, "29881")])
    assert check(database).run_id != check(database).run_id
    with database.read() as session:
        assert session.scalar(select(func.count(GuidelineRun.id))) == 2
