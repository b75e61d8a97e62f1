"""Exact tests of rates and of visit levels."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditor.errors import BadInput
from auditor.stats import count_tests

COUNTS = st.integers(0, 40)
VISITS = st.integers(20, 28)


@given(COUNTS, COUNTS, st.integers(50, 500), st.integers(50, 500))
def test_the_poisson_test_is_the_binomial_test_of_the_share(count, base, total, base_total):
    tests = count_tests.poisson_rate_test(count, total, base, base_total)
    both, share = count + base, total / (total + base_total)
    tails = stats.binom.cdf(count, both, share), stats.binom.sf(count - 1, both, share)
    assert tests.p_value[0] == pytest.approx(min(1, 2 * min(tails)))
    if both:
        exact = stats.binomtest(count, both, share).proportion_ci(0.95, method="exact")
        low = exact.low / (1 - exact.low) * base_total / total
        high = exact.high / (1 - exact.high) * base_total / total if exact.high < 1 else np.inf
        assert tests.low[0] == pytest.approx(low, rel=1e-6)
        assert tests.high[0] == pytest.approx(high, rel=1e-6)


@given(st.integers(0, 20), st.integers(0, 30))
def test_fishers_one_sided_tails_are_those_of_scipy(count, base):
    ours = count_tests.fisher_test(count, 20, base, 30).p_value[0]
    table = [[count, 20 - count], [base, 30 - base]]
    tails = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    assert ours == pytest.approx(min(1, 2 * min(tails)))


def test_the_interval_excludes_one_exactly_when_the_test_rejects():
    random = np.random.default_rng(5)
    now, before = random.poisson(30, 3_000), random.poisson(36, 3_000)
    tests = count_tests.poisson_rate_test(now, 1_000.0, before, 1_100.0)
    assert ((tests.p_value < 0.05) == ((tests.low > 1) | (tests.high < 1))).all()


def test_swapping_the_periods_inverts_the_ratio_and_keeps_the_p_value():
    there, back = (
        count_tests.poisson_rate_test(*arguments, design_effect=1.7)
        for arguments in (([9, 0], 700, [22, 4], 900), ([22, 4], 900, [9, 0], 700))
    )
    assert there.p_value == pytest.approx(back.p_value)
    with np.errstate(divide="ignore"):
        assert there.low == pytest.approx(1 / back.high)
        assert there.high == pytest.approx(1 / back.low)


def test_a_design_effect_widens_and_one_leaves_the_exact_answer():
    plain, wide = (count_tests.poisson_rate_test(60, 1_000, 40, 1_000, design_effect=effect) for effect in (1, 4))
    quarter = count_tests.poisson_rate_test(15, 250, 10, 250)
    assert plain.p_value[0] < wide.p_value[0] == pytest.approx(quarter.p_value[0])


def test_ignoring_providers_cries_wolf_and_the_clustered_test_does_not():
    random = np.random.default_rng(11)
    rates = random.beta(2, 38, size=(2, 2_000, 20))
    now, before = random.binomial(100, rates)
    naive = count_tests.poisson_rate_test(now.sum(1), 2_000, before.sum(1), 2_000)
    within = count_tests.clustered_rate_test(now, [[100] * 20], before, [[100] * 20])
    effect = np.median(count_tests.dispersion(before, [[100] * 20]))
    widened = count_tests.poisson_rate_test(now.sum(1), 2_000, before.sum(1), 2_000, design_effect=effect)
    assert (naive.p_value < 0.05).mean() > 0.15
    assert (within.p_value < 0.05).mean() < 0.065
    assert (widened.p_value < 0.05).mean() < 0.065
    assert ((within.low > 1) | (within.high < 1)).mean() < 0.065


def test_thousands_of_codes_take_a_blink():
    random = np.random.default_rng(1)
    now, before = random.poisson(40, 5_000), random.poisson(160, 5_000)
    begun = time.process_time()
    count_tests.poisson_rate_test(now, 100_000, before, 400_000)
    count_tests.fisher_test(now, 100_000, before, 400_000)
    assert time.process_time() - begun < 0.5


def test_the_level_shift_counts_every_relabelling_of_the_visits():
    now, before = [1, 2, 1, 2], [3, 2, 1, 0]
    visits = np.repeat([1, 2, 3, 4], np.add(now, before))
    observed, center = np.dot(now, [1, 2, 3, 4]), 6 * visits.mean()
    picks = [visits[list(pick)].sum() for pick in itertools.combinations(range(12), 6)]
    by_hand = np.mean([abs(total - center) >= abs(observed - center) - 1e-9 for total in picks])
    shift = count_tests.level_shift(now, before)
    assert shift.exact
    assert shift.p_value == pytest.approx(by_hand)


@settings(max_examples=25, deadline=None)
@given(st.lists(VISITS, min_size=4, max_size=5), st.lists(VISITS, min_size=5, max_size=5))
def test_the_normal_approximation_is_near_the_counted_permutations(now, before):
    before = before[: len(now)]
    exact = count_tests.level_shift(now, before)
    near = count_tests.level_shift(now, before, design_effect=1 + 1e-9)
    assert exact.exact
    assert not near.exact
    one_step = 0.08  # the counted p-value moves by one value of the sum, at most 1 / (sqrt(2 pi) 5.5) here
    assert near.p_value == pytest.approx(exact.p_value, abs=one_step)
    assert count_tests.level_shift(before, now).estimate == pytest.approx(-exact.estimate)


def test_a_tenth_of_the_visits_one_level_up_is_a_tenth_of_a_level():
    before = np.array([500, 1_500, 4_000, 3_000, 1_000])
    now = before - [50, 150, 400, 300, 0] + np.array([0, 50, 150, 400, 300])
    shift = count_tests.level_shift(now, before)
    assert shift.estimate == pytest.approx(0.09)
    assert shift.low > 0
    assert not shift.exact


def test_a_single_level_shows_no_shift():
    shift = count_tests.level_shift([0, 400], [0, 300])
    assert (shift.estimate, shift.p_value, shift.effect) == (0, 1, None)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: count_tests.poisson_rate_test(-1, 10, 1, 10), "count"),
        (lambda: count_tests.poisson_rate_test(1, 0, 1, 10), "total"),
        (lambda: count_tests.poisson_rate_test([1, 2, 3], 5, [1, 2], 10), "one entry a code"),
        (lambda: count_tests.poisson_rate_test(1, 10, 1, 10, design_effect=0.5), "design_effect"),
        (lambda: count_tests.poisson_rate_test(1, 10, 1, 10, confidence=1), "confidence"),
        (lambda: count_tests.fisher_test(11, 10, 1, 10), "count"),
        (lambda: count_tests.dispersion([[1]], [[10]]), "two clusters"),
        (lambda: count_tests.clustered_rate_test([[1]], [[10]], [[1]], [[10]]), "two clusters"),
        (lambda: count_tests.clustered_rate_test([[1, 2]], [[10]], [[1, 1, 1]], [[10]]), "one shape"),
        (lambda: count_tests.level_shift([0, 0], [1, 1]), "now"),
        (lambda: count_tests.level_shift([1, 1], [1, 1], levels=[1]), "levels"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
