import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from auditor.stats import proportion

METHODS = {
    "beta": proportion.clopper_pearson,
    "wilson": proportion.wilson,
    "agresti_coull": proportion.agresti_coull,
}


@pytest.mark.parametrize("name", METHODS)
@given(st.integers(1, 500), st.data())
def test_the_intervals_agree_with_statsmodels(name, n, data):
    errors = data.draw(st.integers(0, n))
    confidence = data.draw(st.sampled_from([0.8, 0.9, 0.95, 0.99]))
    found = METHODS[name](errors, n, confidence=confidence)
    assert (found.low, found.high) == pytest.approx(
        proportion_confint(errors, n, alpha=1 - confidence, method=name), abs=1e-9
    )


@pytest.mark.parametrize("n", [5, 20, 59])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_exact_interval_covers_at_every_rate(n, confidence):
    found = [proportion.clopper_pearson(errors, n, confidence=confidence) for errors in range(n + 1)]
    for rate in np.linspace(0, 1, 201):
        inside = [each.contains(rate) for each in found]
        assert stats.binom.pmf(range(n + 1), n, rate)[inside].sum() >= confidence - 1e-12


@pytest.mark.parametrize("n", [5, 20, 59])
def test_the_exact_limits_cover_at_every_rate(n):
    above = np.array([proportion.upper_limit(errors, n, confidence=0.9).limit for errors in range(n + 1)])
    below = np.array([proportion.lower_limit(errors, n, confidence=0.9).limit for errors in range(n + 1)])
    for rate in np.linspace(0, 1, 201):
        mass = stats.binom.pmf(range(n + 1), n, rate)
        assert mass[above >= rate].sum() >= 0.9 - 1e-12
        assert mass[below <= rate].sum() >= 0.9 - 1e-12


def test_without_errors_the_upper_limit_is_the_closed_form_at_any_risk():
    # Library quantiles have failed here: statsmodels issues 7008, 9141, 9549
    for alpha in (1e-2, 1e-6, 1e-12):
        found = proportion.clopper_pearson(0, 500, confidence=1 - alpha)
        assert found.high == pytest.approx(1 - (alpha / 2) ** (1 / 500), rel=1e-4)
        assert found.low == 0
