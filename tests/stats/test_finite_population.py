import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from auditor.stats import proportion
from auditor.stats.finite_population import exact_interval, lower_limit, upper_limit


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
