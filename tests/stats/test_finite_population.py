import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from auditor.stats import proportion
from auditor.stats.finite_population import exact_interval, lower_limit, stratified_interval, upper_limit


@pytest.mark.parametrize(("n", "population"), [(1, 7), (6, 15), (20, 40), (39, 40), (40, 40)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_and_the_limits_cover_every_count_of_errors(n, population, confidence):
    intervals = [exact_interval(errors, n, population, confidence=confidence) for errors in range(n + 1)]
    uppers = np.array([upper_limit(errors, n, population, confidence=confidence).count for errors in range(n + 1)])
    lowers = np.array([lower_limit(errors, n, population, confidence=confidence).count for errors in range(n + 1)])
    for bad in range(population + 1):
        mass = stats.hypergeom.pmf(range(n + 1), population, bad, n)
        inside = [each.low_count <= bad <= each.high_count for each in intervals]
        assert mass[inside].sum() >= confidence - 1e-12
        assert mass[uppers >= bad].sum() >= confidence - 1e-12
        assert mass[lowers <= bad].sum() >= confidence - 1e-12


@given(st.integers(1, 80), st.data())
def test_the_interval_is_the_set_of_counts_that_are_not_rejected(population, data):
    n = data.draw(st.integers(1, population))
    errors = data.draw(st.integers(0, n))
    found = exact_interval(errors, n, population, confidence=0.9)
    kept = [
        bad
        for bad in range(population + 1)
        if stats.hypergeom.cdf(errors, population, bad, n) > 0.05 + 1e-12
        and stats.hypergeom.sf(errors - 1, population, bad, n) > 0.05 + 1e-12
    ]
    assert (found.low_count, found.high_count) == (kept[0], kept[-1])


def test_a_whole_frame_that_was_looked_at_leaves_no_doubt():
    found = exact_interval(3, 40, 40, confidence=0.99)
    assert (found.low, found.high) == (3 / 40, 3 / 40)


def test_a_huge_frame_gives_the_interval_of_independent_units():
    finite, endless = (
        exact_interval(12, 300, 10**9, confidence=0.95),
        proportion.clopper_pearson(12, 300, confidence=0.95),
    )
    assert (finite.low, finite.high) == pytest.approx((endless.low, endless.high), rel=1e-5)


@pytest.mark.parametrize(("errors", "n"), [(50, 1500), (5_000, 100_000), (1, 3), (0, 10)])
def test_ten_million_claims_take_no_time(errors, n):
    started = time.perf_counter()
    exact_interval(errors, n, 10_000_000, confidence=0.95)
    assert time.perf_counter() - started < 0.05


def test_one_stratum_is_the_exact_interval():
    one = stratified_interval([(3, 40, 200)], confidence=0.95)
    exact = exact_interval(3, 40, 200, confidence=0.95)
    assert (one.low_count, one.high_count) == (exact.low_count, exact.high_count)


@pytest.mark.parametrize("strata", [((4, 9), (5, 12)), ((3, 20), (8, 10))])
def test_the_stratified_interval_covers_however_errors_are_spread(strata):
    (n1, whole1), (n2, whole2) = strata
    found = {
        (a, b): stratified_interval([(a, n1, whole1), (b, n2, whole2)], confidence=0.8)
        for a in range(n1 + 1)
        for b in range(n2 + 1)
    }
    for bad1 in range(whole1 + 1):
        for bad2 in range(whole2 + 1):
            first = stats.hypergeom.pmf(range(n1 + 1), whole1, bad1, n1)
            second = stats.hypergeom.pmf(range(n2 + 1), whole2, bad2, n2)
            covered = sum(
                first[a] * second[b]
                for (a, b), each in found.items()
                if each.low_count <= bad1 + bad2 <= each.high_count
            )
            assert covered >= 0.8 - 1e-12


@given(st.data())
def test_the_worst_spread_of_errors_is_found(data):
    strata = []
    for _ in range(2):
        population = data.draw(st.integers(2, 25))
        n = data.draw(st.integers(1, population))
        strata.append((data.draw(st.integers(0, n)), n, population))
    found = stratified_interval(strata, confidence=0.9)
    (x1, n1, whole1), (x2, n2, whole2) = strata
    tails1 = [stats.hypergeom.cdf(x1, whole1, bad, n1) for bad in range(whole1 + 1)]
    tails2 = [stats.hypergeom.cdf(x2, whole2, bad, n2) for bad in range(whole2 + 1)]
    least = np.exp(-stats.chi2.isf(0.05, 4) / 2)
    inside = [
        a + b
        for a in range(x1, whole1 - n1 + x1 + 1)
        for b in range(x2, whole2 - n2 + x2 + 1)
        if tails1[a] * tails2[b] > least
    ]
    # Equally steep strata move together, so the limit may lie a few counts outside, never inside.
    assert max(inside) <= found.high_count <= max(inside) + 3


def test_strata_of_millions_take_less_than_a_second():
    started = time.perf_counter()
    stratified_interval([(2, 60, 400_000), (4, 60, 2_000_000), (0, 100, 7_000_000)], confidence=0.95)
    assert time.perf_counter() - started < 1
