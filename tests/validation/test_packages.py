"""The same numbers as independent packages on random data: statsmodels, scikit-learn, krippendorff, scipy."""

import krippendorff
import numpy as np
import pytest
from scipy import stats
from sklearn import metrics
from sklearn.preprocessing import MultiLabelBinarizer
from statsmodels.api import OLS, add_constant
from statsmodels.stats import inter_rater, multitest, proportion, weightstats

from auditor.stats import agreement, count_tests, finite_population, multiplicity, overpayment
from auditor.stats import proportion as ours

SEEDS = range(6)


def _labels(seed: int, n: int, kinds: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, kinds, n)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("method", "name"),
    [("clopper_pearson", "beta"), ("wilson", "wilson"), ("jeffreys", "jeffreys"), ("agresti_coull",) * 2],
)
def test_intervals_of_a_count_are_those_of_statsmodels(seed, method, name):
    random = np.random.default_rng(seed)
    n = int(random.integers(5, 2_000))
    errors = int(random.integers(1, n))
    found = getattr(ours, method)(errors, n, confidence="0.9")
    low, high = proportion.proportion_confint(errors, n, alpha=0.1, method=name)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_of_a_frame_are_those_that_scipy_does_not_reject(seed):
    random = np.random.default_rng(seed)
    population = int(random.integers(20, 400))
    n = int(random.integers(2, population))
    errors = int(random.integers(0, min(n, 12) + 1))
    found = finite_population.exact_interval(errors, n, population, confidence="0.9")
    possible = np.arange(errors, population - n + errors + 1)
    few, many = (
        stats.hypergeom.cdf(errors, population, possible, n),
        stats.hypergeom.sf(errors - 1, population, possible, n),
    )
    inside = possible[(few > 0.05) & (many > 0.05)]
    assert (found.low_count, found.high_count) == (inside.min(), inside.max())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mean_per_unit_without_correction_is_that_of_statsmodels(seed):
    overpaid = np.random.default_rng(seed).lognormal(3, 1, 40)
    found = overpayment.mean_per_unit(overpaid, 5_000, confidence="0.9", finite_correction=False)
    low, high = weightstats.DescrStatsW(overpaid).tconfint_mean(alpha=0.1)
    assert (found.low, found.high) == pytest.approx((5_000 * low, 5_000 * high))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_regression_estimate_is_what_least_squares_predicts_for_the_frame(seed):
    random = np.random.default_rng(seed)
    paid = random.lognormal(4, 0.6, 50)
    overpaid = 0.2 * paid + random.normal(0, 5, 50)
    found = overpayment.regression(overpaid, paid, 2_000, paid_total=2_000 * 60, confidence="0.9")
    fitted = OLS(overpaid, add_constant(paid)).fit()
    assert found.estimate == pytest.approx(2_000 * fitted.predict([[1, 60]])[0])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_kappa_is_that_of_scikit_learn_with_any_weights(seed, weights):
    first, second = _labels(seed, 80, 4), _labels(seed + 99, 80, 4)
    distance = {"linear": 1, "quadratic": 2}.get(weights or "", 0)
    steps = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    given = None if weights is None else 1 - (steps / 3) ** distance
    found = agreement.cohen_kappa(first.tolist(), second.tolist(), weights=given, categories=range(4))
    assert found.estimate == pytest.approx(metrics.cohen_kappa_score(first, second, weights=weights))


@pytest.mark.parametrize("seed", SEEDS)
def test_kappa_and_its_error_are_those_of_statsmodels(seed):
    random = np.random.default_rng(seed)
    first = random.integers(0, 3, 120)
    second = np.where(random.random(120) < 0.7, first, random.integers(0, 3, 120))
    table = np.zeros((3, 3))
    np.add.at(table, (first, second), 1)
    expected = inter_rater.cohens_kappa(table)
    found = agreement.cohen_kappa(first.tolist(), second.tolist())
    assert found.estimate == pytest.approx(expected.kappa)
    assert agreement.kappa_test(first.tolist(), second.tolist()).standard_error == pytest.approx(expected.std_kappa0)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_kappa_is_that_of_statsmodels(seed):
    ratings = _labels(seed, 200, 3).reshape(50, 4)
    table, _ = inter_rater.aggregate_raters(ratings)
    for method, ours_of in (("fleiss", agreement.fleiss_kappa), ("randolph", agreement.randolph_kappa)):
        assert ours_of(ratings.tolist()).estimate == pytest.approx(inter_rater.fleiss_kappa(table, method=method))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_krippendorff_with_missing_ratings(seed, level):
    random = np.random.default_rng(seed)
    values = random.integers(1, 5, (3, 40)).astype(float)
    values[random.random((3, 40)) < 0.2] = np.nan
    expected = krippendorff.alpha(reliability_data=values, level_of_measurement=level)
    units = [[None if np.isnan(v) else int(v) for v in unit] for unit in values.T]
    assert agreement.krippendorff_alpha(units, level=level).estimate == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_code_sets_are_scored_as_by_scikit_learn(seed):
    random = np.random.default_rng(seed)
    codes = np.array(["99213", "99214", "93000", "I10", "E11.9", "Z79.4"])
    coded, truth = ([frozenset(codes[random.random(6) < 0.5].tolist()) for _ in range(60)] for _ in range(2))
    binary = MultiLabelBinarizer(classes=sorted(codes))
    one, other = binary.fit_transform(truth), binary.transform(coded)
    found = agreement.code_set_agreement(coded, truth)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(one, other, average="micro")
    assert (found.precision.estimate, found.recall.estimate) == pytest.approx((precision, recall))
    assert found.f1.estimate == pytest.approx(f1)
    assert found.exact_match.estimate == pytest.approx(metrics.accuracy_score(one, other))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "method"), [("fdr_bh", "benjamini_hochberg"), ("fdr_by", "benjamini_yekutieli")])
def test_discoveries_are_those_of_statsmodels(seed, name, method):
    p_values = np.random.default_rng(seed).random(40) ** 3
    rejected, adjusted, *_ = multitest.multipletests(p_values, alpha=0.1, method=name)
    found = getattr(multiplicity, method)(p_values, level=0.1)
    assert found.rejected.tolist() == rejected.tolist()
    assert found.adjusted == pytest.approx(adjusted)


@pytest.mark.parametrize("seed", SEEDS)
def test_fishers_p_value_is_that_of_scipy_where_it_doubles_the_smaller_tail(seed):
    random = np.random.default_rng(seed)
    n, m = (int(size) for size in random.integers(20, 200, 2))
    x, y = int(random.integers(0, n // 4)), int(random.integers(0, m // 4))
    table = [[x, n - x], [y, m - y]]
    tails = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    found = count_tests.fisher_test(x, n, y, m).p_value
    assert float(found[0]) == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)
