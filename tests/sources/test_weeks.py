from collections import Counter
from datetime import date, timedelta
from hashlib import sha256

import pytest

from auditor.domain.claims import CodingSource
from auditor.sources.suspects import SuspectQuestion
from auditor.sources.weeks import ClaimCount, LineCount
from tests.claims_tables import (
    FIRST_ON,
    LAST_ON,
    claim_row,
    code_row,
    in_csv,
    in_duckdb,
    in_postgresql,
    in_sqlite,
    opened,
)

MONDAY = date(2025, 1, 6)
STAGES = ("ai_draft", "human", "submitted")


def written(number):
    """Every third claim carries a draft, every fourth a human coding, all but each fifth a submission."""
    carried = (number % 3 != 0, number % 4 == 0, number % 5 != 0)
    for stage, has in zip(STAGES, carried, strict=True):
        if has:
            yield stage, {"ai_draft": "99214", "human": "99213", "submitted": "99212"}[stage]


@pytest.fixture(scope="module")
def tables():
    claims = [
        claim_row(number, coded_on=None if number % 7 == 0 else claim_row(number)["coded_on"])
        for number in range(1, 400)
    ]
    codes = [
        code_row(claim["claim_id"], code, stage=stage, modifiers=" 25, lt" if number % 2 else None)
        for number, claim in enumerate(claims, start=1)
        for stage, code in written(number)
    ]
    diagnoses = [
        code_row(one["claim_id"], "i25.119", stage="submitted", code_system="icd-10-cm") for one in claims[:50]
    ]
    return {"claims": claims, "codes": codes + diagnoses}


@pytest.fixture(scope="module")
def urls(tmp_path_factory, new_postgres, tables):
    folder = tmp_path_factory.mktemp("weeks")
    return {
        "sqlite": in_sqlite(folder / "c.sqlite", tables, typed=False),
        "duckdb": in_duckdb(folder / "c.duckdb", tables),
        "parquet": in_csv(folder / "pipes", tables, delimiter="|"),
        "csv": in_csv(folder / "csv", tables),
        "postgresql": in_postgresql(new_postgres(), tables),
    }


def own_codes(tables):
    """Each claim with the codes of its own output, by hand."""
    for claim in tables["claims"]:
        mine = "human" if claim["coding_source"] == "human" else "ai_draft"
        for stage in (mine, "submitted"):
            codes = [one for one in tables["codes"] if (one["claim_id"], one["stage"]) == (claim["claim_id"], stage)]
            if codes:
                yield claim, codes
                break


def week_of(claim):
    on = claim["coded_on"] or claim["served_on"]
    return on - timedelta(days=on.weekday())


def test_lines_are_counted_by_week_arm_version_code_and_modifiers_alike_everywhere(source, tables):
    expected = Counter()
    for claim, codes in own_codes(tables):
        for one in codes:
            modifiers = ("25", "LT") if one["modifiers"] else ()
            code = (one["code_system"].upper(), one["code"].upper().replace(".", ""), modifiers)
            expected[week_of(claim), CodingSource(claim["coding_source"]), claim["model_version"], *code] += 1
    counted = source.week_counts(date(2024, 1, 1), date(2026, 12, 31)).lines
    names = ("week_start", "coding_source", "model_version", "code_system", "code", "modifiers")
    assert {tuple(getattr(one, name) for name in names): one.lines for one in counted} == expected
    assert len(counted) == len(expected)


def test_claims_with_an_output_are_counted_by_week_arm_version_specialty_and_payer(source, tables):
    expected = Counter()
    for claim, _ in own_codes(tables):
        slices = (claim["model_version"], claim["specialty"], claim["payer"])
        expected[week_of(claim), CodingSource(claim["coding_source"]), *slices] += 1
    counted = source.week_counts(date(2024, 1, 1), date(2026, 12, 31)).claims
    names = ("week_start", "coding_source", "model_version", "specialty", "payer")
    assert {tuple(getattr(one, name) for name in names): one.claims for one in counted} == expected


def test_only_the_weeks_asked_for_are_counted_both_ends_included(source):
    counted = source.week_counts(MONDAY, MONDAY + timedelta(days=6))
    assert {one.week_start for one in (*counted.lines, *counted.claims)} == {MONDAY}


def test_periods_asked_for_one_after_another_do_not_disturb_each_other(source):
    week, next_week = (MONDAY, MONDAY + timedelta(days=6)), (MONDAY + timedelta(days=7), MONDAY + timedelta(days=13))
    apart = [source.week_counts(*each) for each in (week, next_week, week)]
    both = source.week_counts(week[0], next_week[1])
    assert Counter(both.lines) == Counter((*apart[0].lines, *apart[1].lines))
    assert Counter(apart[2].lines) == Counter(apart[0].lines)


def test_a_source_without_optional_columns_is_counted_all_the_same(tmp_path):
    claim = {"claim_id": "1", "coding_source": "ai", "served_on": MONDAY}
    code = {"claim_id": "1", "stage": "ai_draft", "sequence": 1, "code_system": "CPT", "code": "99213"}
    with opened(in_sqlite(tmp_path / "c.sqlite", {"claims": [claim], "codes": [code]})) as source:
        counted = source.week_counts(FIRST_ON, LAST_ON)
    arm = {"week_start": MONDAY, "coding_source": CodingSource.AI, "model_version": None}
    assert counted.lines == (LineCount(**arm, code_system="CPT", code="99213", modifiers=(), lines=1),)
    assert counted.claims == (ClaimCount(**arm, specialty=None, payer=None, claims=1),)


def test_suspects_are_the_smallest_tickets_among_claims_that_carry_what_is_asked_alike_everywhere(source, tables):
    carrying = {
        one["claim_id"]
        for one in tables["codes"]
        if one["stage"] != "human" and ("25" in (one["modifiers"] or "") or one["code"] == "i25.119")
    }
    meant = [
        claim["claim_id"]
        for claim in tables["claims"]
        if claim["coding_source"] == "ai" and claim["model_version"] == "3.1" and claim["claim_id"] in carrying
    ]
    expected = sorted(meant, key=lambda claim_id: sha256(f"seed,{claim_id}".encode()).hexdigest())
    question = SuspectQuestion(
        arm=CodingSource.AI,
        model_version="3.1",
        first_on=date(2024, 1, 1),
        last_on=date(2026, 12, 31),
        codes=("I25119",),
        modifiers=("25",),
    )
    assert len(expected) > 20
    assert list(source.suspects(question, seed="seed", size=20)) == expected[:20]
    assert list(source.suspects(question, seed="seed", size=1_000)) == expected


def test_suspects_of_weeks_without_claims_are_none(source):
    question = SuspectQuestion(
        arm=CodingSource.AI, model_version=None, first_on=date(2030, 1, 1), last_on=date(2030, 12, 31)
    )
    assert source.suspects(question, seed="seed", size=5) == ()
