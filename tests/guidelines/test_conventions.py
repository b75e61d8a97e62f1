"""Conventions of ICD-10-CM, ages, sexes, and values that cannot be: own examples of the wording cited."""

from datetime import date, timedelta

import pytest

from auditor.guidelines.protocol import Reason
from tests.guidelines.coded import ON, claim, diagnosis, faults, judged, line, tables

BEFORE_ICD10 = date(2015, 9, 30)
FIRST_ICD10 = date(2015, 10, 1)


def test_dementia_in_other_diseases_is_not_listed_before_its_disease():
    first, second = diagnosis("F02.80"), diagnosis("G30.9")
    assert faults("first_listed_manifestation", claim(first, second), tables()) == [("F0280",)]
    assert faults("first_listed_manifestation", claim(second, first), tables()) == []


def test_only_the_titled_codes_of_a_category_are_manifestations():
    assert faults("first_listed_manifestation", claim(diagnosis("D63.8")), tables()) == [("D638",)]
    assert faults("first_listed_manifestation", claim(diagnosis("D63.1")), tables()) == []


@pytest.mark.parametrize("code", ["V43.52XA", "W19.XXXA", "X32.XXXA", "Y93.01"])
def test_an_external_cause_is_not_listed_first(code):
    injury = diagnosis("S52.501A")
    assert len(faults("first_listed_external_cause", claim(diagnosis(code), injury), tables())) == 1
    assert faults("first_listed_external_cause", claim(injury, diagnosis(code)), tables()) == []


def test_the_first_listed_diagnosis_stands_first_by_sequence_whatever_stands_before_it_in_the_claim():
    codes = diagnosis("W19.XXXA", sequence=2), diagnosis("S52.501A", sequence=1)
    assert faults("first_listed_external_cause", claim(*codes), tables()) == []


@pytest.mark.parametrize("rule", ["first_listed_manifestation", "first_listed_external_cause", "excludes1"])
def test_conventions_begin_with_icd_10(rule):
    codes = diagnosis("W19.XXXA"), diagnosis("F02.80")
    early = judged(rule, claim(*codes, served_on=BEFORE_ICD10), tables())
    assert (early.violations, [each.reason for each in early.not_judged]) == ((), [Reason.NO_EDITION])
    assert judged(rule, claim(*codes, served_on=FIRST_ICD10), tables()).not_judged == ()


@pytest.mark.parametrize(
    "pair", [("E10.9", "E11.9"), ("R73.03", "E11.65"), ("N39.0", "N30.00"), ("F32.9", "F33.1"), ("I10", "O13.3")]
)
def test_codes_that_a_note_keeps_apart_are_at_fault_in_either_order(pair):
    first, second = map(diagnosis, pair)
    assert len(faults("excludes1", claim(first, second), tables())) >= 1
    assert len(faults("excludes1", claim(second, first), tables())) >= 1


def test_codes_without_a_note_stand_together():
    assert faults("excludes1", claim(diagnosis("E11.9"), diagnosis("I10"), diagnosis("E78.5")), tables()) == []


@pytest.mark.parametrize(
    ("code", "age", "fires"),
    [
        (diagnosis("Z38.00"), 0, False),
        (diagnosis("Z38.00"), 1, True),
        (diagnosis("Z00.129"), 17, False),
        (diagnosis("Z00.129"), 18, True),
        (diagnosis("O80"), 8, True),
        (diagnosis("O80"), 9, False),
        (diagnosis("O80"), 64, False),
        (diagnosis("O80"), 65, True),
        (diagnosis("N40.1"), 14, True),
        (diagnosis("N40.1"), 15, False),
        (diagnosis("P27.1"), 40, False),
        (line("99396"), 39, True),
        (line("99396"), 40, False),
        (line("99396"), 64, False),
        (line("99396"), 65, True),
    ],
)
def test_ages_fit_up_to_both_ends_of_the_span(code, age, fires):
    assert bool(faults("age_conflict", claim(code, patient_age=age), tables())) is fires


def test_an_age_that_is_not_known_is_needed_only_where_a_code_stands_for_one():
    answer = judged("age_conflict", [claim(diagnosis("O80")), claim(diagnosis("I10"), claim_id="C-2")], tables())
    assert [(each.claim_id, each.reason) for each in answer.not_judged] == [("C-1", Reason.NO_AGE)]


@pytest.mark.parametrize(
    ("code", "sex", "fires"),
    [
        ("O80", "M", True),
        ("O80", "f", False),
        ("N40.1", "female", True),
        ("N40.1", "1", False),
        ("C50.911", "M", False),
        ("I10", "M", False),
    ],
)
def test_diagnoses_of_one_sex(code, sex, fires):
    assert bool(faults("sex_conflict", claim(diagnosis(code), patient_sex=sex), tables())) is fires


@pytest.mark.parametrize("sex", [None, "", "U"])
def test_an_unknown_sex_is_not_judged(sex):
    answer = judged("sex_conflict", claim(diagnosis("O80"), patient_sex=sex), tables())
    assert [each.reason for each in answer.not_judged] == [Reason.NO_SEX]


@pytest.mark.parametrize(("units", "fires"), [(-1, True), (0, True), (1, False), (None, False)])
def test_a_line_has_at_least_one_unit(units, fires):
    assert bool(faults("impossible_values", claim(line("99213", units=units)), tables())) is fires


@pytest.mark.parametrize(("days", "fires"), [(-1, True), (0, False), (3, False), (4, True)])
def test_a_line_lies_within_its_claim(days, fires):
    stay = claim(line("99232", served_on=ON + timedelta(days=days)), discharged_on=ON + timedelta(days=3))
    assert bool(faults("impossible_values", stay, tables())) is fires


@pytest.mark.parametrize("step", ["discharged_on", "coded_on", "submitted_on", "paid_on"])
@pytest.mark.parametrize(("days", "fires"), [(-1, True), (0, False), (1, False)])
def test_no_step_comes_before_the_service(step, days, fires):
    found = judged("impossible_values", claim(diagnosis("I10"), **{step: ON + timedelta(days=days)}), tables())
    assert bool(found.violations) is fires
    assert all((each.claim_id, each.codes) == ("C-1", ()) for each in found.violations)


def test_nothing_is_paid_before_it_is_submitted():
    later = {"submitted_on": ON + timedelta(days=9), "paid_on": ON + timedelta(days=8)}
    assert len(judged("impossible_values", claim("99213", **later), tables()).violations) == 1
