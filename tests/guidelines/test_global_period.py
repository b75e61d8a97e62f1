"""Global periods by Claims Processing Manual, chapter 12, sections 40.1 to 40.4. Own examples."""

from datetime import date, timedelta

import pytest

from auditor.guidelines.protocol import Reason
from tests.guidelines.coded import EVERY_EDITION, claim, diagnosis, edition, faults, fee, hcc, judged, line, tables

ON = date(2025, 5, 14)
YEAR = {"first_on": date(2025, 1, 1), "last_on": date(2025, 12, 31)}
EARLY = date(2024, 1, 1)
FEES = tables(
    fee("27447", global_days="090", **YEAR),
    fee("10060", global_days="010", **YEAR),
    fee("11102", global_days="000", **YEAR),
    fee("71046", global_days="XXX", **YEAR),
    fee("99213", **YEAR),
    editions=[edition(each.kind, each.setting, **YEAR) for each in EVERY_EDITION],
)


def after(operation, later, days, **fields):
    """An operation, and what the same provider bills some days after it (before, where negative)."""
    return [
        claim(operation, claim_id="SURGERY", served_on=ON),
        claim(later, claim_id="LATER", **{"served_on": ON + timedelta(days=days), **fields}),
    ]


def fires(rule, claims):
    return [each.claim_id for each in judged(rule, claims, FEES, read_from=EARLY).violations]


@pytest.mark.parametrize(
    ("operation", "days", "at_fault"),
    [
        ("27447", -2, False),
        ("27447", -1, True),
        ("27447", 0, True),
        ("27447", 1, True),
        ("27447", 90, True),
        ("27447", 91, False),
        ("10060", -1, False),
        ("10060", 0, True),
        ("10060", 10, True),
        ("10060", 11, False),
        ("11102", -1, False),
        ("11102", 0, True),
        ("11102", 1, False),
    ],
)
def test_a_visit_is_covered_from_the_first_to_the_last_day_of_the_global_period(operation, days, at_fault):
    assert fires("global_period", after(operation, "99213", days)) == (["LATER"] if at_fault else [])


@pytest.mark.parametrize(("modifier", "days"), [("57", -1), ("57", 0), ("25", 0), ("24", 5), ("24", 90), ("FT", 5)])
def test_the_right_modifier_sets_a_visit_apart(modifier, days):
    assert fires("global_period", after("27447", line("99213", modifier), days)) == []


@pytest.mark.parametrize(("modifier", "days"), [("57", 5), ("25", 5), ("59", 0), ("79", 5)])
def test_the_wrong_modifier_does_not(modifier, days):
    assert fires("global_period", after("27447", line("99213", modifier), days)) == ["LATER"]


@pytest.mark.parametrize("modifier", ["58", "78", "79"])
def test_a_later_operation_needs_58_78_or_79(modifier):
    assert fires("global_period", after("27447", "10060", 30)) == ["LATER"]
    assert fires("global_period", after("27447", line("10060", modifier), 30)) == []


def test_two_operations_of_one_day_are_the_business_of_ncci():
    assert fires("global_period", after("27447", "10060", 0)) == []


def test_services_without_a_global_period_are_not_covered():
    assert fires("global_period", after("27447", "71046", 5)) == []


@pytest.mark.parametrize("other", [{"provider": "DR-2"}, {"patient_id": "P-2"}, {"claim_type": "outpatient"}])
def test_only_the_same_provider_and_patient_are_covered(other):
    assert fires("global_period", after("27447", "99213", 5, **other)) == []


@pytest.mark.parametrize(("modifier", "days", "at_fault"), [("54", 0, True), ("54", 5, False), ("80", 0, False)])
def test_a_surgeon_who_leaves_the_care_to_others_and_an_assistant_are_not_covered(modifier, days, at_fault):
    claims = after(line("27447", modifier), "99213", days)
    assert fires("global_period", claims) == (["LATER"] if at_fault else [])


def test_the_return_to_the_theatre_opens_no_new_period():
    claims = after(line("27447", "78"), "99213", 5)
    assert fires("global_period", claims) == []


def test_a_visit_is_not_judged_where_the_ninety_days_before_it_were_not_read():
    visit = claim("99213", served_on=ON)
    for read_from, reasons in ((ON - timedelta(days=89), [Reason.EARLIER_UNREAD]), (ON - timedelta(days=90), [])):
        answer = judged("global_period", visit, FEES, read_from=read_from)
        assert [each.reason for each in answer.not_judged] == reasons


