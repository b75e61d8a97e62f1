"""E-detectors: their recursion, their guarantee, the streams that are made fit for them."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats import e_detector
from auditor.stats.e_detector import Accumulation, Bets

BETS = Bets((0.4, 0.9, 1.6), (0.5, 0.3, 0.2))


def by_hand(factors, weights, threshold, accumulation):
    """The mixture, one outcome at a time."""
    level, alarms, path = np.zeros(len(weights)), [], []
    for place, factor in enumerate(factors.T):
        before = level + 1 if accumulation is Accumulation.SHIRYAEV_ROBERTS else np.maximum(level, 1)
        level = before * factor
        path.append(np.log(weights @ level))
        if path[-1] >= np.log(threshold):
            alarms.append(place)
            level = np.zeros(len(weights))
    return alarms, path


@pytest.mark.parametrize("accumulation", Accumulation)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 3_000), drift=st.sampled_from([0.05, 0.3, 0.95]))
def test_the_blocks_are_the_recursion_walked_outcome_by_outcome(accumulation, seed, size, drift):
    random = np.random.default_rng(seed)
    baseline, strata = np.array([0.04, 0.12]), random.integers(0, 2, size)
    outcomes = (random.random(size) < np.where(np.arange(size) < size // 2, 0.05, drift)).astype(int)
    answer = e_detector.bernoulli_detector(
        outcomes, baseline=baseline, arl=300, bets=BETS, strata=strata, accumulation=accumulation
    )
    rate, odds = baseline[strata], np.exp(np.array(BETS.sizes))[:, None]
    factors = np.where(outcomes, odds, 1.0) / (1 - rate + rate * odds)
    alarms, path = by_hand(factors, np.array(BETS.weights), 300, accumulation)
    assert list(answer.alarms) == alarms
    assert answer.log_values == pytest.approx(path, abs=1e-9)


def test_products_beyond_floating_point_change_nothing():
    bets = Bets((3.0,), (1.0,))
    answer = e_detector.bernoulli_detector([0] * 9_000 + [1] * 9, baseline=0.3, arl=1e6, bets=bets)
    factors = np.where([0] * 9_000 + [1] * 9, np.exp(3), 1) / (0.7 + 0.3 * np.exp(3))
    alarms, path = by_hand(factors[None, :], np.ones(1), 1e6, Accumulation.SHIRYAEV_ROBERTS)
    assert list(answer.alarms) == alarms
    assert answer.log_values == pytest.approx(path)


@pytest.mark.parametrize("accumulation", Accumulation)
def test_the_mean_run_length_is_at_least_the_promised_one(accumulation):
    stream = np.random.default_rng(17).random(1_500_000) < 0.05
    alarms = e_detector.bernoulli_detector(stream, baseline=0.05, arl=1_000, accumulation=accumulation).alarms
    runs = np.diff([-1, *alarms])
    assert runs.mean() - 3 * runs.std() / np.sqrt(runs.size) >= 1_000


def test_clusters_entered_as_batch_means_keep_the_promise_that_single_outcomes_break():
    """Providers with intraclass correlation .05, their 25 claims audited one after another."""
    random = np.random.default_rng(23)
    clusters, each = 20_000, 25
    rates = random.beta(0.05 * 19, 0.95 * 19, size=clusters)
    outcomes = (random.random((clusters, each)) < rates[:, None]).ravel()
    singly = e_detector.bernoulli_detector(outcomes, baseline=0.05, arl=4_000).alarms
    stream = e_detector.batch_means(outcomes, batches=np.repeat(np.arange(clusters), each), baseline=0.05)
    batched = e_detector.bounded_detector(stream.values, baseline=stream.baseline, arl=4_000 / each).alarms
    assert outcomes.size / len(singly) < 4_000
    assert clusters / len(batched) >= 4_000 / each
    drifted = e_detector.bounded_detector(np.minimum(1, 2 * stream.values), baseline=0.05, arl=4_000 / each).alarms
    assert len(drifted) > 3 * len(batched)


def test_oversampled_claims_enter_with_their_weights():
    random = np.random.default_rng(29)
    risky = random.random(300_000) < 0.5
    outcomes = random.random(risky.size) < np.where(risky, 0.2, 0.02)
    weights = np.where(risky, 0.2 / 0.5, 0.8 / 0.5)
    baseline = 0.2 * 0.2 + 0.8 * 0.02
    stream = e_detector.weighted_observations(outcomes, weights=weights, largest_weight=1.6, baseline=baseline)
    assert stream.values.mean() == pytest.approx(stream.baseline, rel=0.03)
    alarms = e_detector.bounded_detector(stream.values, baseline=stream.baseline, arl=2_000).alarms
    assert outcomes.size / len(alarms) >= 2_000


def test_the_change_is_dated_near_where_it_began():
    random = np.random.default_rng(31)
    stream = np.concatenate([random.random(3_000) < 0.05, random.random(1_000) < 0.2])
    answer = e_detector.bernoulli_detector(stream, baseline=0.05, arl=1e5)
    assert abs(answer.changes[0] - 3_000) < 80 < answer.alarms[0] - 2_950
    quiet = e_detector.bernoulli_detector([1, 0, 0, 0] * 2 + [0] * 200, baseline=0.1, arl=1e5)
    assert (quiet.alarms, quiet.change) == ((), None)
    assert e_detector.bernoulli_detector([0] * 30 + [1, 1], baseline=0.1, arl=1e5).change == 30


def test_a_bet_on_a_fall_alarms_when_errors_vanish():
    bets = Bets((-1.0, -2.0), (0.5, 0.5))
    alarms = e_detector.bernoulli_detector([0] * 200, baseline=0.2, arl=1_000, bets=bets).alarms
    assert alarms
    assert not e_detector.bernoulli_detector([1, 0, 0] * 70, baseline=0.2, arl=1_000, bets=bets).alarms


def test_a_new_version_that_is_bad_from_the_first_day_is_told_by_the_test():
    stream = np.random.default_rng(37).random(1_000) < 0.1
    assert e_detector.bernoulli_test(stream, baseline=0.05).max() > np.log(1 / 0.01)
    fine = np.random.default_rng(37).random((400, 500)) < 0.05
    crossed = [e_detector.bernoulli_test(row, baseline=0.05).max() >= np.log(20) for row in fine]
    assert np.mean(crossed) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_a_million_outcomes_take_a_moment():
    stream = np.random.default_rng(41).random(1_000_000) < 0.05
    taken = []
    for _ in range(3):
        begun = time.process_time()
        e_detector.bernoulli_detector(stream, baseline=0.05, arl=10_000)
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.5


def test_an_empty_stream_is_quiet():
    answer = e_detector.bernoulli_detector([], baseline=0.05, arl=100)
    assert (answer.alarms, answer.change, answer.log_values.size) == ((), None, 0)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: e_detector.bernoulli_detector([0, 2], baseline=0.1, arl=100), "outcomes"),
        (lambda: e_detector.bernoulli_detector([0, 1], baseline=0, arl=100), "baseline"),
        (lambda: e_detector.bernoulli_detector([0, 1], baseline=0.1, arl=1), "arl"),
        (lambda: e_detector.bernoulli_detector([0, 1], baseline=[0.1, 0.2], arl=100), "strata"),
        (lambda: e_detector.bounded_detector([0, 1.1], baseline=0.1, arl=100), "values"),
        (lambda: e_detector.bounded_detector([0, float("nan")], baseline=0.1, arl=100), "values"),
        (lambda: e_detector.bounded_detector([0, 1], baseline=[0.1, 0.1, 0.1], arl=100), "baseline"),
        (lambda: e_detector.bounded_detector([0], baseline=0.1, arl=9, bets=Bets((1.0,), (1.0,))), "sizes"),
        (lambda: e_detector.bounded_detector([0], baseline=0.1, arl=9, bets=Bets((-0.2,), (1.0,))), "sizes"),
        (lambda: Bets((0.1, 0.2), (0.5, 0.4)), "weights"),
        (lambda: Bets((), ()), "sizes"),
        (lambda: e_detector.bernoulli_bets(smallest=0.9), "smallest"),
        (lambda: e_detector.bounded_bets(largest=1.0), "largest"),
        (lambda: e_detector.bernoulli_bets(count=1), "count"),
        (lambda: e_detector.batch_means([0, 1], batches=["a"], baseline=0.1), "batches"),
        (
            lambda: e_detector.weighted_observations([0, 1], weights=[1, 3], largest_weight=2, baseline=0.1),
            "weights",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
