"""Rules over counts, and what a jump of a violation rate comes from."""

from datetime import date, timedelta

import pytest

from auditor.guidelines.attribution import Cause, WeekCount, attribute
from auditor.guidelines.em_distribution import VisitCount, level_shares
from auditor.guidelines.protocol import Reason
from auditor.guidelines.unspecified import SideCount, names_side, side_rates
from auditor.stats.count_tests import fisher_test


def exact(count, total, base_count, base_total):
    return float(fisher_test(count, total, base_count, base_total).p_value[0])


def visits(provider, high, low, specialty="CARD"):
    return [
        VisitCount(provider=provider, specialty=specialty, code="99214", visits=high),
        VisitCount(provider=provider, specialty=specialty, code="99213", visits=low),
    ]


PEERS = [count for name in "ABC" for count in visits(name, 100, 100)]


def test_a_provider_far_above_the_peers_is_an_outlier_and_one_far_below_is_none():
    shares = level_shares([*PEERS, *visits("HIGH", 190, 10), *visits("LOW", 10, 190)], test=exact)
    assert [share.provider for share in shares if share.outlier] == ["HIGH"]


def test_equal_providers_hold_no_outlier():
    assert not any(share.outlier for share in level_shares([*PEERS, *visits("D", 100, 100)], test=exact))


def test_peers_are_those_of_the_specialty():
    others = [count for name in "XYZ" for count in visits(name, 190, 10, specialty="SURG")]
    shares = level_shares([*PEERS, *visits("D", 190, 10, specialty="SURG"), *others], test=exact)
    assert not any(share.outlier for share in shares)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([*PEERS, *visits("FEW", 20, 9)], Reason.TOO_FEW),
        (visits("ALONE", 100, 100), Reason.TOO_FEW),
        (visits("NONE", 100, 100, specialty=""), Reason.NO_SPECIALTY),
    ],
)
def test_few_visits_few_peers_and_no_specialty_are_not_judged(counts, reason):
    shares = [share for share in level_shares(counts, test=exact) if share.not_judged]
    assert [share.not_judged for share in shares] == [reason]
    assert not any(share.outlier for share in shares)


@pytest.mark.parametrize(
    ("code", "named"),
    [("M25.569", False), ("M25.561", True), ("S43.006A", False), ("S43.004A", True), ("I10", None), ("E11.9", None)],
)
def test_which_codes_leave_their_side_open(code, named):
    assert names_side(code) is named


def test_a_group_above_the_usual_rate_of_open_sides_is_told_and_one_at_it_is_not():
    usual = SideCount(group="human", unspecified=50, codes=1000)
    groups = [
        SideCount(group="3.2", unspecified=90, codes=600),
        SideCount(group="3.1", unspecified=30, codes=600),
        SideCount(group="3.0", unspecified=0, codes=600),
        SideCount(group="new", unspecified=20, codes=20),
    ]
    rates = {rate.count.group: rate for rate in side_rates(groups, usual=usual, test=exact)}
    assert [name for name, rate in rates.items() if rate.exceeded] == ["3.2"]
    assert rates["new"].not_judged is Reason.TOO_FEW


JUMPED_ON = date(2026, 1, 5)


def weeks(first, count, *, edition="2025Q4", model="3.1", rate=0.02, claims=300):
    return [
        WeekCount(
            week=JUMPED_ON + timedelta(weeks=first + number),
            edition=edition,
            model_version=model,
            violations=round(claims * rate),
            claims=claims,
        )
        for number in range(count)
    ]


BEFORE = weeks(-8, 8)


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        (weeks(0, 4, edition="2026Q1", rate=0.12), Cause.EDITION),
        (weeks(0, 4, model="3.2", rate=0.12), Cause.MODEL),
        (weeks(0, 4, rate=0.12), Cause.NEITHER),
        (weeks(0, 4, edition="2026Q1", model="3.2", rate=0.12), Cause.CONFOUNDED),
        (weeks(0, 4, rate=0.02), Cause.NO_JUMP),
        (weeks(0, 4, rate=0.0), Cause.NO_JUMP),
        (weeks(0, 1, rate=0.2, claims=10), Cause.TOO_FEW),
        (
            [*weeks(0, 4, edition="2026Q1", rate=0.02), *weeks(0, 4, edition="2026Q1", model="3.2", rate=0.15)],
            Cause.MODEL,
        ),
        (
            [*weeks(0, 4, edition="2026Q1", rate=0.12), *weeks(0, 4, edition="2026Q1", model="3.2", rate=0.13)],
            Cause.EDITION,
        ),
        (
            [*weeks(0, 4, edition="2026Q1", rate=0.1), *weeks(0, 4, edition="2026Q1", model="3.2", rate=0.3)],
            Cause.BOTH,
        ),
    ],
)
def test_a_jump_is_laid_to_what_changed_while_the_other_stood_still(after, cause):
    assert attribute([*BEFORE, *after], jumped_on=JUMPED_ON, test=exact).cause is cause


def test_a_jump_carries_the_counts_that_it_rests_on():
    found = attribute([*BEFORE, *weeks(0, 4, edition="2026Q1", rate=0.12)], jumped_on=JUMPED_ON, test=exact)
    assert (found.jump.before, found.jump.after) == ((48, 2400), (144, 1200))
    assert [each.name for each in found.contrasts] == ["edition, within 3.1"]


def test_the_order_of_weeks_does_not_matter():
    every = [*BEFORE, *weeks(0, 4, model="3.2", rate=0.12)]
    assert attribute(every[::-1], jumped_on=JUMPED_ON, test=exact) == attribute(
        every, jumped_on=JUMPED_ON, test=exact
    )


def test_more_violations_than_claims_is_refused():
    with pytest.raises(ValueError, match="between 0 and claims"):
        attribute(weeks(0, 1, rate=2.0), jumped_on=JUMPED_ON, test=exact)
