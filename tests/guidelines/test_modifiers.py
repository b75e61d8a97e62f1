"""Modifiers by NCCI Policy Manual, Chapter I, and Claims Processing Manual, chapters 12 and 13. Own examples."""

import pytest

from auditor.guidelines.protocol import Reason
from tests.guidelines.coded import claim, faults, fee, judged, line, ptp, tables

FEES = tables(
    fee("99213"),
    fee("11102", global_days="000", multiple="2"),
    fee("27447", global_days="090", multiple="2", bilateral="1"),
    fee("22551", global_days="090", multiple="2"),
    fee("22552", global_days="ZZZ"),
    fee("20610", global_days="000", multiple="2", bilateral="1"),
    fee("11721", global_days="000", multiple="0", bilateral="2"),
    fee("36415", bilateral="9", pctc="9"),
    fee("71046", pctc="1", bilateral="0"),
    fee("93010", pctc="2"),
    fee("93005", pctc="3"),
    fee("93000", pctc="4"),
    fee("85060", pctc="6"),
    fee("97110", pctc="7"),
)


def test_modifier_25_belongs_on_a_visit_beside_another_service():
    assert faults("modifier_25", claim(line("99213", "25"), "11102"), FEES) == []
    assert faults("modifier_25", claim(line("99213", "25"), line("99396")), FEES) == []
    assert faults("modifier_25", claim("99213", line("11102", "25")), FEES) == [("11102",)]
    assert faults("modifier_25", claim(line("99213", "25")), FEES) == [("99213",)]


def test_the_other_service_of_modifier_25_may_stand_on_another_claim():
    assert faults("modifier_25", [claim(line("99213", "25")), claim("11102", claim_id="C-2")], FEES) == []
    other = claim("11102", claim_id="C-2", provider="DR-2")
    assert faults("modifier_25", [claim(line("99213", "25")), other], FEES) == [("99213",)]


def test_beside_major_surgery_alone_57_takes_the_place_of_25():
    assert faults("modifier_25", claim(line("99213", "25"), "27447"), FEES) == [("99213",)]
    assert faults("modifier_25", claim(line("99213", "25", "57"), "27447"), FEES) == []
    assert faults("modifier_25", claim(line("99213", "25"), "27447", "11102"), FEES) == []


def test_modifier_59_stands_on_no_visit_and_beside_no_subset_of_its_own():
    assert faults("modifier_59", claim(line("99213", "59"), "11102"), FEES) == [("99213",)]
    assert faults("modifier_59", claim(line("99213", "XU"), "11102"), FEES) == [("99213",)]
    assert faults("modifier_59", claim(line("11102", "59", "XS"), "20610"), FEES) == [("11102",)]
    assert faults("modifier_59", claim(line("11102", "59"), "20610"), FEES) == []
    assert faults("modifier_59", claim(line("11102", "XS"), "20610"), FEES) == []


def test_modifier_59_is_too_little_where_no_edit_asks_for_it():
    given = tables(ptp("11042", "97597", 1))
    assert faults("modifier_59_less_specific", claim("11042", line("97597", "59")), given) == []
    assert faults("modifier_59_less_specific", claim("11721", line("97597", "59")), given) == [("97597",)]
    assert faults("modifier_59_less_specific", claim("11042", line("97597", "XS")), given) == []


def test_modifier_59_is_too_little_beside_a_modifier_of_place_or_where_a_side_would_say_more():
    given = tables(ptp("29881", "20610", 1), fee("20610", bilateral="1"), ptp("11042", "97597", 1))
    assert faults("modifier_59_less_specific", claim("11042", line("97597", "59", "T5")), given) == [("97597",)]
    assert faults("modifier_59_less_specific", claim("29881", line("20610", "59")), given) == [("20610",)]
    assert faults("modifier_59_less_specific", claim(line("29881", "LT"), line("20610", "59")), given) == []


@pytest.mark.parametrize("modifiers", [("50", "LT"), ("50", "RT"), ("LT", "RT")])
def test_both_sides_and_one_side_contradict_each_other(modifiers):
    assert faults("bilateral_modifiers", claim(line("20610", *modifiers)), FEES) == [("20610",)]


def test_both_sides_are_one_line_of_one_unit():
    assert faults("bilateral_modifiers", claim(line("20610", "50")), FEES) == []
    assert faults("bilateral_modifiers", claim(line("20610", "50", units=2)), FEES) == [("20610",)]
    assert faults("bilateral_modifiers", claim(line("20610", "50"), line("20610", "LT")), FEES) == [("20610",)]
    assert faults("bilateral_modifiers", claim(line("20610", "LT"), line("20610", "RT")), FEES) == []


