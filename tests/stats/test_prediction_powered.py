import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats import finite_population
from auditor.stats.prediction_powered import (
    ScoredStratum,
    active_inference,
    best_uniform_share,
    ppi_effective_n,
    ppi_mean,
    prediction_powered_monitor,
    prediction_powered_rate,
    risk_based_chances,
    stratified_prediction_powered_rate,
    weighted_prediction_powered_rate,
)

CASES, AUDITS = 3_000, 300


@pytest.fixture(scope="module")
def frame():
    """8 % errors, and a flagger with sensitivity .8 and false-flag rate .02 as the score."""
    rng = np.random.default_rng(17)
    errors = (rng.random(CASES) < 0.08).astype(float)
    flagged = np.where(errors == 1, rng.random(CASES) < 0.8, rng.random(CASES) < 0.02)
    return errors, np.where(flagged, 0.7, 0.02)


def covered(frame, sample, *, runs=AUDITS):
    """The share of runs whose interval holds the true rate, the mean estimate and the mean effective size."""
    truth, found = frame[0].mean(), [sample(np.random.default_rng(seed)) for seed in range(runs)]
    inside = np.mean([each.low <= truth <= each.high for each in found])
    return inside, np.mean([each.estimate for each in found]), np.mean([each.effective_n for each in found])


def simple(frame, n):
    def draw(rng):
        chosen = rng.choice(CASES, n, replace=False)
        return prediction_powered_rate(frame[0][chosen], frame[1][chosen], frame[1])

    return draw


def by_strata(frame):
    def draw(rng):
        strata = []
        for start, end, n in ((0, 1_000, 120), (1_000, CASES, 120)):
            chosen = start + rng.choice(end - start, n, replace=False)
            strata.append(ScoredStratum(frame[0][chosen], frame[1][chosen], frame[1][start:end]))
        return stratified_prediction_powered_rate(strata)

    return draw


def by_risk(frame):
    chances = np.array(risk_based_chances(frame[1], size=240, uniform_share=0.5))

    def draw(rng):
        order = rng.permutation(CASES)
        ladder = np.cumsum(chances[order])
        chosen = order[np.searchsorted(ladder, rng.random() + np.arange(239))]
        return weighted_prediction_powered_rate(
            frame[0][chosen], frame[1][chosen], frame[1], inclusion_probabilities=chances[chosen]
        )

    return draw


@pytest.mark.parametrize(
    "sample",
    [lambda f: simple(f, 250), lambda f: simple(f, 60), by_strata, by_risk],
    ids=["many", "few", "strata", "risk"],
)
def test_the_true_rate_is_inside_as_often_as_promised(frame, sample):
    inside, mean, _ = covered(frame, sample(frame))
    assert inside >= 0.95 - 3 * (0.95 * 0.05 / AUDITS) ** 0.5
    assert mean == pytest.approx(frame[0].mean(), abs=0.006)


def test_a_good_flagger_saves_what_its_correlation_says(frame):
    errors, scores = frame
    squared = np.corrcoef(errors, scores)[0, 1] ** 2
    effective = np.median([simple(frame, 250)(np.random.default_rng(seed)).effective_n for seed in range(200)])
    assert effective == pytest.approx(250 / (1 - squared), rel=0.2)


def test_a_score_that_says_nothing_changes_nothing():
    found = prediction_powered_rate([1] * 20 + [0] * 80, [0.3] * 100, [0.3] * 1_000)
    assert (found.weight, found.estimate, found.effective_n) == (0, 0.2, 99)


def test_a_score_that_misleads_gets_no_weight():
    found = prediction_powered_rate([1] * 20 + [0] * 80, [0.0] * 20 + [1.0] * 80, [0.0, 1.0] * 500)
    assert (found.weight, found.estimate) == (0, 0.2)


def test_with_few_errors_the_exact_interval_is_reported():
    outcomes = [1] * 4 + [0] * 96
    found = prediction_powered_rate(outcomes, [0.9] * 4 + [0.1] * 96, [0.9] * 50 + [0.1] * 950)
    exact = finite_population.exact_interval(4, 100, 1_000, confidence=0.95)
    assert (found.reported, found.low, found.high, found.estimate) == ("exact", exact.low, exact.high, 0.04)
    assert found.warnings
    assert found.powered_low < found.estimate < found.powered_high