@pytest.mark.parametrize("missing", [{"provider": None}, {"patient_id": None}])
def test_a_visit_without_patient_or_provider_is_not_judged(missing):
    answer = judged("global_period", claim("99213", served_on=ON, **missing), FEES, read_from=EARLY)
    assert answer.not_judged_by_rule == {"global_period": 1}


@pytest.mark.parametrize(
    ("code", "modifier", "at_fault"),
    [
        ("27447", "24", True),
        ("27447", "57", True),
        ("99213", "58", True),
        ("99213", "78", True),
        ("99213", "79", True),
    ],
)
def test_each_global_modifier_has_its_kind_of_code(code, modifier, at_fault):
    claims = after("10060", line(code, modifier), 5)
    assert fires("global_modifiers", claims) == (["LATER"] if at_fault else [])


@pytest.mark.parametrize(
    ("operation", "modifier", "days", "at_fault"),
    [
        ("27447", "57", -2, True),
        ("27447", "57", -1, False),
        ("27447", "57", 0, False),
        ("27447", "57", 1, True),
        ("10060", "57", 0, True),
        ("27447", "24", 90, False),
        ("27447", "24", 91, True),
        ("10060", "24", 10, False),
        ("10060", "24", 11, True),
    ],
)
def test_24_and_57_need_their_operation(operation, modifier, days, at_fault):
    far = claim("71046", claim_id="FAR", served_on=ON + timedelta(days=120))
    claims = [*after(operation, line("99213", modifier), days), far]
    assert fires("global_modifiers", claims) == (["LATER"] if at_fault else [])


@pytest.mark.parametrize(("days", "at_fault"), [(1, False), (90, False), (91, True)])
@pytest.mark.parametrize("modifier", ["58", "78", "79"])
def test_returns_need_an_operation_whose_period_covers_them(modifier, days, at_fault):
    assert fires("global_modifiers", after("27447", line("10060", modifier), days)) == (["LATER"] if at_fault else [])


def test_a_modifier_whose_operation_may_lie_before_what_was_read_is_not_judged():
    answer = judged("global_modifiers", claim(line("99213", "24"), served_on=ON), FEES, read_from=ON)
    assert (answer.violations, [each.reason for each in answer.not_judged]) == ((), [Reason.EARLIER_UNREAD])


HCCS = tables(
    hcc("I5022", "226", **YEAR),
    hcc("I5032", "226", **YEAR),
    hcc("E1165", "37", **YEAR),
    editions=[edition(each.kind, each.setting, **YEAR) for each in EVERY_EDITION],
)


def test_a_payment_category_that_one_day_names_alone_lacks_support():
    one = claim(diagnosis("I50.22"), claim_id="C-1", served_on=date(2025, 2, 1))
    last = claim(diagnosis("I10"), claim_id="C-9", served_on=date(2025, 12, 31))
    assert faults("hcc_without_support", [one, last], HCCS, read_from=date(2025, 1, 1)) == [("I5022",)]
    again = claim(diagnosis("I50.32"), claim_id="C-2", served_on=date(2025, 8, 1))
    assert faults("hcc_without_support", [one, again, last], HCCS, read_from=date(2025, 1, 1)) == []


@pytest.mark.parametrize("other", [{"patient_id": "P-2"}, {"served_on": date(2025, 2, 1)}])
def test_another_patient_or_the_same_day_support_nothing(other):
    one = claim(diagnosis("I50.22"), claim_id="C-1", served_on=date(2025, 2, 1))
    second = claim(diagnosis("I50.22"), claim_id="C-2", **{"served_on": date(2025, 8, 1), **other})
    last = claim(diagnosis("I10"), claim_id="C-9", served_on=date(2025, 12, 31))
    assert len(faults("hcc_without_support", [one, second, last], HCCS, read_from=date(2025, 1, 1))) == 2


def test_less_than_a_year_of_claims_does_not_tell():
    answer = judged("hcc_without_support", claim(diagnosis("I50.22")), HCCS)
    assert [each.reason for each in answer.not_judged] == [Reason.PERIOD_TOO_SHORT]
