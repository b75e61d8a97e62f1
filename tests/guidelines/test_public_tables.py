"""The rules over claims made from the public tables themselves: what each table says is what the rule says."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest

from auditor.guidelines.tables import CONTRACTOR_DEFINED, CodeTables, Setting
from tests.guidelines import public_tables
from tests.guidelines.coded import claim, diagnosis, judged, line
from tests.guidelines.public_tables import ON, PRACTITIONER

pytestmark = pytest.mark.shared

DAY = timedelta(days=1)


def pair_claims(groups, *modifiers, most=4):
    """One patient a pair, of the first so many column 2 codes of each group."""
    return [
        claim(
            column1,
            line(column2, *modifiers),
            claim_id=f"{column1}-{indicator}-{deleted_on}-{column2}",
            patient_id=f"{column1}-{indicator}-{deleted_on}-{column2}",
            served_on=ON,
        )
        for column1, indicator, deleted_on, columns2 in groups
        for column2 in columns2[:most]
    ]


def broken(groups, tables, *modifiers, most=4):
    claims = pair_claims(groups, *modifiers, most=most)
    return {each.claim_id for each in judged("ncci_ptp", claims, tables).violations}


@pytest.fixture(scope="module")
def groups(shared_folder):
    return list(public_tables.pair_groups(shared_folder, every=60))


@pytest.fixture(scope="module")
def pairs(groups):
    return public_tables.with_pairs(groups)


def expected(groups, indicators, most=4):
    """Pairs of these indicators that no deletion has ended, whichever of their groups made the claim."""
    in_force = {
        (column1, column2)
        for column1, indicator, deleted_on, columns2 in groups
        for column2 in columns2
        if indicator in indicators and (not deleted_on or date.fromisoformat(deleted_on) >= ON)
    }
    made = pair_claims(groups, most=most)
    return {each.claim_id for each in made if (each.codes[0].code, each.codes[1].code) in in_force}


def test_every_pair_of_the_table_breaks_an_edit_exactly_where_it_is_in_force(groups, pairs):
    found = broken(groups, pairs)
    assert found == expected(groups, {0, 1})
    assert len(found) > 500


def test_a_bypass_modifier_leaves_the_pairs_of_indicator_0_alone(groups, pairs):
    found = broken(groups, pairs, "59")
    assert found == expected(groups, {0})
    assert 0 < len(found) < len(broken(groups, pairs))


@pytest.mark.parametrize("setting", [Setting.PRACTITIONER, Setting.OUTPATIENT])
def test_every_limit_of_the_table_may_be_reached_and_not_passed(shared_folder, setting):
    limits = public_tables.limits(shared_folder, setting)
    edition = replace(public_tables.editions()[1], setting=setting)
    tables = CodeTables(editions=(edition,), mue={(setting, each.code): (each,) for each in limits})
    kind = {"claim_type": setting.value} if setting is Setting.OUTPATIENT else {}

    def found(more):
        claims = [
            claim(line(each.code, units=each.units + more), claim_id=each.code, patient_id=each.code, **kind)
            for each in limits
            if each.units + more > 0
        ]
        return {each.claim_id for each in judged("mue", claims, tables).violations}

    assert found(0) == set()
    assert found(1) == {each.code for each in limits}
    assert len(limits) > 10_000


def test_two_lines_pass_a_limit_together_exactly_where_it_counts_the_day(shared_folder):
    limits = [each for each in public_tables.limits(shared_folder, PRACTITIONER) if each.units > 0]
    edition = public_tables.editions()[1]
    tables = CodeTables(editions=(edition,), mue={(PRACTITIONER, each.code): (each,) for each in limits})
    claims = [
        claim(line(each.code, units=each.units), line(each.code), claim_id=each.code, patient_id=each.code)
        for each in limits
    ]
    found = {each.claim_id for each in judged("mue", claims, tables).violations}
    assert found == {each.code for each in limits if each.adjudication in {2, 3}}


def test_every_add_on_stands_beside_each_of_its_primaries_and_never_alone(shared_folder):
    addons = public_tables.addons(shared_folder)
    tables = CodeTables(editions=public_tables.editions(), addons=addons)
    alone = [claim(code, claim_id=code, patient_id=code) for code in addons]
    answer = judged("addon_without_primary", alone, tables)
    assert {each.claim_id for each in answer.violations} == set(addons) - {"99292"}
    assert {each.claim_id for each in answer.not_judged} == {"99292"} & set(addons)
    beside = [
        claim(code, each.primary, claim_id=f"{code}+{each.primary}", patient_id=f"{code}+{each.primary}")
        for code, primaries in addons.items()
        for each in primaries
        if each.primary not in {CONTRACTOR_DEFINED, *addons}
    ]
    assert judged("addon_without_primary", beside, tables).violations == ()
    assert len(beside) > 1_000


def test_every_changed_diagnosis_is_valid_from_its_first_to_its_last_day(shared_folder):
    terms = public_tables.diagnosis_terms(shared_folder)
    tables = CodeTables(editions=public_tables.editions(), terms=terms)

    def at_fault(days):
        claims = [
            claim(diagnosis(code), claim_id=f"{code} {on}", served_on=on)
            for (_, code), spells in terms.items()
            for on in days(spells[0])
        ]
        return len(judged("code_validity", claims, tables).violations), len(claims)

    inside = at_fault(lambda spell: [on for on in (spell.first_on, spell.last_on) if date.min < on < date.max])
    before = at_fault(lambda spell: [spell.first_on - DAY] if spell.first_on > date.min else [])
    after = at_fault(lambda spell: [spell.last_on + DAY] if spell.last_on < date.max else [])
    assert inside[0] == 0
    assert before[0] == before[1] > 1_000
    assert after[0] == after[1] > 100


def test_the_shipped_lists_name_codes_that_exist(shared_folder):
    fees = public_tables.fees(shared_folder)
    from auditor.guidelines.em_evidence import levels
    from auditor.guidelines.visits import is_visit

    assert set(levels()) <= set(fees)
    assert all(is_visit(code) for code in levels())
    with_operation = [code for code, found in fees.items() if found[0].global_days in {"000", "010", "090"}]
    assert not any(is_visit(code) for code in with_operation if not code.startswith("G04"))


@pytest.mark.proof
def test_each_of_two_and_a_half_million_pairs_is_judged_as_the_table_says(shared_folder):
    judged_pairs = 0
    by_column1 = groupby(public_tables.pair_groups(shared_folder), key=lambda group: group[0])
    for _, found in by_column1:
        groups = list(found)
        most = max(len(columns2) for *_, columns2 in groups)
        claims = pair_claims(groups, most=most)
        assert broken(groups, public_tables.with_pairs(groups), most=most) == expected(groups, {0, 1}, most=most)
        judged_pairs += len(claims)
    assert judged_pairs > 2_500_000
