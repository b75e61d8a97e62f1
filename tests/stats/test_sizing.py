import math
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditor.errors import BadInput
from auditor.stats.finite_population import exact_interval
from auditor.stats.proportion import clopper_pearson
from auditor.stats.sizing import (
    acceptance_size,
    attribute_size,
    exact_precision_size,
    mean_size,
    money_unit_size,
    precision_size,
    two_stage_size,
)


@given(st.integers(1, 30), st.integers(0, 60), st.sampled_from(["0.8", "0.9", "0.95"]))
@settings(deadline=None, max_examples=40)
def test_no_smaller_sample_would_do(tolerable_percent, share_percent, confidence):
    tolerable = Fraction(tolerable_percent, 100)
    expected = tolerable * Fraction(share_percent, 100)
    found = attribute_size(tolerable=tolerable, expected=expected, confidence=confidence)
    risk = 1 - float(confidence)
    passing = [
        n
        for n in range(1, found.sample_size + 1)
        if stats.binom.cdf(math.ceil(expected * n), n, float(tolerable)) <= risk + 1e-12
    ]
    assert passing[:1] == [found.sample_size]
    assert found.allowed_errors == math.ceil(expected * found.sample_size)


@given(st.integers(5, 300), st.integers(3, 40), st.integers(0, 60))
@settings(deadline=None, max_examples=40)
def test_no_smaller_sample_of_a_small_frame_would_do(population, tolerable_percent, share_percent):
    tolerable = Fraction(tolerable_percent, 100)
    expected, bad = tolerable * Fraction(share_percent, 100), math.ceil(population * tolerable)
    tails = [(n, stats.hypergeom.cdf(math.ceil(expected * n), population, bad, n)) for n in range(1, population + 1)]
    passing = [n for n, tail in tails if tail <= 0.1 + 1e-12]
    plan = {"tolerable": tolerable, "expected": expected, "confidence": "0.9", "population": population}
    if passing:
        assert attribute_size(**plan).sample_size == passing[0]
    else:
        with pytest.raises(BadInput, match="No sample"):
            attribute_size(**plan)


def test_discovery_and_acceptance_at_five_percent():
    sizes = [acceptance_size(tolerable="0.05", allowed_errors=k, confidence="0.95").sample_size for k in range(4)]
    assert sizes == [59, 93, 124, 153]


def test_a_tie_with_the_risk_is_enough():
    # P(X = 0) = 1/2^n equals the risk of 1/4 at n = 2
    assert acceptance_size(tolerable="0.5", allowed_errors=0, confidence="0.75").sample_size == 2


def test_the_money_unit_convention_asks_for_one_more_than_the_binomial_plan():
    plan = {"tolerable": "0.1", "expected": 0, "confidence": "0.95"}
    assert money_unit_size(**plan).sample_size == 30
    assert attribute_size(**plan).sample_size == 29
    assert "Poisson" in money_unit_size(**plan).basis.convention


@given(st.integers(1, 60), st.integers(0, 70), st.sampled_from([0.5, 0.8, 0.95]))
@settings(deadline=None, max_examples=40)
def test_no_smaller_number_of_dollars_would_do(tolerable_percent, share_percent, confidence):
    tolerable, share = tolerable_percent / 100, share_percent / 100
    expected = Fraction(tolerable_percent, 100) * Fraction(share_percent, 100)
    found = money_unit_size(tolerable=Fraction(tolerable_percent, 100), expected=expected, confidence=confidence)
    for n in {1, found.sample_size // 2, found.sample_size - 1} - {0}:
        assert stats.gamma.ppf(confidence, 1 + tolerable * share * n, scale=1 / n) > tolerable - 1e-9
    n = found.sample_size
    assert stats.gamma.ppf(confidence, 1 + tolerable * share * n, scale=1 / n) <= tolerable + 1e-9


@pytest.mark.parametrize("expected", ["0", "0.01", "0.03", "0.3", "0.5", "0.55", "0.97", "1"])
@pytest.mark.parametrize("half_width", ["0.02", "0.04"])
@pytest.mark.parametrize("population", [None, 600])
def test_no_smaller_sample_has_so_narrow_an_exact_interval(expected, half_width, population):
    def narrow(n):
        errors = math.ceil(Fraction(expected) * n)
        found = (
            clopper_pearson(errors, n, confidence=0.95)
            if population is None
            else exact_interval(errors, n, population, confidence=0.95)
        )
        return found.high - found.low <= 2 * float(half_width)

    found = exact_precision_size(expected=expected, half_width=half_width, confidence="0.95", population=population)
    assert found.sample_size == next(n for n in range(1, 10_000) if narrow(n))


def test_two_stages_accept_a_bad_process_no_oftener_than_agreed():
    n = two_stage_size(tolerable="0.05", allowed_errors=(2, 1), confidence="0.95").sample_size // 2

    def risk(n):
        first = stats.binom.pmf(range(3), n, 0.05)
        return first[0] + (first[1] + first[2]) * stats.binom.cdf(1, n, 0.05)

    assert risk(n) <= 0.05 < risk(n - 1)


def test_ten_million_claims_are_planned_in_no_time():
    started = time.perf_counter()
    attribute_size(tolerable="0.05", expected="0.045", confidence="0.95", population=10_000_000)
    acceptance_size(tolerable="0.05", allowed_errors=3, confidence="0.95", population=10_000_000)
    assert time.perf_counter() - started < 0.05


def test_a_sample_never_exceeds_its_frame():
    assert precision_size(expected=0.5, half_width=0.001, confidence=0.99, population=40).sample_size == 40
    assert (
        mean_size(coefficient_of_variation=30, relative_precision=0.01, confidence=0.9, population=40).sample_size
        == 40
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: attribute_size(tolerable=5, expected=0, confidence=0.95), "tolerable"),
        (lambda: attribute_size(tolerable=0.05, expected=0.05, confidence=0.95), "expected must be below tolerable"),
        (lambda: attribute_size(tolerable=0.03, expected=0.05, confidence=0.95), "expected must be below tolerable"),
        (lambda: attribute_size(tolerable=0.05, expected=0, confidence=95), "confidence"),
        (lambda: attribute_size(tolerable=0.05, expected=0, confidence=0.9, population=0), "population"),
        (lambda: acceptance_size(tolerable=0.05, allowed_errors=-1, confidence=0.9), "allowed_errors"),
        (lambda: acceptance_size(tolerable=0.05, allowed_errors=9, confidence=0.9, population=100), "No sample"),
        (lambda: precision_size(expected=0, half_width=0.05, confidence=0.9), "expected"),
        (lambda: precision_size(expected=0.5, half_width=0, confidence=0.9), "half_width"),
        (lambda: mean_size(coefficient_of_variation=0, relative_precision=0.25, confidence=0.9), "coefficient"),
        (lambda: money_unit_size(tolerable=0.05, expected=0.05, confidence=0.9), "expected"),
        (lambda: exact_precision_size(expected=0.5, half_width=2, confidence=0.9), "half_width"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(call, said):
    with pytest.raises(BadInput, match=said):
        call()
