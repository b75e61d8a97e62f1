"""Add-on codes by the wording of the CMS NCCI add-on code edits, types 1 to 3. Own examples."""

from datetime import timedelta

import pytest

from auditor.guidelines.protocol import Reason
from auditor.guidelines.tables import CONTRACTOR_DEFINED
from tests.guidelines.coded import ON, addon, claim, faults, judged, tables

LISTED = tables(addon("22552", "22551", 1))
OPEN = tables(addon("11045", CONTRACTOR_DEFINED, 2))
PARTLY = tables(addon("64462", "64461", 3), addon("64462", CONTRACTOR_DEFINED, 3))


@pytest.mark.parametrize(("given", "code"), [(LISTED, "22552"), (OPEN, "11045"), (PARTLY, "64462")])
def test_an_add_on_of_any_type_is_at_fault_alone(given, code):
    assert faults("addon_without_primary", claim(code), given) == [(code,)]


def test_a_listed_primary_carries_its_add_on_across_claims():
    assert faults("addon_without_primary", claim("22552", "22551"), LISTED) == []
    assert faults("addon_without_primary", [claim("22552"), claim("22551", claim_id="C-2")], LISTED) == []


@pytest.mark.parametrize(
    "other", [{"provider": "DR-2"}, {"patient_id": "P-2"}, {"served_on": ON + timedelta(days=1)}]
)
def test_a_primary_of_another_provider_patient_or_day_carries_nothing(other):
    two = [claim("22552"), claim("22551", claim_id="C-2", **other)]
    assert faults("addon_without_primary", two, LISTED) == [("22552",)]


def test_another_procedure_carries_no_add_on_of_type_1():
    assert faults("addon_without_primary", claim("22552", "20610"), LISTED) == [("22552",)]


@pytest.mark.parametrize(("given", "code"), [(OPEN, "11045"), (PARTLY, "64462")])
def test_where_the_contractor_names_the_primaries_another_procedure_leaves_it_open(given, code):
    answer = judged("addon_without_primary", claim(code, "20610"), given)
    assert (answer.violations, [each.reason for each in answer.not_judged]) == ((), [Reason.CONTRACTOR_DEFINED])


def test_an_add_on_carries_no_other_add_on():
    both = tables(addon("11045", CONTRACTOR_DEFINED, 2), addon("22552", "22551", 1))
    assert faults("addon_without_primary", claim("11045", "22552"), both) == [("11045",), ("22552",)]


def test_critical_care_may_rest_on_a_colleague():
    answer = judged("addon_without_primary", claim("99292"), tables(addon("99292", "99291")))
    assert [each.reason for each in answer.not_judged] == [Reason.PRIMARY_OF_A_COLLEAGUE]


@pytest.mark.parametrize(("days", "fires"), [(-1, False), (0, True), (1, True)])
def test_an_add_on_is_one_from_its_first_day(days, fires):
    given = tables(addon("22552", "22551", first_on=ON))
    alone = claim("22552", served_on=ON + timedelta(days=days))
    assert bool(faults("addon_without_primary", alone, given)) is fires


def test_without_an_edition_or_a_provider_nothing_is_called_clean():
    for answer in (
        judged("addon_without_primary", claim("22552"), tables(editions=())),
        judged("addon_without_primary", claim("22552", provider=None), LISTED),
    ):
        assert (answer.violations, answer.not_judged_by_rule) == ((), {"addon_without_primary": 1})
