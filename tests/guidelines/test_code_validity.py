"""Codes valid on their day: 45 CFR 162.1000(a); ICD-10-CM Official Guidelines I.B.2. Own examples."""

from datetime import timedelta

import pytest

from auditor.guidelines.protocol import Reason
from auditor.guidelines.tables import CodeState, GuidelineKind
from tests.guidelines.coded import (
    FIRST_ON,
    LAST_ON,
    ON,
    claim,
    diagnosis,
    edition,
    faults,
    fee,
    judged,
    line,
    tables,
    term,
)

DAY = timedelta(days=1)


def ended(code, *, last_on, system="ICD-10-CM"):
    """A code that was valid until a day and has ended since."""
    return (
        term(code, system=system, last_on=last_on),
        term(code, CodeState.ENDED, system=system, first_on=last_on + DAY),
    )


def test_a_valid_code_is_clean():
    answer = judged("code_validity", claim(diagnosis("I10")), tables(term("I10")))
    assert (answer.violations, answer.not_judged) == ((), ())


def test_codes_compare_without_dots_and_in_capitals():
    assert faults("code_validity", claim(diagnosis("e11.9")), tables(term("E119"))) == []


@pytest.mark.parametrize(("days", "fires"), [(-1, False), (0, False), (1, True)])
def test_a_deleted_code_is_at_fault_from_the_day_after_its_last(days, fires):
    given = tables(*ended("M545", last_on=ON))
    assert bool(faults("code_validity", claim(diagnosis("M54.5"), served_on=ON + days * DAY), given)) is fires


@pytest.mark.parametrize(("days", "fires"), [(-1, True), (0, False), (1, False)])
def test_a_new_code_is_at_fault_until_the_day_before_its_first(days, fires):
    given = tables(term("M5459", first_on=ON), term("M5459", CodeState.NOT_YET, last_on=ON - DAY))
    assert bool(faults("code_validity", claim(diagnosis("M54.59"), served_on=ON + days * DAY), given)) is fires


def test_a_category_is_not_billable_where_more_characters_exist():
    found = judged("code_validity", claim(diagnosis("E11")), tables(term("E11", CodeState.NOT_BILLABLE))).violations
    assert found[0].detail == "E11 is not billable on 2025-05-14."


def test_a_code_that_a_complete_edition_does_not_list_is_at_fault_and_otherwise_not_judged():
    unheard = claim(diagnosis("Q99.99"))
    assert faults("code_validity", unheard, tables()) == [("Q9999",)]
    partial = tables(editions=[edition(GuidelineKind.ICD10CM, complete=False)])
    answer = judged("code_validity", unheard, partial)
    assert (answer.violations, [each.reason for each in answer.not_judged]) == ((), [Reason.INCOMPLETE_EDITION])


def test_a_stay_is_judged_by_its_discharge_and_a_visit_by_its_service():
    given = tables(*ended("M545", last_on=ON))
    stay = {"claim_type": "inpatient", "served_on": ON - DAY}
    assert faults("code_validity", claim(diagnosis("M54.5"), discharged_on=ON, **stay), given) == []
    assert faults("code_validity", claim(diagnosis("M54.5"), discharged_on=ON + DAY, **stay), given) == [("M545",)]
    visit = claim(diagnosis("M54.5"), served_on=ON - DAY, discharged_on=ON + DAY)
    assert faults("code_validity", visit, given) == []


def test_a_stay_without_a_discharge_is_not_judged():
    answer = judged("code_validity", claim(diagnosis("I10"), claim_type="inpatient"), tables(term("I10")))
    assert [each.reason for each in answer.not_judged] == [Reason.NO_DISCHARGE]


def test_cpt_and_hcpcs_are_one_family_and_hcpcs_codes_have_dates():
    given = tables(*ended("G0101", last_on=ON, system="HCPCS"))
    for system in ("CPT", "HCPCS"):
        late = claim(line("G0101", system=system), served_on=ON + DAY)
        assert faults("code_validity", late, given) == [("G0101",)]


def test_a_cpt_code_is_judged_where_the_fee_schedule_lists_it_on_another_day_only():
    given = tables(fee("99241", last_on=ON))
    assert faults("code_validity", claim("99241"), given) == []
    assert faults("code_validity", claim("99241", served_on=ON + DAY), given) == [("99241",)]
    unlisted = judged("code_validity", claim("12345"), given)
    assert [each.reason for each in unlisted.not_judged] == [Reason.UNKNOWN_CODE_SYSTEM]


@pytest.mark.parametrize("system", ["ICD-9-CM", "CDT", "whatever"])
def test_a_code_system_without_tables_is_not_judged(system):
    answer = judged("code_validity", claim(line("D0120", system=system)), tables())
    assert [each.reason for each in answer.not_judged] == [Reason.UNKNOWN_CODE_SYSTEM]


@pytest.mark.parametrize(("on", "judgable"), [(FIRST_ON - DAY, 0), (FIRST_ON, 1), (LAST_ON, 1), (LAST_ON + DAY, 0)])
def test_outside_every_edition_nothing_is_called_clean(on, judgable):
    answer = judged("code_validity", claim(diagnosis("I10"), served_on=on), tables(term("I10")))
    assert len(answer.not_judged) == 1 - judgable
