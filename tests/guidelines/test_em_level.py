"""Visit levels by the CPT E/M guidelines of 2021 and 2023: total time, or two of three elements. Own examples."""

from datetime import date

import pytest

from auditor.guidelines.protocol import Reason
from tests.guidelines.coded import claim, faults, judged, line, tables

LOW = "problems=low; data=limited; risk=low"
MODERATE = "problems=moderate; data=minimal; risk=moderate"


def visit(code, evidence, **fields):
    return claim(line(code, evidence=evidence), **fields)


@pytest.mark.parametrize(
    ("evidence", "fires"),
    [
        (f"total_time_minutes=29; {LOW}", True),
        (f"total_time_minutes=30; {LOW}", False),
        (f"total_time_minutes=31; {LOW}", False),
        (f"total_time_minutes=10; {MODERATE}", False),
        (LOW, True),
        (MODERATE, False),
    ],
)
def test_99214_needs_30_minutes_or_moderate_decision_making(evidence, fires):
    assert bool(faults("em_level_too_high", visit("99214", evidence), tables())) is fires


@pytest.mark.parametrize("evidence", [None, "", "patient stable", "total_time_minutes=12", "problems=low; risk=high"])
def test_what_the_data_do_not_carry_is_not_judged(evidence):
    answer = judged("em_level_too_high", visit("99214", evidence), tables())
    assert (answer.violations, [each.reason for each in answer.not_judged]) == ((), [Reason.NO_EVIDENCE])


@pytest.mark.parametrize(
    ("code", "last_without", "first_on"),
    [("99214", date(2020, 12, 31), date(2021, 1, 1)), ("99223", date(2022, 12, 31), date(2023, 1, 1))],
)
def test_the_guidelines_begin_on_their_day(code, last_without, first_on):
    evidence = "total_time_minutes=5; problems=minimal; data=minimal; risk=minimal"
    assert faults("em_level_too_high", visit(code, evidence, served_on=last_without), tables()) == []
    assert faults("em_level_too_high", visit(code, evidence, served_on=first_on), tables()) == [(code,)]


def test_time_does_not_decide_in_the_emergency_department():
    assert faults("em_level_too_high", visit("99285", f"total_time_minutes=300; {LOW}"), tables()) == [("99285",)]


def test_a_higher_level_of_the_family_that_the_data_support_is_money_left():
    found = judged("em_level_too_low", visit("99213", f"total_time_minutes=41; {LOW}"), tables()).violations
    assert found[0].detail.endswith("supports 99215.")
    assert faults("em_level_too_low", visit("99215", f"total_time_minutes=41; {LOW}"), tables()) == []
    assert judged("em_level_too_low", visit("99213", None), tables()).not_judged_by_rule == {"em_level_too_low": 1}


def test_other_codes_have_no_level():
    answer = judged("em_level_too_high", visit("93000", None), tables())
    assert (answer.violations, answer.not_judged) == ((), ())
