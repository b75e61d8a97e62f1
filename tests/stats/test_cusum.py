"""The Bernoulli CUSUM: its chain, its design, its replay."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from auditor.errors import BadInput
from auditor.stats import cusum

STRATA = cusum.bernoulli_cusum([0.02, 0.05, 0.10], detect=[0.05, 0.10, 0.18], arl=2_000, mix=[0.2, 0.3, 0.5])


def by_hand(chart, outcomes, strata):
    """The CUSUM, one outcome at a time."""
    level, since, alarms, changes, path = 0, 0, [], [], []
    for place, (outcome, stratum) in enumerate(zip(outcomes, strata, strict=True)):
        level = max(0, level + chart.rises[stratum]) if outcome else max(0, level - chart.falls[stratum])
        path.append(level * chart.unit)
        if level == 0:
            since = place + 1
        if level >= chart.threshold_units:
            alarms.append(place)
            changes.append(since)
            level, since = 0, place + 1
    return tuple(alarms), tuple(changes), path


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=300))
def test_the_replay_is_the_chart_walked_outcome_by_outcome(stream):
    outcomes = np.array([outcome for outcome, _ in stream], dtype=int)
    strata = np.array([stratum for _, stratum in stream], dtype=int)
    answer = cusum.replay(STRATA, outcomes, strata=strata)
    alarms, changes, path = by_hand(STRATA, outcomes, strata)
    assert (answer.alarms, answer.changes) == (alarms, changes)
    assert answer.path == pytest.approx(path)


def test_the_chain_is_the_linear_system_of_its_states_written_out():
    chart = cusum.BernoulliCusum(unit=1.0, rises=(3, 4), falls=(1, 2), mix=(0.7, 0.3), threshold_units=6)
    move = np.zeros((6, 6))
    for share, rate, rise, fall in ((0.7, 0.1, 3, 1), (0.3, 0.2, 4, 2)):
        for state in range(6):
            move[state, max(0, state - fall)] += share * (1 - rate)
            if state + rise < 6:
                move[state, state + rise] += share * rate
    written_out = np.linalg.solve(np.eye(6) - move, np.ones(6))[0]
    assert cusum.mean_run_length(chart, [0.1, 0.2]) == pytest.approx(written_out)
    survival = np.linalg.matrix_power(move, 50)[0].sum()
    assert cusum.false_alarm_probability(chart, [0.1, 0.2], outcomes=50) == pytest.approx(1 - survival)


def test_the_designed_run_length_is_the_one_that_the_replay_shows():
    random = np.random.default_rng(20260101)
    strata = random.choice(3, size=3_000_000, p=STRATA.mix)
    outcomes = random.random(strata.size) < np.array([0.02, 0.05, 0.10])[strata]
    alarms = np.array(cusum.replay(STRATA, outcomes, strata=strata).alarms)
    gaps = np.diff(np.concatenate([[-1], alarms]))
    designed = cusum.mean_run_length(STRATA, [0.02, 0.05, 0.10])
    assert designed >= 2_000
    assert abs(gaps.mean() - designed) < 4 * gaps.std() / np.sqrt(gaps.size)
    survived = 1 - cusum.false_alarm_probability(STRATA, [0.02, 0.05, 0.10], outcomes=1_500)
    assert abs((gaps > 1_500).mean() - survived) < 4 * np.sqrt(0.25 / gaps.size)


@pytest.mark.parametrize(
    ("arl", "false_alarms", "at_eight", "at_ten"), [(10_000, 0.186, 368, 182), (100_000, 0.025, 637, 307)]
)
def test_the_delays_are_those_measured_on_a_thousand_streams(arl, false_alarms, at_eight, at_ten):
    """5 % for 2,000 outcomes, then 8 % or 10 %: the measured table of the design brief, 1,000 replicates."""
    chart = cusum.bernoulli_cusum(0.05, detect=0.08, arl=arl)
    assert cusum.false_alarm_probability(chart, [0.05], outcomes=2_000) == pytest.approx(false_alarms, abs=0.025)
    assert cusum.mean_settled_run_length(chart, [0.08], before=[0.05]) == pytest.approx(at_eight, rel=0.05)
    assert cusum.mean_settled_run_length(chart, [0.10], before=[0.05]) == pytest.approx(at_ten, rel=0.05)


def test_run_length_quantiles_agree_with_the_survival_of_the_chart():
    chart = cusum.bernoulli_cusum(0.05, detect=0.10, arl=1_000)
    length = cusum.run_length(chart, [0.10], before=[0.05])
    in_control = cusum.run_length(chart, [0.05], before=[0.05])
    assert length.median < length.settled_mean < length.ninetieth
    assert in_control.ninetieth == pytest.approx(np.log(0.1) / np.log(1 - 1 / in_control.settled_mean), rel=0.01)


@pytest.mark.parametrize("n", [200, 1_000])
def test_the_run_length_is_kept_in_the_promised_share_of_baselines(n):
    """Exact: every baseline that 5 % can show, weighed by its probability."""
    kept = 0.0
    for errors in range(n + 1):
        chance = binom.pmf(errors, n, 0.05)
        if chance < 1e-7:
            continue
        plan = cusum.design(errors, n, detect=0.25, arl=2_000, assurance=0.9)
        kept += chance * (cusum.mean_run_length(plan.chart, [0.05]) >= 2_000)
    assert 0.9 <= kept < 0.97


def test_the_run_length_is_kept_with_several_estimated_strata():
    random = np.random.default_rng(7)
    truth, sizes = np.array([0.03, 0.06, 0.10]), np.array([150, 200, 100])
    kept = []
    for errors in random.binomial(sizes, truth, size=(300, 3)):
        plan = cusum.design(errors, sizes, detect=[0.2, 0.25, 0.35], arl=2_000, mix=[0.4, 0.4, 0.2])
        kept.append(cusum.mean_run_length(plan.chart, truth.tolist()) >= 2_000)
    assert np.mean(kept) > 0.9 - 3 * np.sqrt(0.09 / 300)


def test_a_baseline_of_200_leaves_the_run_length_open_by_two_orders_of_magnitude():
    plan = cusum.design(10, 200, detect=0.10, arl=10_000, assurance=None)
    assert plan.arl_low < 1_300
    assert plan.arl_high > 87_000
    assert plan.basis.source


def test_a_chart_designed_for_another_mix_does_not_keep_its_run_length():
    chart = cusum.bernoulli_cusum([0.02, 0.15], detect=[0.05, 0.25], arl=9_600, mix=[0.9, 0.1])
    oversampled = cusum.BernoulliCusum(chart.unit, chart.rises, chart.falls, (0.3, 0.7), chart.threshold_units)
    assert cusum.mean_run_length(oversampled, [0.02, 0.15]) < 0.7 * 9_600


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 0.3), st.floats(1.5, 4.0), st.sampled_from([200.0, 5_000.0]))
def test_a_larger_run_length_takes_a_higher_threshold_and_a_longer_delay(baseline, odds_ratio, arl):
    detect = cusum.rates_at_odds(baseline, odds_ratio=odds_ratio)
    tight, wide = (cusum.bernoulli_cusum(baseline, detect=detect, arl=each) for each in (arl, 3 * arl))
    assert tight.threshold_units < wide.threshold_units
    assert cusum.mean_run_length(tight, [baseline]) >= arl
    assert cusum.mean_run_length(tight, detect) < cusum.mean_run_length(wide, detect)


def test_a_design_takes_less_than_a_second():
    begun = time.process_time()
    cusum.design([9, 12, 30], [400, 300, 300], detect=[0.06, 0.1, 0.2], arl=50_000, mix=[0.4, 0.4, 0.2])
    assert time.process_time() - begun < 1


def test_the_rise_under_way_is_reported_without_an_alarm():
    answer = cusum.replay(cusum.bernoulli_cusum(0.05, detect=0.1, arl=1_000), [0, 1, 1, 0, 1])
    assert answer.alarms == ()
    assert answer.change == 1
    assert cusum.replay(STRATA, [], strata=np.array([], dtype=int)).path.size == 0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: cusum.design(5, 4, detect=0.5, arl=100), "errors"),
        (lambda: cusum.design(0, 0, detect=0.5, arl=100), "n must"),
        (lambda: cusum.design(1, 10, detect=0.2, arl=100), "audit more of the baseline"),
        (lambda: cusum.design(1, 10, detect=1.2, arl=100), "detect"),
        (lambda: cusum.design(1, 100, detect=0.2, arl=100, assurance=0.2), "assurance"),
        (lambda: cusum.design(1, 100, detect=0.2, arl=100, mix=[0.5, 0.5]), "mix"),
        (lambda: cusum.bernoulli_cusum(0.1, detect=0.1, arl=100), "detect"),
        (lambda: cusum.bernoulli_cusum(0.1, detect=0.2, arl=0.5), "arl"),
        (lambda: cusum.bernoulli_cusum(float("nan"), detect=0.2, arl=100), "baseline"),
        (lambda: cusum.replay(STRATA, [0, 1]), "strata"),
        (lambda: cusum.replay(STRATA, [0, 2], strata=[0, 1]), "outcomes"),
        (lambda: cusum.replay(STRATA, [0, 1], strata=[0, 3]), "strata"),
        (lambda: cusum.mean_run_length(STRATA, [0.1]), "rates"),
        (lambda: cusum.normal_arl(reference=0.5, threshold=4, head_start=4), "head_start"),
        (lambda: cusum.normal_path([1.0], target=0, deviation=0, reference=0.5, threshold=4), "deviation"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
