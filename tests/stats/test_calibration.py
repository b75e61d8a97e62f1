"""Stated probabilities against what was right."""

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import brier_score_loss

from auditor.errors import BadInput
from auditor.stats import calibration


def calibrated(seed, n=2_000):
    random = np.random.default_rng(seed)
    stated = random.beta(6, 1.5, n)
    return random.random(n) < stated, stated


def test_the_brier_score_is_that_of_scikit_learn():
    right, stated = calibrated(1)
    found = calibration.brier_score(right, stated)
    assert found.estimate == pytest.approx(brier_score_loss(right, stated))
    assert found.low < found.estimate < found.high
    assert calibration.brier_score([1, 1], [0.9, 0.8]).skill is None
    assert found.skill > 0


def test_the_brier_interval_covers_its_mean():
    truth = np.mean([calibration.brier_score(*calibrated(seed, 20_000)).estimate for seed in range(20)])
    found = [calibration.brier_score(*calibrated(seed, 200)) for seed in range(600)]
    assert np.mean([each.low <= truth <= each.high for each in found]) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 600)


def test_every_outcome_is_in_one_bin_and_the_last_bin_holds_certainty():
    right, stated = calibrated(3)
    bins = calibration.reliability_bins(right, stated)
    assert sum(each.n for each in bins) == 2_000
    assert sum(each.right for each in bins) == right.sum()
    for each in bins:
        inside = (stated >= each.start) & (stated < each.end)
        assert (each.n, each.stated) == (inside.sum(), pytest.approx(stated[inside].mean()))
        assert each.low <= each.estimate <= each.high
    (last,) = calibration.reliability_bins([1, 1, 0], [1.0, 1.0, 0.95])
    assert (last.n, last.right) == (3, 2)


def test_an_edge_belongs_to_the_bin_that_it_opens():
    assert [each.start for each in calibration.reliability_bins([1, 1, 1], [0.1, 0.3, 0.7])] == [0.1, 0.3, 0.7]


def test_a_calibrated_model_shows_the_expected_calibration_error():
    found = [calibration.calibration_error(*calibrated(seed, 400)) for seed in range(20_000, 20_600)]
    shown, expected = (np.mean([getattr(each, name) for each in found]) for name in ("estimate", "expected"))
    assert shown == pytest.approx(expected, rel=0.05)
    assert expected > 0.02


def test_the_tests_keep_their_level_and_find_a_model_that_is_too_sure():
    quiet = [calibration.calibration_test(*calibrated(seed, 500)) for seed in range(500)]
    allowed = 0.05 + 3 * np.sqrt(0.05 * 0.95 / 500)
    assert np.mean([each.p_value < 0.05 for each in quiet]) < allowed
    assert np.mean([each.cox_p_value < 0.05 for each in quiet]) < allowed
    assert np.mean([each.gap_low <= 0 <= each.gap_high for each in quiet]) > 1 - allowed
    random = np.random.default_rng(5)
    stated = random.beta(6, 1.5, 2_000)
    sure = calibration.calibration_test(random.random(2_000) < 0.6 * stated + 0.25, stated)
    assert sure.cox_p_value < 0.001
    assert sure.slope < 0.8


def test_coxs_line_is_the_logistic_regression_of_statsmodels():
    right, stated = calibrated(7)
    odds = np.log(stated / (1 - stated))
    fit = sm.Logit(right.astype(float), sm.add_constant(odds)).fit(disp=0)
    found = calibration.calibration_test(right, stated)
    assert (found.intercept, found.slope) == pytest.approx(tuple(fit.params), abs=1e-6)


def test_without_two_kinds_of_outcome_there_is_no_line():
    found = calibration.calibration_test([1, 1, 1], [0.9, 0.8, 0.7])
    assert (found.intercept, found.slope, found.cox_p_value) == (None, None, None)
    assert found.gap == pytest.approx(0.2)
    apart = calibration.calibration_test([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
    assert apart.slope is None
    assert calibration.calibration_test([0], [1.0]).p_value == 0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: calibration.brier_score([1, 0], [0.5]), "probabilities"),
        (lambda: calibration.brier_score([], []), "probabilities"),
        (lambda: calibration.brier_score([2], [0.5]), "outcomes"),
        (lambda: calibration.brier_score([1], [1.5]), "probabilities"),
        (lambda: calibration.reliability_bins([1], [0.5], bins=0), "bins"),
        (lambda: calibration.calibration_test([1], [float("nan")]), "probabilities"),
        (lambda: calibration.calibration_test([1], [0.5], confidence=1), "confidence"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
