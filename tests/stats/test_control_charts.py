"""Shewhart, Laney and EWMA charts."""

import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats import control_charts


def test_the_exact_run_length_of_a_p_chart_is_the_one_that_simulation_shows():
    random = np.random.default_rng(2)
    for rate in (0.05, 0.08):
        chart = control_charts.p_chart(random.binomial(200, rate, size=200_000), 200, center=0.05)
        exact = control_charts.p_chart_arl(center=0.05, n=200, rate=rate)
        assert 200_000 / len(chart.beyond) == pytest.approx(exact, rel=0.15)


@pytest.mark.parametrize("fixed_limits", [True, False])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_the_ewma_run_length_is_the_one_that_the_chart_shows(fixed_limits, shift):
    random = np.random.default_rng(3)
    lengths = []
    for values in random.normal(shift, 1, size=(1_500, 400)):
        chart = control_charts.ewma_chart(
            values, target=0, deviation=1, smoothing=0.2, multiple=1.8, fixed_limits=fixed_limits
        )
        lengths.append(chart.beyond[0] + 1 if chart.beyond else 400)
    exact = control_charts.ewma_arl(smoothing=0.2, multiple=1.8, shift=shift, fixed_limits=fixed_limits)
    assert np.mean(lengths) == pytest.approx(exact, abs=4 * np.std(lengths) / np.sqrt(1_500))


def test_without_smoothing_the_ewma_is_a_shewhart_chart():
    for fixed_limits in (True, False):
        length = control_charts.ewma_arl(smoothing=1.0, multiple=3, fixed_limits=fixed_limits)
        assert length == pytest.approx(370.4, abs=0.05)
        assert control_charts.ewma_multiple(smoothing=1.0, arl=length) == pytest.approx(3)


def test_providers_that_differ_alarm_a_p_chart_each_month_and_laneys_hardly():
    random = np.random.default_rng(5)
    n = 5_000
    errors = random.binomial(n, random.beta(0.05 * 800, 0.95 * 800, size=300))
    plain, laney = control_charts.p_chart(errors, n), control_charts.laney_p_chart(errors, n)
    assert len(plain.beyond) > 40
    assert len(laney.beyond) < 5
    assert laney.spread == pytest.approx(np.sqrt(1 + (n - 1) / 801), rel=0.15)


def test_laneys_charts_are_the_plain_ones_where_nothing_exceeds_chance():
    random = np.random.default_rng(6)
    counts = random.poisson(40, size=4_000)
    laney = control_charts.laney_u_chart(counts, 10.0)
    assert laney.spread == pytest.approx(1, abs=0.05)
    assert (
        control_charts.laney_u_chart(counts, 10.0, spread=1.0).beyond == control_charts.u_chart(counts, 10.0).beyond
    )


def test_limits_never_leave_what_a_rate_can_be():
    chart = control_charts.p_chart([0, 1, 5], [5, 5, 5], center=0.5)
    assert chart.low.min() >= 0
    assert chart.high.max() <= 1
    assert control_charts.p_chart([0, 0], 10).beyond == ()
    assert control_charts.laney_p_chart([0, 0], 10).spread == 1


def test_periods_of_unlike_size_have_limits_of_their_own():
    chart = control_charts.p_chart([5, 5], [50, 500], center=0.05)
    assert chart.high[0] > chart.high[1]
    deviation = np.sqrt(0.05 * 0.95 / np.array([50, 500]))
    ewma = control_charts.ewma_chart([0.1, 0.01], target=0.05, deviation=deviation, smoothing=0.3, multiple=3)
    assert ewma.high[0] - 0.05 == pytest.approx(3 * 0.3 * deviation[0])


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: control_charts.p_chart([5], [4]), "errors"),
        (lambda: control_charts.p_chart([0], [0]), "n must"),
        (lambda: control_charts.p_chart([1], 4, center=1.2), "center"),
        (lambda: control_charts.p_chart([1], 4, multiple=0), "multiple"),
        (lambda: control_charts.u_chart([1], 0), "exposure"),
        (lambda: control_charts.laney_p_chart([1], 4), "two periods"),
        (lambda: control_charts.ewma_chart([1.0], target=0, deviation=0, smoothing=0.1, multiple=3), "deviation"),
        (lambda: control_charts.ewma_arl(smoothing=0, multiple=3), "smoothing"),
        (lambda: control_charts.ewma_multiple(smoothing=0.1, arl=1), "arl"),
        (lambda: control_charts.p_chart_arl(center=0, n=10, rate=0.1), "center"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
