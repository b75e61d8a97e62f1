import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats.proportion import clopper_pearson
from auditor.stats.ratio import clustered_ratio, jackknife_ratio, korn_graubard

Y, X = [0, 1, 0, 2, 0, 1, 3, 0], [3, 4, 2, 5, 1, 2, 6, 4]


def test_with_equal_weights_and_no_clusters_korn_graubard_is_the_exact_interval():
    # p(1-p)/Var with Var = p(1-p)/(n-1) is n-1: Korn and Graubard's size is that of the sample less one
    found = korn_graubard([1] * 4 + [0] * 96, confidence=0.95)
    exact = clopper_pearson(4, 100, confidence=0.95)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-3)


def test_without_errors_there_is_still_doubt():
    clean = korn_graubard([0] * 50, confidence=0.95)
    assert (clean.low, clean.high) == pytest.approx((0, clopper_pearson(0, 50, confidence=0.95).high))
    assert clustered_ratio([0] * 50, [3] * 50, confidence=0.95).high == pytest.approx(clean.high)
    perfect = clustered_ratio([3] * 50, [3] * 50, confidence=0.95)
    assert (perfect.low, perfect.high) == pytest.approx((1 - clean.high, 1))


def test_units_of_one_cluster_count_as_little_as_they_should():
    alone = korn_graubard([0] * 60, confidence=0.95)
    bunched = korn_graubard([0] * 60, clusters=[i // 6 for i in range(60)], confidence=0.95)
    assert bunched.high > 3 * alone.high


def test_the_jackknife_leaves_out_one_claim_at_a_time():
    strata, populations = list("aaaabbbb"), {"a": 40, "b": 80}
    found = jackknife_ratio(Y, X, strata=strata, populations=populations, confidence=0.95)
    weights = np.array([10.0] * 4 + [20.0] * 4)
    y, x = np.array(Y), np.array(X)
    ratio, variance = (weights * y).sum() / (weights * x).sum(), 0.0
    for i in range(8):
        kept = weights.copy()
        kept[[j for j in range(8) if strata[j] == strata[i]]] *= 4 / 3
        kept[i] = 0
        gap = (kept * y).sum() / (kept * x).sum() - ratio
        variance += (1 - 4 / populations[strata[i]]) * 3 / 4 * gap**2
    assert (found.estimate, found.standard_error) == pytest.approx((ratio, variance**0.5))


def test_linearised_and_jackknife_errors_agree_in_large_samples():
    random = np.random.default_rng(7)
    x = random.integers(1, 9, 800)
    y = random.binomial(x, random.beta(2, 20, 800))
    one, other = clustered_ratio(y, x, confidence=0.9), jackknife_ratio(y, x, confidence=0.9)
    assert one.standard_error == pytest.approx(other.standard_error, rel=0.01)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("claims", [40, 200])
def test_the_interval_of_a_code_error_rate_covers_though_codes_of_a_claim_are_alike(rate, claims):
    random, covered, runs = np.random.default_rng(11), 0, 400
    x_all = random.integers(1, 10, 20_000)
    y_all = random.binomial(x_all, random.beta(4 * rate, 4 * (1 - rate), 20_000))
    truth = y_all.sum() / x_all.sum()
    for _ in range(runs):
        drawn = random.choice(20_000, claims, replace=False)
        covered += clustered_ratio(y_all[drawn], x_all[drawn], confidence=0.9).contains(truth)
    assert covered / runs >= 0.87


def test_dollars_that_may_be_negative_get_a_symmetric_interval():
    found = clustered_ratio([100, -40, 0, 0, 25], [100, 90, 80, 120, 60], confidence=0.9)
    assert found.high - found.estimate == pytest.approx(found.estimate - found.low)
    assert found.low < 0


def test_a_frame_looked_at_as_a_whole_leaves_no_doubt():
    found = clustered_ratio(Y, X, populations=8, confidence=0.95)
    assert found.low == found.high == found.estimate == pytest.approx(7 / 27)


def test_a_stratum_with_one_claim_is_told():
    found = clustered_ratio(Y, X, strata=list("aaaaaaab"), confidence=0.95)
    assert "Stratum b" in found.warnings[0]
    assert found.standard_error > 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: clustered_ratio([1], [0], confidence=0.9), "nothing was scored"),
        (lambda: clustered_ratio([1, 2], [3], confidence=0.9), "numerators"),
        (lambda: clustered_ratio([1, 2], [3, 4], weights=[1, 0], confidence=0.9), "weights"),
        (lambda: clustered_ratio([1, 2], [3, 4], populations=1, confidence=0.9), "populations"),
        (lambda: clustered_ratio([1, 2], [3, 4], strata=["a", "b"], populations=9, confidence=0.9), "populations"),
        (lambda: clustered_ratio([1, 2], [3, 4], strata=["a"], confidence=0.9), "strata"),
        (lambda: korn_graubard([0, 2], confidence=0.9), "outcomes"),
        (lambda: korn_graubard([0, 1], clusters=[1, 1], strata=["a", "b"], confidence=0.9), "within one stratum"),
        (lambda: jackknife_ratio([1, 0], [1, 0], confidence=0.9), "one claim carries all"),
    ],
)
def test_a_design_that_cannot_be_is_refused(call, said):
    with pytest.raises(BadInput, match=said):
        call()
