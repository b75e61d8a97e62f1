"""Drift told from case mix."""

import numpy as np
import pytest
from scipy import stats

from auditor.errors import BadInput
from auditor.stats.standardisation import arm_contrast, standardised_rate


def test_one_stratum_has_the_exact_poisson_limits():
    found = standardised_rate([7], [200], standard=[1.0])
    assert found.low == pytest.approx(stats.gamma.ppf(0.025, 7) / 200)
    assert found.high == pytest.approx(stats.gamma.ppf(0.975, 8) / 200)
    assert standardised_rate([0], [200], standard=[1.0]).low == 0


def test_a_shift_of_mix_moves_the_crude_rate_and_not_the_standardised_one():
    before = standardised_rate([20, 80], [1_000, 1_000], standard=[0.5, 0.5])
    now = standardised_rate([4, 144], [200, 1_800], standard=[0.5, 0.5])
    assert now.crude > 1.4 * before.crude
    assert now.estimate == pytest.approx(before.estimate)


def test_the_limits_cover_with_few_counts():
    random = np.random.default_rng(9)
    totals, rates, standard = np.array([50, 200, 30]), np.array([0.02, 0.05, 0.1]), [0.5, 0.3, 0.2]
    draws = [standardised_rate(each, totals, standard=standard) for each in random.poisson(totals * rates, (800, 3))]
    truth = float(rates @ standard)
    assert np.mean([each.low <= truth <= each.high for each in draws]) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 800)


def test_the_contrast_keeps_its_level_when_both_arms_move_alike():
    random = np.random.default_rng(10)
    counts = [random.poisson(mean, 3_000) for mean in (60, 30, 120, 60)]
    pairs = [(count, 1_000) for count in counts]
    found = arm_contrast(pairs[0], pairs[1], control_now=pairs[2], control_before=pairs[3])
    assert (found.p_value < 0.05).mean() < 0.065
    assert ((found.p_value < 0.05) == ((found.low > 1) | (found.high < 1))).all()


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: standardised_rate([1], [0], standard=[1.0]), "totals"),
        (lambda: standardised_rate([1, 2], [5, 5], standard=[0.5, 0.4]), "standard"),
        (lambda: standardised_rate([-1], [5], standard=[1.0]), "counts"),
        (lambda: arm_contrast((1, 0), (1, 5), control_now=(1, 5), control_before=(1, 5)), "now"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
