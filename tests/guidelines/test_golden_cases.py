"""One golden case a rule at least in both directions, and the day before, of and after: no rule may be without.

Each case is our own example of the wording that the rule's citation names; finer ones stand in each rule's own file.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from auditor.domain.claims import Claim
from auditor.guidelines import registry
from auditor.guidelines.conventions import conventions
from auditor.guidelines.tables import CodeState, CodeTables, GuidelineKind
from tests.guidelines.coded import (
    ON,
    addon,
    claim,
    diagnosis,
    edition,
    fee,
    hcc,
    judged,
    line,
    mue,
    ptp,
    tables,
    term,
)

OPERATION = fee("27447", global_days="090", bilateral="1", multiple="2")
INJECTION = fee("20610", global_days="000", bilateral="1", multiple="2")
ALL_YEAR = {"first_on": date(2025, 1, 1), "last_on": date(2025, 12, 31)}
SURGICAL = tables(
    fee("27447", global_days="090", **ALL_YEAR),
    fee("99213", **ALL_YEAR),
    editions=(edition(GuidelineKind.PFS, **ALL_YEAR),),
)
FEES = tables(OPERATION, INJECTION, fee("99213"), fee("71046", pctc="1"), fee("11102", global_days="000"))
LOW = "problems=low; data=limited; risk=low"
HIGH = "problems=high; data=extensive; risk=high"


@dataclass(frozen=True)
class Golden:
    """Claims that break a rule, and claims that nearly do and keep it."""

    breaks: tuple[Claim, ...]
    keeps: tuple[Claim, ...]
    given: CodeTables = field(default_factory=tables)
    reading: dict[str, Any] = field(default_factory=dict)


def of(breaks: Any, keeps: Any, given: CodeTables | None = None, **reading: Any) -> Golden:
    several = [each if isinstance(each, tuple) else (each,) for each in (breaks, keeps)]
    return Golden(*several, given or tables(), reading)


def after(days: int, *codes: Any, **fields: Any) -> Claim:
    return claim(*codes, claim_id="LATER", served_on=ON + timedelta(days=days), **fields)


SURGERY = claim("27447", claim_id="SURGERY")
YEAR = {"read_from": date(2025, 1, 1)}
HEART = claim(diagnosis("I50.22"), claim_id="C-1", served_on=date(2025, 2, 1))
AGAIN = claim(diagnosis("I50.32"), claim_id="C-2", served_on=date(2025, 8, 1))
LAST = claim(diagnosis("I10"), claim_id="C-9", served_on=date(2025, 12, 31))
HCCS = tables(*(hcc(code, "226", **ALL_YEAR) for code in ("I5022", "I5032")))

GOLDEN = {
    "addon_without_primary": of(claim("22552"), claim("22552", "22551"), tables(addon("22552", "22551"))),
    "age_conflict": of(claim(diagnosis("O80"), patient_age=70), claim(diagnosis("O80"), patient_age=30)),
    "bilateral_modifiers": of(claim(line("20610", "50", "LT")), claim(line("20610", "50")), FEES),
    "code_validity": of(
        claim(diagnosis("A00")), claim(diagnosis("A000")), tables(term("A00", CodeState.NOT_BILLABLE), term("A000"))
    ),
    "component_modifiers": of(
        claim("71046", place_of_service="21"), claim(line("71046", "26"), place_of_service="21"), FEES
    ),
    "em_level_too_high": of(claim(line("99214", evidence=LOW)), claim(line("99213", evidence=LOW))),
    "em_level_too_low": of(claim(line("99213", evidence=HIGH)), claim(line("99215", evidence=HIGH))),
    "excludes1": of(claim(diagnosis("E10.9"), diagnosis("E11.9")), claim(diagnosis("E11.9"), diagnosis("I10"))),
    "first_listed_external_cause": of(
        claim(diagnosis("W19.XXXA"), diagnosis("S52.501A")), claim(diagnosis("S52.501A"), diagnosis("W19.XXXA"))
    ),
    "first_listed_manifestation": of(
        claim(diagnosis("F02.80"), diagnosis("G30.9")), claim(diagnosis("G30.9"), diagnosis("F02.80"))
    ),
    "global_modifiers": of(
        (SURGERY, after(120, line("99213", "24"))), (SURGERY, after(30, line("99213", "24"))), SURGICAL, **YEAR
    ),
    "global_period": of((SURGERY, after(30, "99213")), (SURGERY, after(91, "99213")), SURGICAL, **YEAR),
    "hcc_without_support": of((HEART, LAST), (HEART, AGAIN, LAST), HCCS, **YEAR),
    "impossible_values": of(claim(line("99213", units=0)), claim(line("99213", units=1))),
    "modifier_25": of(claim(line("99213", "25")), claim(line("99213", "25"), "11102"), FEES),
    "modifier_51": of(claim(line("20610", "51")), claim("27447", line("20610", "51")), FEES),
    "modifier_59": of(
        claim(line("99213", "59"), "11102"), claim("99213", line("11102", "59")), tables(ptp("99213", "11102", 1))
    ),
    "modifier_59_less_specific": of(
        claim("11721", line("97597", "59")), claim("11042", line("97597", "59")), tables(ptp("11042", "97597", 1))
    ),
    "mue": of(claim(line("20610", units=3)), claim(line("20610", units=2)), tables(mue("20610", 2, 2))),
    "ncci_ptp": of(claim("27447", "20610"), claim("27447", line("20610", "59")), tables(ptp("27447", "20610", 1))),
    "sex_conflict": of(claim(diagnosis("O80"), patient_sex="M"), claim(diagnosis("O80"), patient_sex="F")),
}
EDGES_OF_THEIR_OWN = {"global_modifiers", "global_period", "hcc_without_support"}  # days after surgery, of a year
WITHOUT_DATES = {"age_conflict", "sex_conflict", "impossible_values", "em_level_too_high", "em_level_too_low"}


def test_every_built_in_rule_has_golden_cases_in_both_directions():
    assert sorted(GOLDEN) == sorted(rule.card.name for rule in registry.built_in())


@pytest.mark.parametrize("rule", GOLDEN)
def test_a_rule_fires_on_what_breaks_it_and_not_on_what_nearly_does(rule):
    golden = GOLDEN[rule]
    assert judged(rule, golden.breaks, golden.given, **golden.reading).violations
    kept = judged(rule, golden.keeps, golden.given, **golden.reading)
    assert kept.violations == ()
    assert "LATER" not in {each.claim_id for each in kept.not_judged}


@pytest.mark.parametrize("rule", sorted(GOLDEN.keys() - EDGES_OF_THEIR_OWN - WITHOUT_DATES))
def test_a_list_judges_the_day_on_which_it_holds_and_neither_the_day_before_nor_after(rule):
    golden = GOLDEN[rule]
    first_on = ON if rule not in OF_CONVENTIONS else conventions().first_on
    given = golden.given if rule in OF_CONVENTIONS else only_on(golden.given, ON)
    fired = {}
    for days in (-1, 0, 1):
        moved = [replace(each, served_on=first_on + timedelta(days=days)) for each in golden.breaks]
        fired[days] = bool(judged(rule, moved, given).violations)
        if not fired[days]:
            assert judged(rule, moved, given).not_judged, "what no list judges is not clean"
    assert fired == {-1: False, 0: True, 1: rule in OF_CONVENTIONS}


OF_CONVENTIONS = {"excludes1", "first_listed_external_cause", "first_listed_manifestation"}


def only_on(given: CodeTables, day: date) -> CodeTables:
    """The same lists, in force on one day alone."""

    def alone(entries: Any) -> Any:
        return tuple(replace(each, first_on=day, last_on=day) for each in entries)

    names = ("ptp", "mue", "addons", "terms", "fees", "hccs")
    parts = {name: {key: alone(found) for key, found in getattr(given, name).items()} for name in names}
    return CodeTables(editions=alone(given.editions), **parts)
