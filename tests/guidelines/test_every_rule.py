"""What holds for every built-in rule: its card, and that order and unrelated claims change nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.guidelines import judging, registry
from auditor.guidelines.cards import cards
from tests.guidelines.coded import ON, addon, claim, diagnosis, fee, hcc, line, mue, ptp, tables, term

CODES = ("99213", "11042", "97597", "22551", "22552", "20610", "27447", "71046")
DIAGNOSES = ("I10", "E10.9", "E11.9", "F02.80", "W19.XXXA", "O80", "N40.1")
MODIFIERS = ("", "24", "25", "26", "50", "51", "57", "59", "78", "LT", "RT", "TC", "XS")
GIVEN = tables(
    ptp("11042", "97597", 1),
    ptp("27447", "20610", 0),
    mue("20610", 2, 2),
    addon("22552", "22551"),
    fee("99213"),
    fee("20610", global_days="000", bilateral="1", multiple="2"),
    fee("27447", global_days="090", bilateral="1", multiple="2"),
    fee("71046", pctc="1"),
    hcc("E119", "38"),
    term("I10"),
)

lines = st.builds(
    lambda code, modifier, units: line(code, *([modifier] if modifier else []), units=units),
    st.sampled_from(CODES),
    st.sampled_from(MODIFIERS),
    st.integers(0, 4),
)
diagnoses = st.sampled_from(DIAGNOSES).map(diagnosis)


def _claims(drawn):
    return [
        claim(*codes, *found, claim_id=f"C-{number}", patient_id=patient, provider=provider, served_on=served_on)
        for number, (codes, found, patient, provider, served_on) in enumerate(drawn)
    ]


claim_lists = st.lists(
    st.tuples(
        st.lists(lines, max_size=3),
        st.lists(diagnoses, max_size=2),
        st.sampled_from(["P-1", "P-2", None]),
        st.sampled_from(["DR-1", "DR-2", None]),
        st.integers(0, 20).map(lambda days: ON + timedelta(days=days)),
    ),
    max_size=6,
).map(_claims)

READ = judging.Reading(read_from=date(2024, 1, 1))


def answer(claims):
    return judging.judge(claims, GIVEN, rules=registry.built_in(), reading=READ)


@given(claims=claim_lists, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(claims, shuffled):
    other = list(claims)
    shuffled.shuffle(other)
    assert answer(other) == answer(claims)


@given(claims=claim_lists)
def test_the_order_of_lines_inside_a_claim_does_not_matter(claims):
    turned = [type(each)(**{**vars(each), "codes": each.codes[::-1]}) for each in claims]
    assert answer(turned) == answer(claims)


@given(claims=claim_lists)
def test_a_claim_of_another_patient_and_provider_changes_no_other_verdict(claims):
    unrelated = claim("11042", "97597", claim_id="Z-9", patient_id="P-9", provider="DR-9")
    alone, beside = answer(claims), answer([*claims, unrelated])
    late = {
        "hcc_without_support",
        "global_modifiers",
    }  # what was read last tells them whether a year or a day lies behind
    assert [each for each in beside.violations if each.claim_id != "Z-9" and each.rule not in late] == [
        each for each in alone.violations if each.rule not in late
    ]


@given(claims=claim_lists)
def test_claims_outside_the_period_are_context_and_never_judged(claims):
    period = judging.Period(first_on=ON + timedelta(days=5), last_on=ON + timedelta(days=9))
    whole = answer(claims)
    part = judging.judge(
        claims,
        GIVEN,
        rules=registry.built_in(),
        reading=judging.Reading(read_from=READ.read_from, period=period),
    )
    inside = {each.claim_id for each in claims if period.first_on <= each.served_on <= period.last_on}
    assert part.violations == tuple(each for each in whole.violations if each.claim_id in inside)
    assert part.not_judged == tuple(each for each in whole.not_judged if each.claim_id in inside)
    assert part.claims == len(inside)


@given(claims=claim_lists)
def test_what_has_no_edition_is_never_clean(claims):
    nothing = judging.judge(claims, tables(editions=()), rules=[registry.rule("ncci_ptp")], reading=READ)
    with_procedures = {each.claim_id for each in claims if any(code.code_system == "CPT" for code in each.codes)}
    assert nothing.violations == ()
    assert {each.claim_id for each in nothing.not_judged} == with_procedures


@pytest.mark.parametrize("rule", registry.built_in(), ids=lambda rule: rule.card.name)
def test_every_card_says_everything(rule):
    card = rule.card
    assert all((card.citation, card.explanation, card.needs, card.not_judged))
    assert card.citation.split()[0] != card.name


def test_every_card_belongs_to_a_rule_and_every_rule_has_one():
    assert sorted(cards()) == sorted([*(rule.card.name for rule in registry.built_in()), *registry.AGGREGATES])


def test_a_violation_names_code_line_claim_and_edition_and_nothing_of_the_patient():
    found = answer(_claims([([line("27447"), line("20610")], [], "P-1", "DR-1", ON)])).violations
    pair = next(each for each in found if each.rule == "ncci_ptp")
    assert pair.codes == (("C-0", "2", "20610"), ("C-0", "1", "27447"))
    assert pair.edition == "ncci-ptp 2025Q2"
    assert "P-1" not in pair.detail
