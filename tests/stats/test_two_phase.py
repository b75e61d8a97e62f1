import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats import finite_population
from auditor.stats.two_phase import two_phase_mean, two_phase_rate

CASES, RUNS = 3_000, 300
FLOOR = 0.95 - 3 * (0.95 * 0.05 / RUNS) ** 0.5


@pytest.fixture(scope="module")
def reviews():
    """True errors at 8 %; the first review misses 15 % of them and raises 3 % false alarms."""
    rng = np.random.default_rng(23)
    truth = (rng.random(CASES) < 0.08).astype(float)
    first = np.where(truth == 1, rng.random(CASES) < 0.85, rng.random(CASES) < 0.03).astype(float)
    return first, truth


def seconds(rng, first, share_of_errors, share_of_clean):
    chosen = np.zeros(first.size, dtype=bool)
    for finding, share in ((1, share_of_errors), (0, share_of_clean)):
        places = np.flatnonzero(first == finding)
        chosen[rng.choice(places, max(2, round(share * places.size)), replace=False)] = True
    return chosen


@pytest.mark.parametrize(
    ("n", "share_of_errors", "share_of_clean"),
    [(800, 0.5, 0.3), (300, 1, 0.2), (300, 0.2, 0.1)],
    ids=["even", "all adverse", "few"],
)
def test_the_true_rate_is_inside_as_often_as_promised(reviews, n, share_of_errors, share_of_clean):
    first, truth = reviews
    inside, estimates = [], []
    for seed in range(RUNS):
        rng = np.random.default_rng(seed)
        drawn = rng.choice(CASES, n, replace=False)
        chosen = seconds(rng, first[drawn], share_of_errors, share_of_clean)
        second = [value if seen else None for value, seen in zip(truth[drawn], chosen, strict=True)]
        found = two_phase_rate(first[drawn], second, population=CASES, random_share=False)
        inside.append(found.low <= truth.mean() <= found.high)
        estimates.append(found.estimate)
    assert np.mean(inside) >= FLOOR
    assert np.mean(estimates) == pytest.approx(truth.mean(), abs=0.006)
    assert abs(first.mean() - truth.mean()) > 0.008  # what the first review alone would be wrong by


def test_when_all_is_adjudicated_the_first_review_does_not_matter():
    truth = [1] * 30 + [0] * 170
    found = two_phase_rate([0, 1] * 100, truth, population=2_000)
    other = two_phase_rate([1, 0] * 100, truth, population=2_000)
    assert found.estimate == pytest.approx(0.15)
    assert found.standard_error == pytest.approx(other.standard_error, rel=0.01)
    # then the variance is that of a simple sample of 200 among 2000
    assert found.standard_error == pytest.approx((0.15 * 0.85 / 199 * 0.9) ** 0.5, rel=0.02)
    assert found.share_first_phase == pytest.approx(1)


def test_a_perfect_first_review_is_as_good_as_adjudicating_all():
    first = [1] * 40 + [0] * 360
    second = [1] * 12 + [None] * 28 + [0] * 60 + [None] * 300
    found = two_phase_rate(first, second, population=8_000, random_share=False)
    assert (found.estimate, found.false_alarms, found.misses) == (0.1, 0, 0)
    assert found.standard_error == pytest.approx((0.09 * (1 / 400 - 1 / 8_000)) ** 0.5)


def test_with_few_errors_the_adjudicated_cases_alone_are_reported():
    first = [1] * 10 + [0] * 190
    second = [1] * 3 + [None] * 7 + [0] * 47 + [None] * 143
    found = two_phase_rate(first, second, population=4_000)
    exact = finite_population.exact_interval(3, 50, 4_000, confidence=0.95)
    assert (found.reported, found.low, found.high) == ("exact", exact.low, exact.high)
    assert found.warnings


def test_where_shares_differ_the_exact_parts_are_combined():
    first = [1] * 10 + [0] * 190
    second = [1] * 6 + [0] * 4 + [0] * 40 + [None] * 150
    found = two_phase_rate(first, second, population=4_000, random_share=False)
    assert found.reported == "exact"
    assert found.estimate == pytest.approx(0.03)
    assert found.low < 0.03
    assert found.high > 0.1  # forty clean among the unflagged leave room for one miss in ten


def test_amounts_carry_both_reviews():
    rng = np.random.default_rng(5)
    truth = np.where(rng.random(2_000) < 0.3, rng.gamma(2, 40, 2_000), 0)
    first = np.where(truth > 0, truth * rng.uniform(0.7, 1.1, 2_000), 0)
    inside = []
    for seed in range(RUNS):
        rng = np.random.default_rng(seed)
        drawn = rng.choice(2_000, 400, replace=False)
        seen = np.arange(400) < 120
        second = [value if known else None for value, known in zip(truth[drawn], seen, strict=True)]
        found = two_phase_mean(first[drawn], second, population=2_000)
        inside.append(found.low <= truth.mean() <= found.high)
    assert np.mean(inside) >= FLOOR


def test_rebuttals_of_adverse_findings_lower_the_estimate_only():
    first = [1] * 40 + [0] * 160
    before = [1] * 38 + [0] * 2 + [1] * 4 + [0] * 76 + [None] * 80
    after = [1] * 30 + [0] * 10 + [1] * 4 + [0] * 76 + [None] * 80
    found = [two_phase_rate(first, each, population=4_000, random_share=False) for each in (before, after)]
    assert found[0].estimate - found[1].estimate == pytest.approx(8 / 200)
    assert found[0].misses == found[1].misses


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: two_phase_rate([0, 2], [0, 0], population=9), "first"),
        (lambda: two_phase_rate([0, 1], [0, 2], population=9), "second"),
        (lambda: two_phase_rate([0, 1], [0], population=9), "second"),
        (lambda: two_phase_rate([0, 1, 1], [0, None, None], population=9), "second"),
        (lambda: two_phase_rate([0, 0, 1, 1], [0, 0, None, None], population=9, random_share=False), "second"),
        (lambda: two_phase_rate([0, 1], [0, 1], population=1), "first"),
        (lambda: two_phase_mean([0, 1, 5], [0, 1, None], population=9), "second"),
        (lambda: two_phase_mean([0, float("nan"), 5], [0, 1, 2], population=9), "first"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        call()