@pytest.mark.parametrize(("code", "fires"), [("20610", False), ("71046", True), ("11721", True), ("36415", True)])
def test_modifier_50_follows_the_bilateral_indicator(code, fires):
    assert bool(faults("bilateral_modifiers", claim(line(code, "50")), FEES)) is fires


def test_modifier_51_marks_the_second_procedure():
    assert faults("modifier_51", claim("27447", line("20610", "51")), FEES) == []
    assert faults("modifier_51", claim(line("20610", "51")), FEES) == [("20610",)]
    assert faults("modifier_51", claim("99213", line("20610", "51")), FEES) == [("20610",)]
    assert len(faults("modifier_51", claim(line("27447", "51"), line("20610", "51")), FEES)) == 2


@pytest.mark.parametrize("code", ["99213", "22552", "11721"])
def test_visits_add_ons_and_exempt_codes_take_no_51(code):
    assert faults("modifier_51", claim("22551", line(code, "51")), FEES) == [(code,)]


@pytest.mark.parametrize(
    ("code", "modifier", "fires"),
    [
        ("71046", "26", False),
        ("71046", "TC", False),
        ("99213", "26", True),
        ("93010", "26", True),
        ("93005", "TC", True),
        ("93000", "TC", True),
        ("85060", "26", False),
        ("85060", "TC", True),
        ("97110", "26", True),
        ("36415", "TC", True),
    ],
)
def test_components_follow_the_pc_tc_indicator(code, modifier, fires):
    found = faults("component_modifiers", claim(line(code, modifier), place_of_service="11"), FEES)
    assert bool(found) is fires


def test_both_components_on_one_line_contradict_each_other():
    assert faults("component_modifiers", claim(line("71046", "26", "TC"), place_of_service="11"), FEES) == [
        ("71046",)
    ]


@pytest.mark.parametrize(("place", "fires"), [("11", False), ("21", True), ("22", True), ("23", True), ("24", False)])
def test_the_technical_part_in_a_hospital_is_the_hospitals(place, fires):
    assert bool(faults("component_modifiers", claim("71046", place_of_service=place), FEES)) is fires
    assert faults("component_modifiers", claim(line("71046", "26"), place_of_service=place), FEES) == []


def test_the_hospital_itself_bills_the_technical_part():
    own = claim("71046", place_of_service="22", claim_type="outpatient", facility="H-1")
    assert faults("component_modifiers", own, FEES) == []


def test_a_diagnostic_code_without_a_place_is_not_judged():
    answer = judged("component_modifiers", claim("71046"), FEES)
    assert [each.reason for each in answer.not_judged] == [Reason.NO_PLACE]


@pytest.mark.parametrize(
    ("rule", "modifier"),
    [
        ("modifier_25", "25"),
        ("modifier_59", "59"),
        ("modifier_59_less_specific", "59"),
        ("bilateral_modifiers", "50"),
        ("modifier_51", "51"),
        ("component_modifiers", "26"),
    ],
)
def test_a_modifier_without_an_edition_is_not_judged_and_a_line_without_it_is_not_looked_at(rule, modifier):
    nothing = tables(editions=())
    marked = judged(rule, claim(line("20610", modifier), "27447"), nothing)
    assert (marked.violations, [each.reason for each in marked.not_judged]) == ((), [Reason.NO_EDITION])
    assert judged(rule, claim("20610", "27447"), nothing).not_judged == ()


@pytest.mark.parametrize(("rule", "modifier"), [("bilateral_modifiers", "50"), ("component_modifiers", "TC")])
def test_a_code_that_the_fee_schedule_does_not_list_is_not_judged(rule, modifier):
    answer = judged(rule, claim(line("0001U", modifier)), FEES)
    assert [each.reason for each in answer.not_judged] == [Reason.NO_FEE]


@pytest.mark.parametrize(
    ("rule", "code", "modifier"),
    [
        ("modifier_25", "99213", "25"),
        ("modifier_51", "20610", "51"),
        ("modifier_59_less_specific", "11102", "59"),
    ],
)
@pytest.mark.parametrize("missing", [{"provider": None}, {"patient_id": None}])
def test_a_service_that_may_stand_on_a_claim_unseen_is_not_called_missing(rule, code, modifier, missing):
    answer = judged(rule, claim(line(code, modifier), **missing), FEES)
    assert (answer.violations, answer.not_judged_by_rule) == ((), {rule: 1})
    assert judged(rule, claim(line(code, modifier)), FEES).by_rule == {rule: 1}
