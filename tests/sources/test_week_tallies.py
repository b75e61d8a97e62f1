"""Charges, confidence, overrides, denials and case mix, counted by week alike in every engine."""

from datetime import date, timedelta

import pytest

from auditor.domain.claims import CodingSource
from auditor.sources.case_mix import MixQuestion
from auditor.sources.tally import Tally
from tests.claims_tables import claim_row, code_row, in_csv, in_duckdb, in_postgresql, in_sqlite, opened

MONDAY = date(2025, 1, 6)
CLAIMS = [
    claim_row(
        number,
        claim_id=f"C{number}",
        coding_source="ai",
        model_version="3.1",
        coded_on=MONDAY + timedelta(days=number % 7),
        served_on=MONDAY,
        charge_cents=1_000 * number,
        ai_confidence=0.5 + number / 100,
        provider=f"DR-{number % 2}",
        place_of_service="11" if number % 2 else "22",
        specialty="FM",
        payer="Medicare",
    )
    for number in range(1, 11)
]
CODES = [
    code_row(f"C{number}", code, stage=stage, modifiers="25" if number % 2 else None, code_system=system)
    for number in range(1, 11)
    for stage, code, system in (
        ("ai_draft", "99214", "CPT"),
        ("submitted", "99213" if number <= 3 else "99214", "HCPCS"),
        *((("human", "99215", "CPT"),) if number == 1 else ()),
    )
]
REMITS = [
    {"claim_id": f"C{number}", "group_code": group, "carc": carc, "adjusted_cents": cents, "decided_on": on}
    for number, group, carc, cents, on in (
        (1, "CO", "45", 500, MONDAY + timedelta(days=8)),
        (1, "CO", "50", 700, MONDAY + timedelta(days=8)),
        (2, "PR", "1", 900, MONDAY + timedelta(days=9)),
        (3, "CO", "97", 0, MONDAY + timedelta(days=9)),
        (4, "CO", "236", 100, MONDAY + timedelta(days=90)),
    )
]
TABLES = {"claims": CLAIMS, "codes": CODES, "remits": REMITS}


@pytest.fixture(scope="module")
def urls(tmp_path_factory, new_postgres):
    folder = tmp_path_factory.mktemp("tallies")
    return {
        "sqlite": in_sqlite(folder / "c.sqlite", TABLES, typed=False),
        "duckdb": in_duckdb(folder / "c.duckdb", TABLES),
        "parquet": in_csv(folder / "pipes", TABLES, delimiter="|"),
        "csv": in_csv(folder / "csv", TABLES),
        "postgresql": in_postgresql(new_postgres(), TABLES),
    }


def tallied(source, measure):
    found = source.week_counts(MONDAY, MONDAY + timedelta(days=27)).tallies
    return {(each.week_start, each.row): each for each in found if each.measure is measure}


def test_values_are_summed_with_their_squares(source):
    [charge] = tallied(source, Tally.CHARGE).values()
    assert (charge.units, charge.total, charge.squares) == (
        10,
        550.0,
        pytest.approx(100 * sum(n * n for n in range(11))),
    )
    [confidence] = tallied(source, Tally.CONFIDENCE).values()
    assert confidence.total == pytest.approx(5.55)
    [codes] = tallied(source, Tally.CODES).values()
    assert (codes.units, codes.total) == (10, 10)


def test_drafts_that_billing_or_people_changed_are_counted_and_systems_of_one_family_are_no_change(source):
    [override] = tallied(source, Tally.OVERRIDE).values()
    assert (override.total, override.units) == (3, 10)
    [disagreement] = tallied(source, Tally.DISAGREEMENT).values()
    assert (disagreement.total, disagreement.units) == (1, 1)


def test_denials_stand_in_the_week_of_their_decision_and_patient_shares_and_contracts_are_none(source):
    week = MONDAY + timedelta(days=7)
    denials = tallied(source, Tally.DENIAL)
    assert {key: (each.total, each.units) for key, each in denials.items()} == {(week, "50"): (1, 3)}
    clean = tallied(source, Tally.CLEAN_CLAIM)[week, ""]
    assert (clean.total, clean.units) == (2, 3)


def test_case_mix_counts_what_is_asked_by_cell(source):
    found = source.case_mix(
        MixQuestion(first_on=MONDAY, last_on=MONDAY + timedelta(days=6), codes=("99214",), modifiers=("25",))
    )
    assert {(each.cell, each.modifiers): each.lines for each in found} == {
        (("FM", "Medicare", "11"), ("25",)): 5,
        (("FM", "Medicare", "22"), ()): 5,
    }
    assert {each.coding_source for each in found} == {CodingSource.AI}


def test_what_a_source_lacks_is_named(tmp_path):
    claim = {"claim_id": "1", "coding_source": "ai", "served_on": MONDAY}
    code = {"claim_id": "1", "stage": "ai_draft", "sequence": 1, "code_system": "CPT", "code": "99213"}
    with opened(in_sqlite(tmp_path / "c.sqlite", {"claims": [claim], "codes": [code]})) as source:
        missing = source.week_counts(MONDAY, MONDAY + timedelta(days=6)).missing
    assert set(missing) == {
        Tally.CHARGE,
        Tally.CONFIDENCE,
        Tally.DENIAL,
        Tally.CLEAN_CLAIM,
        Tally.PROVIDER,
        Tally.FACILITY,
    }
    assert "[remits]" in missing[Tally.DENIAL]
