"""Numbers of the programs of the field: ppi-python 0.2.3 (PyPI; variances divided by n), ppi_py@bd90caa
tests/test_power_analysis.py, and EmertonData/glide@d6021e6 (variances divided by n - 1)."""

import pytest

from auditor.stats.prediction_powered import (
    active_inference,
    ppi_effective_n,
    ppi_mean,
    prediction_powered_monitor,
)
from auditor.stats.selection import inclusion_probabilities
from auditor.stats.sequential import asymptotic_confidence_sequence
from tests.validation.vectors import vectors


def columns(given):
    return given["y"], given["yhat_labeled"], given["yhat_unlabeled"]


@vectors("ppi_mean", only=lambda v: "ppi" in v.expected)
@pytest.mark.parametrize(("key", "weight"), [("ppi", 1), ("ppi_plus_plus", None), ("classical", 0)])
def test_means_agree_with_ppi_python(vector, key, weight):
    found = ppi_mean(
        *columns(vector.inputs), confidence=1 - vector.inputs["alpha"], weight=weight, spread_of_sample=False
    )
    expected = vector.expected[key]
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (expected["point"], expected["lower"], expected["upper"]), abs=vector.tolerance
    )


@vectors("ppi_mean", only=lambda v: "ppi" not in v.expected)
def test_means_agree_with_glide(vector):
    found = ppi_mean(*columns(vector.inputs), confidence=vector.inputs["confidence"])
    point = "point" if "point" in vector.expected else "lambda_point"
    assert vector.near(found.estimate, point)
    assert vector.near(found.low, "lower")
    assert vector.near(found.high, "upper")
    assert found.effective_n == vector.expected["effective_n"]


@vectors("ppi_effective_n")
def test_effective_n_agrees_with_ppi_python(vector):
    given = vector.inputs
    found = ppi_effective_n(given["n"], given["N"], correlation=given["rho"])
    assert vector.near(found, "effective_n")


@vectors("active_inference")
def test_active_inference_agrees_with_glide(vector):
    given = vector.inputs
    found = active_inference(given["y"], given["yhat"], chances=given["pi"], confidence=given["confidence"])
    for value, key in (
        (found.weight, "lambda"),
        (found.estimate, "point"),
        (found.standard_error, "std"),
        (found.low, "lower"),
        (found.high, "upper"),
    ):
        assert vector.near(value, key)
    assert found.effective_n == vector.expected["effective_n"]


@vectors("active_sampling")
def test_chances_in_proportion_to_uncertainty_agree_with_glide(vector):
    found = inclusion_probabilities(vector.inputs["uncertainty"], size=vector.inputs["n_labels"])
    assert found == pytest.approx(vector.expected["pi"], abs=vector.tolerance)


@vectors("asymptotic_confidence_sequence")
def test_running_means_agree_with_glide(vector):
    given = vector.inputs
    found = asymptotic_confidence_sequence(
        given["batch_estimates"],
        standard_errors=given["batch_se"],
        confidence=1 - given["miscoverage"],
        tightest_at=given["tightest_at_batch"],
    )
    assert found.running_mean == pytest.approx(vector.expected["running_mean"], abs=vector.tolerance)
    assert found.lower_path == pytest.approx(vector.expected["lower"], abs=vector.tolerance)


@vectors("prediction_powered_monitor")
def test_the_monitor_agrees_with_glide(vector):
    given = vector.inputs
    found = prediction_powered_monitor(
        given["y"],
        given["yhat"],
        given["batch"],
        threshold=given["threshold"],
        confidence=given["confidence"],
        higher_is_better=given["higher_is_better"],
    )
    assert found.running_mean == pytest.approx(vector.expected["running_mean"], abs=vector.tolerance)
    assert found.lower_path == pytest.approx(vector.expected["lower"], abs=vector.tolerance)


def test_two_labels_of_glides_first_example():
    found = ppi_mean([5, 6], [4.9, 6.1], [5.2, 6.1])
    assert (found.estimate, found.low, found.high) == pytest.approx((5.618, 4.923, 6.312), abs=1e-3)
    assert found.effective_n == 3


def test_effective_n_of_the_power_analysis_notebook():
    assert ppi_effective_n(605, 3345, correlation=0.9) == pytest.approx(1926.3633065978804)
    assert ppi_effective_n(605, 3345, correlation=0) == 605


def test_the_lower_limits_of_seven_batches():
    found = asymptotic_confidence_sequence(
        [0.05, 0.04, 0.06, 0.05, 0.09, 0.12, 0.11], standard_errors=[0.02] * 7, tightest_at=4
    )
    assert (found.lower_path[0], found.low) == pytest.approx((-0.010863866432520297, 0.053175204121688066))


def test_a_drift_raises_the_alarm_of_glides_example():
    before, after = ([0.0, 0.2, None, None], [0.0, 0.2, 0.0, 0.2]), ([0.8, 1.0, None, None], [0.8, 1.0, 0.8, 1.0])
    found = prediction_powered_monitor(
        before[0] + after[0] * 5,
        before[1] + after[1] * 5,
        [place // 4 for place in range(24)],
        threshold=0.5,
        confidence=0.8,
    )
    assert found.alarms[0] == 2