def test_one_stratum_is_the_simple_sample():
    y, f, whole = [1] * 24 + [0] * 76, [0.8] * 18 + [0.1] * 82, [0.8] * 170 + [0.1] * 830
    one = stratified_prediction_powered_rate([ScoredStratum(y, f, whole)])
    simple_sample = prediction_powered_rate(y, f, whole)
    assert one.estimate == pytest.approx(simple_sample.estimate)
    assert one.weight == pytest.approx(simple_sample.weight)
    assert one.low == pytest.approx(simple_sample.low, abs=4e-3)


def test_equal_chances_are_the_simple_sample():
    y, f, whole = [1] * 24 + [0] * 76, [0.8] * 18 + [0.1] * 82, [0.8] * 170 + [0.1] * 830
    even = weighted_prediction_powered_rate(y, f, whole, inclusion_probabilities=[0.1] * 100)
    simple_sample = prediction_powered_rate(y, f, whole)
    assert even.estimate == pytest.approx(simple_sample.estimate)
    assert even.low == pytest.approx(simple_sample.low, abs=4e-3)


def test_a_perfect_score_leaves_no_doubt():
    found = prediction_powered_rate([1.0] * 20 + [0.0] * 80, [1.0] * 20 + [0.0] * 80, [1.0] * 150 + [0.0] * 850)
    assert (found.estimate, found.standard_error) == pytest.approx((0.15, 0))
    assert found.low < 0.15 < found.high < 0.2  # two surprises that the sample may have missed


def test_chances_add_up_and_no_case_is_left_without():
    chances = np.array(risk_based_chances([0.0] * 50 + [1.0] * 50, size=20, uniform_share=0.25))
    assert chances.sum() == pytest.approx(20)
    assert chances.min() >= 0.25 * 20 / 100
    assert np.array(risk_based_chances([0.0] * 10, size=4)) == pytest.approx([0.4] * 10)


def test_the_uniform_share_falls_when_risk_is_right_and_is_all_when_it_is_wrong():
    risk = [0.1] * 80 + [0.9] * 20
    right = best_uniform_share(risk, squared_residuals=[0.01] * 80 + [0.8] * 20, size=20)
    wrong = best_uniform_share(risk, squared_residuals=[0.8] * 80 + [0.01] * 20, size=20)
    assert right < 0.2
    assert wrong == 1


def test_the_plain_weight_and_none_bracket_the_best():
    rng = np.random.default_rng(3)
    y = (rng.random(200) < 0.3).astype(float)
    f, u = 0.5 * y + 0.2 * rng.random(200), 0.5 * (rng.random(2_000) < 0.3) + 0.2 * rng.random(2_000)
    errors = [ppi_mean(y, f, u, weight=w).standard_error for w in (0, None, 1)]
    assert errors[1] <= min(errors[0], errors[2]) + 1e-9


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: ppi_mean([1, 0], [0.1], [0.2, 0.3]), "scores"),
        (lambda: ppi_mean([1], [0.1], [0.2, 0.3]), "outcomes"),
        (lambda: prediction_powered_rate([2, 0], [0.1, 0.2], [0.2] * 5), "outcomes"),
        (lambda: prediction_powered_rate([1, 0, 0], [0.1, 0.2, 0.2], [0.2] * 2), "frame_scores"),
        (lambda: stratified_prediction_powered_rate([]), "strata"),
        (lambda: stratified_prediction_powered_rate([ScoredStratum([1], [0.1], [0.1] * 5)]), "outcomes"),
        (
            lambda: weighted_prediction_powered_rate([1, 0], [0, 0], [0] * 5, inclusion_probabilities=[0, 0.1]),
            "inclusion_probabilities",
        ),
        (
            lambda: weighted_prediction_powered_rate([1, 0], [0, 0], [0] * 5, inclusion_probabilities=[1, 1]),
            "inclusion_probabilities",
        ),
        (lambda: active_inference([1, None, 0], [0.1] * 3, chances=[0.5, 0, 0.5]), "chances"),
        (lambda: active_inference([1, None, None], [0.1] * 3, chances=[0.5] * 3), "outcomes"),
        (lambda: ppi_effective_n(10, 10, correlation=1.5), "correlation"),
        (lambda: ppi_effective_n(0, 10, correlation=0.5), "n"),
        (lambda: risk_based_chances([0.1, -1], size=1), "risk"),
        (lambda: risk_based_chances([0.1, 1], size=1, uniform_share=0), "uniform_share"),
        (lambda: prediction_powered_monitor([1, None], [0, 0], [0, 0], threshold=0.5), "batches"),
        (lambda: prediction_powered_monitor([1, None, 1], [0] * 3, [0, 1, 0], threshold=0.5), "batches"),
        (lambda: prediction_powered_monitor([1, None, 1], [0] * 3, [0, 1], threshold=0.5), "batches"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        call()
