import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.overpayment import (
    PaidStratum,
    cluster_total,
    combined_ratio,
    combined_regression,
    difference,
    mean_per_unit,
    minimum_sum,
    ratio,
    regression,
    separate_ratio,
    stratified_mean_per_unit,
    two_stage_total,
    unknown_universe,
)

FRAME = [0.0, 3.0, 0.0, 10.0, 4.0, 0.0]


def every_sample(frame, n):
    return [list(sample) for sample in itertools.combinations(frame, n)]


def test_over_all_samples_the_total_and_its_variance_are_right_on_average():
    found = [mean_per_unit(sample, population=6, confidence=0.9) for sample in every_sample(FRAME, 3)]
    estimates = np.array([each.estimate for each in found])
    assert estimates.mean() == pytest.approx(sum(FRAME))
    assert np.mean([each.standard_error**2 for each in found]) == pytest.approx(estimates.var())


def test_over_all_samples_the_two_stage_total_and_its_variance_are_right_on_average():
    clusters = [[0.0, 3.0, 1.0], [10.0, 4.0], [0.0, 0.0, 6.0]]
    pairs = [
        [(one, len(clusters[i])), (other, len(clusters[j]))]
        for i, j in itertools.combinations(range(3), 2)
        for one in every_sample(clusters[i], 2)
        for other in every_sample(clusters[j], 2)
    ]
    # Each pair of clusters is equally likely, whatever the number of samples within
    weights = np.array(
        [1 / (len(every_sample(range(a[1]), 2)) * len(every_sample(range(b[1]), 2))) for a, b in pairs]
    )
    weights /= weights.sum()
    found = [two_stage_total(pair, clusters=3, confidence=0.9) for pair in pairs]
    estimates = np.array([each.estimate for each in found])
    mean = (weights * estimates).sum()
    assert mean == pytest.approx(24)
    variances = np.array([each.standard_error**2 for each in found])
    assert (weights * variances).sum() == pytest.approx((weights * (estimates - mean) ** 2).sum())


def test_a_cluster_total_is_the_two_stage_total_of_clusters_looked_at_whole():
    whole = two_stage_total([([0, 3], 2), ([10, 4, 1], 3), ([2], 1)], clusters=9, confidence=0.9)
    single = cluster_total([3, 15, 2], clusters=9, confidence=0.9)
    assert (whole.estimate, whole.limit) == pytest.approx((single.estimate, single.limit))


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=3, max_size=30))
def test_the_demand_is_never_negative_and_the_limit_lies_inside_the_interval(pairs):
    found = difference([a for a, _ in pairs], [b for _, b in pairs], population=900, confidence=0.9)
    assert found.demand >= 0
    assert found.low <= found.limit <= found.estimate <= found.high


def test_where_overpayments_follow_payments_ratio_and_regression_know_the_total():
    paid = [10.0, 20.0, 35.0, 5.0]
    plan = {"population": 100, "paid_total": 2000.0, "confidence": 0.9}
    shares = ratio([p / 10 for p in paid], paid, **plan)
    line = regression([p / 10 + 1 for p in paid], paid, **plan)
    assert (shares.estimate, shares.standard_error) == pytest.approx((200, 0), abs=1e-9)
    assert (line.estimate, line.standard_error) == pytest.approx((300, 0), abs=1e-9)


def test_one_stratum_gives_what_a_simple_sample_gives():
    y, x = [0, 10, 4, 0, 7], [50, 100, 40, 80, 90]
    stratum = PaidStratum(overpaid=y, paid=x, population=60, paid_total=4000)
    plan = {"population": 60, "paid_total": 4000, "confidence": 0.9}
    for stratified, simple in (
        (separate_ratio([stratum], confidence=0.9), ratio(y, x, **plan)),
        (combined_ratio([stratum], confidence=0.9), ratio(y, x, **plan)),
        (combined_regression([stratum], confidence=0.9), regression(y, x, **plan)),
        (
            stratified_mean_per_unit([(y, 60)], confidence=0.9),
            mean_per_unit(y, population=60, confidence=0.9),
        ),
    ):
        assert (stratified.estimate, stratified.standard_error) == pytest.approx(
            (simple.estimate, simple.standard_error)
        )


