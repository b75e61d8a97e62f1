"""NCCI PTP edits by their official wording: NCCI Policy Manual, Chapter I, sections A and E. Own examples."""

from datetime import date, timedelta

import pytest

from auditor.guidelines.protocol import Reason
from auditor.guidelines.tables import Setting
from tests.guidelines.coded import ON, claim, faults, judged, line, ptp, tables

NEVER, UNLESS_MODIFIED, DELETED = (tables(ptp("11042", "97597", indicator)) for indicator in (0, 1, 9))


def test_the_second_column_is_at_fault_beside_the_first():
    found = judged("ncci_ptp", claim("11042", "97597"), NEVER).violations
    assert [(each.claim_id, each.labels, each.edition) for each in found] == [
        ("C-1", ("97597", "11042"), "ncci-ptp 2025Q2")
    ]


def test_the_order_of_lines_does_not_matter():
    assert faults("ncci_ptp", claim("97597", "11042"), NEVER) == [("97597", "11042")]


def test_one_code_alone_is_clean():
    assert faults("ncci_ptp", claim("97597", "97597"), NEVER) == []


@pytest.mark.parametrize("modifier", ["59", "XS", "25", "LT", "E1", "T9", "91", "58"])
@pytest.mark.parametrize("position", [1, 2])
def test_a_bypass_modifier_on_either_line_passes_where_the_indicator_allows_it(modifier, position):
    lines = [line("11042"), line("97597")]
    lines[position - 1] = line(lines[position - 1].code, modifier.lower())
    assert faults("ncci_ptp", claim(*lines), UNLESS_MODIFIED) == []
    assert faults("ncci_ptp", claim(*lines), NEVER) == [("97597", "11042")]


@pytest.mark.parametrize("modifier", ["51", "76", "77", "26", "50", "GA"])
def test_other_modifiers_bypass_nothing(modifier):
    assert faults("ncci_ptp", claim("11042", line("97597", modifier)), UNLESS_MODIFIED) == [("97597", "11042")]


def test_a_pair_deleted_from_its_first_day_is_no_edit():
    assert faults("ncci_ptp", claim("11042", "97597"), DELETED) == []


def test_a_pair_is_an_edit_across_claims_of_one_patient_provider_and_day():
    first = claim("11042")
    assert faults("ncci_ptp", [first, claim("97597", claim_id="C-2")], NEVER) == [("97597", "11042")]
    for other in ({"patient_id": "P-2"}, {"provider": "DR-2"}, {"served_on": ON + timedelta(days=1)}):
        assert faults("ncci_ptp", [first, claim("97597", claim_id="C-2", **other)], NEVER) == []


@pytest.mark.parametrize(
    ("on", "fires"),
    [
        (date(2025, 4, 30), False),
        (date(2025, 5, 1), True),
        (date(2025, 5, 2), True),
        (date(2025, 5, 30), True),
        (date(2025, 5, 31), True),
        (date(2025, 6, 1), False),
    ],
)
def test_a_pair_holds_from_its_effective_to_its_deletion_date(on, fires):
    given = tables(ptp("11042", "97597", first_on=date(2025, 5, 1), last_on=date(2025, 5, 31)))
    assert bool(faults("ncci_ptp", claim("11042", "97597", served_on=on), given)) is fires


def test_a_line_is_judged_by_its_own_date():
    late = claim("11042", line("97597", served_on=ON + timedelta(days=1)))
    assert faults("ncci_ptp", late, NEVER) == []


@pytest.mark.parametrize("on", [date(2025, 3, 31), date(2025, 7, 1)])
def test_without_an_edition_in_force_nothing_is_called_clean(on):
    answer = judged("ncci_ptp", claim("11042", "97597", served_on=on), NEVER)
    assert answer.violations == ()
    assert [each.reason for each in answer.not_judged] == [Reason.NO_EDITION]


def test_hospital_lines_are_judged_by_the_outpatient_table():
    hospital = claim("11042", "97597", claim_type="outpatient", facility="H-1")
    assert faults("ncci_ptp", hospital, NEVER) == []
    assert faults("ncci_ptp", hospital, tables(ptp("11042", "97597"), settings=[Setting.OUTPATIENT])) != []


def test_a_hospital_is_one_provider_whoever_rendered_the_line():
    lines = line("11042", provider="DR-1"), line("97597", provider="DR-2")
    given = tables(ptp("11042", "97597"), settings=[Setting.OUTPATIENT, Setting.PRACTITIONER])
    assert faults("ncci_ptp", claim(*lines, claim_type="outpatient", facility="H-1"), given) != []
    assert faults("ncci_ptp", claim(*lines), given) == []


def test_inpatient_stays_are_outside_the_edits():
    answer = judged("ncci_ptp", claim("11042", "97597", claim_type="inpatient"), NEVER)
    assert (answer.violations, answer.not_judged) == ((), ())


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"patient_id": None}, Reason.NO_PATIENT),
        ({"provider": None}, Reason.NO_PROVIDER),
        ({"claim_type": "unheard of"}, Reason.UNKNOWN_CLAIM_TYPE),
    ],
)
def test_what_cannot_be_compared_is_counted_as_not_judged(missing, reason):
    answer = judged("ncci_ptp", [claim("11042", **missing), claim("97597", claim_id="C-2", **missing)], NEVER)
    assert answer.violations == ()
    assert {each.reason for each in answer.not_judged} == {reason}
    assert answer.not_judged_by_rule == {"ncci_ptp": 2}


def test_lines_of_one_claim_break_an_edit_even_without_patient_or_provider():
    assert faults("ncci_ptp", claim("11042", "97597", patient_id=None, provider=None), NEVER) != []


def test_without_any_edition_every_claim_with_procedures_is_not_judged():
    answer = judged("ncci_ptp", claim("11042", "97597"), tables(editions=()))
    assert answer.not_judged_by_rule == {"ncci_ptp": 1}
