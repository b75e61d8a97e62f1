import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats.overpayment import horvitz_thompson, mean_per_unit, weighted_total
from auditor.stats.selection import weighted_draw


def test_with_equal_chances_it_is_the_mean_per_unit():
    values = [0, 30, 0, 10, 5]
    simple = mean_per_unit(values, population=50, confidence=0.9)
    for found in (
        horvitz_thompson(values, chances=[0.1] * 5, confidence=0.9),
        weighted_total(values, weights=[10] * 5, populations=50, confidence=0.9),
    ):
        assert (found.estimate, found.standard_error, found.limit) == pytest.approx(
            (simple.estimate, simple.standard_error, simple.limit)
        )
        assert found.warnings == simple.warnings


def test_a_weighted_draw_estimates_the_total_and_its_error():
    random = np.random.default_rng(8)
    paid = random.lognormal(5, 1, 120)
    over = paid * random.uniform(0.3, 1, 120) * (random.random(120) < 0.5)
    ids = [str(i) for i in range(120)]
    found = []
    for seed in range(600):
        picks = weighted_draw(ids, paid, seed=str(seed), size=30)
        drawn = [over[int(pick.item_id)] for pick in picks]
        chances = [pick.inclusion_probability for pick in picks]
        found.append(horvitz_thompson(drawn, chances=chances, confidence=0.9))
    estimates = np.array([each.estimate for each in found])
    assert estimates.mean() == pytest.approx(over.sum(), rel=0.03)
    assert np.mean([each.standard_error**2 for each in found]) == pytest.approx(estimates.var(), rel=0.15)
    assert np.mean([each.limit <= over.sum() for each in found]) >= 0.87


def test_units_that_were_certain_add_no_error():
    found = horvitz_thompson([100, 50, 2, 2], chances=[1, 1, 0.5, 0.5], confidence=0.9)
    assert (found.estimate, found.standard_error) == (158, 0)


def test_draws_by_stratum_add_up():
    y, p = [4, 1, 0, 9, 2, 5], [0.5, 0.2, 0.4, 0.1, 0.3, 0.2]
    both = horvitz_thompson(y, chances=p, strata=list("aaabbb"), confidence=0.9)
    one = horvitz_thompson(y[:3], chances=p[:3], confidence=0.9)
    other = horvitz_thompson(y[3:], chances=p[3:], confidence=0.9)
    assert both.estimate == pytest.approx(one.estimate + other.estimate)
    assert both.standard_error**2 == pytest.approx(one.standard_error**2 + other.standard_error**2)
    assert both.degrees_of_freedom == 4


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: horvitz_thompson([1, 2], chances=[0.5, 0], confidence=0.9), "chances"),
        (lambda: horvitz_thompson([1, 2], chances=[0.5, 1.5], confidence=0.9), "chances"),
        (lambda: horvitz_thompson([1, 2], chances=[0.5], confidence=0.9), "chances"),
        (lambda: horvitz_thompson([1, 2], chances=[0.5, 1], confidence=0.9), "at least 2 units"),
        (lambda: horvitz_thompson([1, 2], chances=[0.5, 0.5], strata=["a"], confidence=0.9), "strata"),
        (lambda: weighted_total([1, 2], weights=[1, -1], confidence=0.9), "weights"),
        (lambda: weighted_total([1, 2], weights=[1, 1], clusters=["a"], confidence=0.9), "clusters"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(call, said):
    with pytest.raises(BadInput, match=said):
        call()
