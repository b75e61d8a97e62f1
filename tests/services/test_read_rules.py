"""A check of a source by every rule: those asked in its engine, those that read its claims, and the house's own."""

from datetime import date, timedelta

import pytest

from auditor.domain.claims import Stage
from auditor.guidelines.judging import Reading, judge
from auditor.guidelines.tables import GuidelineKind
from auditor.services import claim_sources
from auditor.services.guidelines import answers, checking, importing
from auditor.services.guidelines.house import rules_in_force
from auditor.services.guidelines.importing import ImportRequest
from auditor.services.guidelines.read_rules import ASKED
from auditor.sources.mapping import preset
from tests import claims_tables, make

SURGERY_ON = date(2025, 3, 20)
FIRST_ON, LAST_ON = date(2025, 4, 1), date(2025, 6, 30)
FEES = (
    "HCPCS,MOD,STATUS CODE,PCTC IND,GLOB DAYS,MULT PROC,BILAT SURG,ASST SURG,CO-SURG,TEAM SURG\n"
    "27447,,A,0,090,2,1,0,0,0\n99213,,A,0,XXX,0,0,0,0,0\n99244,,A,0,XXX,0,0,0,0,0\n"
)


def claim_row(claim_id, served_on, **fields):
    given = {"claim_id": claim_id, "served_on": served_on, "patient_id": "P1", "provider": "D1", "payer": "Medicare"}
    return claims_tables.claim_row(1, **(given | {"coding_source": "ai", "coded_on": served_on} | fields))


def code_row(claim_id, code, **fields):
    return claims_tables.code_row(claim_id, code, **fields)


TABLES = {
    "claims": [
        claim_row("SURGERY", SURGERY_ON),
        claim_row("VISIT", FIRST_ON),
        claim_row("CONSULT", FIRST_ON + timedelta(days=9), patient_id=None),
        claim_row("LATER", LAST_ON + timedelta(days=1)),
    ],
    "codes": [
        code_row("SURGERY", "27447"),
        code_row("VISIT", "99213", stage="ai_draft"),
        code_row("VISIT", "99213", stage="submitted", modifiers="24"),
        code_row("CONSULT", "99244"),
        code_row("LATER", "99213"),
    ],
}


@pytest.fixture
def source(sqlite, tmp_path):
    fees = tmp_path / "PPRRVU25_JAN.csv"
    fees.write_text(FEES)
    importing.import_file(sqlite, ImportRequest(kind=GuidelineKind.PFS, path=fees), by="olga", at=make.NOON)
    url = claims_tables.in_sqlite(tmp_path / "claims.sqlite", TABLES)
    access = claim_sources.Access(name="claims", url=url, mapping=preset("canonical"))
    with sqlite.write() as session:
        claim_sources.add(session, access, by="olga", at=make.NOON)
    return sqlite


def check(database, **fields):
    request = checking.CheckRequest(source="claims", first_on=FIRST_ON, last_on=LAST_ON, **fields)
    return checking.check(database, request, by="olga", at=make.NOON, environment={})


def found(checked):
    return {(each.rule, each.claim_id) for each in checked.violations}


def test_an_operation_before_the_period_covers_a_visit_within_it(source):
    assert ("global_period", "VISIT") in found(check(source))


def test_claims_outside_the_period_are_context_only(source):
    assert {claim_id for _, claim_id in found(check(source))} <= {"VISIT", "CONSULT"}


def test_the_ai_is_judged_by_its_draft_unless_a_stage_is_named(source):
    assert ("global_period", "VISIT") in found(check(source))
    assert ("global_period", "VISIT") not in found(check(source, stage=Stage.SUBMITTED))


def test_a_shipped_house_rule_judges_the_claims_of_a_source_with_its_severity(source):
    checked = check(source)
    assert ("consultation_billed_to_medicare", "CONSULT") in found(checked)
    listed = {each["rule"]: each for each in answers.check_document(checked)["violations"]}
    assert listed["consultation_billed_to_medicare"]["severity"] == "material"
    assert listed["consultation_billed_to_medicare"]["edition"] == "guidelines.toml"


def test_a_rule_of_the_practice_judges_beside_them(source, tmp_path):
    own = tmp_path / "guidelines.toml"
    own.write_text(
        '[[rule]]\nname = "ours"\nexplanation = "x"\ncitation = "y"\nwhen = { codes = ["99213"] }\n'
        'fires = [{ codes = ["99213"] }]\npasses = [{ codes = ["1"] }]\n'
    )
    assert ("ours", "VISIT") in found(check(source, own_rules=own))


def test_a_claim_without_a_patient_is_counted_as_not_judged(source):
    assert check(source).not_judged["global_period"] == {"no patient": 1}


def test_rules_that_read_claims_are_named_when_they_do_not_run(source):
    checked = check(source, every_rule=False)
    assert {rule for rule, _ in found(checked)} <= ASKED
    assert set(checked.rules_left_out) == {rule.card.name for rule in rules_in_force(None)} - ASKED
    assert check(source).rules_left_out == ()


def test_patients_read_in_parts_are_judged_as_all_claims_at_once(source, tmp_path):
    rows = [
        claim_row(f"C{number:04d}", FIRST_ON + timedelta(days=number % 80), patient_id=f"P{number % 200}")
        for number in range(1_300)
    ]
    codes = [
        code_row(row["claim_id"], ("27447", "99213")[at % 7 > 0], stage="ai_draft") for at, row in enumerate(rows)
    ]
    url = claims_tables.in_sqlite(tmp_path / "many.sqlite", {"claims": rows, "codes": codes})
    with claims_tables.opened(url) as opened:
        parts = list(opened.by_patient(FIRST_ON, LAST_ON))
        everything = opened.claims([row["claim_id"] for row in rows])
        tables = checking.narrowed(source, opened.guidelines(_ever()).codes(), None)
    reading = Reading(read_from=FIRST_ON, read_to=LAST_ON)
    rules = rules_in_force(None)
    one_by_one = [each for part in parts for each in judge(part, tables, rules=rules, reading=reading).violations]
    assert len(parts) > 1
    assert set(one_by_one) == set(judge(everything, tables, rules=rules, reading=reading).violations)
    assert one_by_one


def _ever():
    return checking.LinesWanted(first_on=FIRST_ON, last_on=LAST_ON)