@pytest.mark.parametrize("estimator", [separate_ratio, combined_ratio, combined_regression])
def test_stratified_estimators_cover(estimator):
    random, runs, covered = np.random.default_rng(5), 300, 0
    paid = [random.lognormal(4, 0.5, 800), random.lognormal(5.5, 0.5, 300)]
    over = [p * random.binomial(1, 0.3, p.size) * random.uniform(0.2, 1, p.size) for p in paid]
    truth = sum(float(o.sum()) for o in over)
    for _ in range(runs):
        drawn = [random.choice(p.size, 60, replace=False) for p in paid]
        strata = [
            PaidStratum(overpaid=o[d], paid=p[d], population=p.size, paid_total=float(p.sum()))
            for o, p, d in zip(over, paid, drawn, strict=True)
        ]
        covered += estimator(strata, confidence=0.9).limit <= truth
    assert covered / runs >= 0.87


def test_few_errors_are_told():
    found = mean_per_unit([0] * 48 + [90, 110], population=1000, confidence=0.9)
    assert "Only 2 of 50" in found.warnings[0]
    assert not mean_per_unit(range(50), population=1000, confidence=0.9).warnings
    hopeless = mean_per_unit([0] * 49 + [110], population=1000, confidence=0.9)
    assert any("supports no demand" in each for each in hopeless.warnings)


def test_a_small_stratum_that_carries_the_variance_is_told():
    found = stratified_mean_per_unit([([0, 9000, 400], 500), ([1, 2] * 50, 500)], confidence=0.9)
    assert any("degrees of freedom" in each for each in found.warnings)


def test_a_universe_of_unknown_size_is_estimated_beside_its_total():
    found = unknown_universe([5, 0, 99, 7], [True, True, False, True], frame=400, confidence=0.9)
    assert found.estimate == 400 * 12 / 4
    assert found.universe.low_count <= 300 <= found.universe.high_count
    assert found.mean_in_scope == 4


@pytest.mark.parametrize("errors", [0, 1, 4, 30])
def test_the_minimum_sum_holds_for_whole_errors_however_they_fall(errors):
    random, population, n, runs, covered = np.random.default_rng(3), 120, 30, 300, 0
    paid = random.lognormal(4, 1, population).round(2)
    wrong = np.argsort(paid)[:errors]  # the worst case: the smallest payments are the wrong ones
    over = np.zeros(population)
    over[wrong] = paid[wrong]
    for _ in range(runs):
        drawn = random.permutation(population)[:n]
        rest = np.delete(paid, drawn)
        found = minimum_sum(over[drawn], paid[drawn], unsampled_paid=rest, confidence=0.9)
        covered += found.limit <= over.sum() + 1e-9
    assert covered / runs >= 0.9


def test_the_minimum_sum_of_errors_in_part_counts_only_serious_ones():
    paid = [100.0] * 40
    found = minimum_sum([0] * 36 + [60, 60, 60, 10], paid, unsampled_paid=[100.0] * 400, share="0.5", confidence=0.9)
    assert found.inputs["errors"] == 3
    assert found.limit == pytest.approx(190 + 50 * (found.inputs["count"] - 3))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: mean_per_unit([1, float("nan")], population=9, confidence=0.9), "overpaid"),
        (lambda: mean_per_unit([1, 2], population=1, confidence=0.9), "population"),
        (lambda: mean_per_unit([1], population=9, confidence=0.9), "at least 2 units"),
        (lambda: difference([1, 2], [1], population=9, confidence=0.9), "correct"),
        (lambda: ratio([1, 2], [0, 0], population=9, paid_total=5, confidence=0.9), "paid adds up to 0"),
        (lambda: ratio([1, 2], [3, 4], population=9, paid_total=0, confidence=0.9), "paid_total"),
        (lambda: regression([1, 2, 3], [3, 3, 3], population=9, paid_total=50, confidence=0.9), "paid must differ"),
        (lambda: stratified_mean_per_unit([], confidence=0.9), "strata"),
        (lambda: stratified_mean_per_unit([([1, 2], 5), ([1], 5)], confidence=0.9), "at least 2 units"),
        (lambda: two_stage_total([], clusters=4, confidence=0.9), "clusters_drawn"),
        (lambda: unknown_universe([1, 2], [False, False], frame=9, confidence=0.9), "in_scope"),
        (lambda: minimum_sum([5], [4], unsampled_paid=[1], confidence=0.9), "must not exceed paid"),
        (lambda: minimum_sum([5], [5], unsampled_paid=[-1], confidence=0.9), "unsampled_paid"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(call, said):
    with pytest.raises(BadInput, match=said):
        call()
