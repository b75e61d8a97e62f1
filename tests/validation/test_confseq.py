"""Numbers of gostevehoward/confseq@70b1ef3, the authors' own program: betting.py, predmix.py and the unit tests of
uniform_boundaries.h (their targets come from a reference implementation in R)."""

from math import inf

import pytest

from auditor.stats.sequential import (
    bernoulli_confidence_sequence,
    beta_binomial_boundary,
    betting_confidence_sequence,
    betting_martingale,
    empirical_bernstein_limit,
    gamma_exponential_boundary,
    gamma_poisson_boundary,
    normal_mixture_boundary,
    stitched_boundary,
)
from tests.validation.vectors import vectors

TWO_IN_SIXTY = [0] * 19 + [1] + [0] * 19 + [1] + [0] * 20

BOUNDARIES = {
    "normal_mixture_two_sided": lambda i: normal_mixture_boundary(
        i["v"], confidence=1 - i["alpha"], optimal_v=i["v_opt"], two_sided=True
    ),
    "gamma_exponential_mixture": lambda i: gamma_exponential_boundary(
        i["v"], confidence=1 - i["alpha"], optimal_v=i["v_opt"], scale=i["c"]
    ),
    "beta_binomial_two_sided": lambda i: beta_binomial_boundary(
        i["v"], confidence=1 - i["alpha"], optimal_v=i["v_opt"], below=i["g"], above=i["h"]
    ),
    "poly_stitching": lambda i: stitched_boundary(
        i["v"], confidence=1 - i["alpha"], least_v=i["v_min"], scale=i["c"]
    ),
}


@vectors("betting_confidence_sequence")
def test_the_betting_sequence_follows_the_authors_program(vector):
    given = vector.inputs
    found = betting_confidence_sequence(
        given["x"], confidence=1 - given["alpha"], population=given["population"], breaks=given["breaks"]
    )
    for at, value in vector.expected["lower_at"].items():
        assert found.lower_path[int(at) - 1] == pytest.approx(value, abs=vector.tolerance)
    for at, value in vector.expected["upper_at"].items():
        assert found.upper_path[int(at) - 1] == pytest.approx(value, abs=vector.tolerance)


@vectors("betting_martingale", only=lambda v: "null_mean" in v.inputs)
def test_the_capital_follows_the_authors_program(vector):
    given = vector.inputs
    settings = {
        "null_mean": given["null_mean"],
        "confidence": 1 - given["alpha"],
        "population": given["population"],
    }
    both = betting_martingale(given["x"], **settings)
    downward = betting_martingale(given["x"], upward_share=0, **settings)
    for value, key in (
        (both.final, "capital_final"),
        (both.maximum, "capital_max"),
        (downward.final, "capital_theta0_final"),
    ):
        assert value == pytest.approx(float(vector.expected[key]), rel=max(vector.tolerance, 1e-12))


def test_the_capital_of_two_errors_in_sixty():
    found = betting_martingale(TWO_IN_SIXTY, null_mean=0.1, population=100)
    assert found.final == pytest.approx(9.345533682682742)
    assert betting_martingale(TWO_IN_SIXTY, null_mean=0.05).maximum == pytest.approx(0.8190477132430352)


def test_a_mean_that_what_was_seen_rules_out_has_infinite_capital():
    assert betting_martingale([1] * 7, null_mean=0.05, population=100).final == inf
    assert betting_martingale([0] * 97, null_mean=0.05, population=100).final == inf


def test_the_sequence_of_two_errors_in_sixty_among_a_hundred():
    found = betting_confidence_sequence(TWO_IN_SIXTY, population=100)
    assert [found.upper_path[at - 1] for at in (10, 20, 60)] == pytest.approx([0.45, 0.272, 0.114], abs=1e-3)
    assert (found.low, found.lower_path[19]) == pytest.approx((0.02, 0.01))


@vectors("empirical_bernstein_cs")
def test_the_closed_form_follows_the_authors_program(vector):
    found = empirical_bernstein_limit(vector.inputs["x"], confidence=1 - vector.inputs["alpha"])
    assert vector.near(found.limit, "lower_final")


@vectors("bernoulli_confidence_sequence")
def test_the_beta_binomial_sequence_agrees_with_the_reference_in_r(vector):
    given = vector.inputs
    found = bernoulli_confidence_sequence(
        given["errors"], given["n"], confidence=1 - given["alpha"], tightest_at=given["t_opt"]
    )
    assert vector.near(found.low, "lower")
    assert vector.near(found.high, "upper")


@vectors("uniform_boundary")
def test_boundaries_agree_with_the_reference_in_r(vector):
    assert vector.near(BOUNDARIES[vector.method](vector.inputs), "bound")


@pytest.mark.parametrize(
    ("found", "target"),
    [
        (lambda: normal_mixture_boundary(100, optimal_v=100, two_sided=True), 30.35209),
        (lambda: normal_mixture_boundary(100, optimal_v=100), 27.66071),
        (lambda: gamma_exponential_boundary(100, optimal_v=100, scale=2), 33.02017),
        (lambda: gamma_poisson_boundary(100, optimal_v=100, scale=2), 30.1949),
        (lambda: beta_binomial_boundary(100, optimal_v=100, below=0.2, above=0.8), 31.4308),
        (lambda: beta_binomial_boundary(100, optimal_v=100, below=0.2, above=0.8, two_sided=False), 28.41238),
        (lambda: stitched_boundary(100, least_v=10, scale=3), 64.48755),
        (lambda: stitched_boundary(100, least_v=10, scale=-1), 28.99389),
    ],
)
def test_boundaries_that_the_unit_tests_pin(found, target):
    assert found() == pytest.approx(target, abs=1e-5)


def test_the_beta_binomial_interval_that_the_unit_tests_pin():
    found = bernoulli_confidence_sequence(5, 50, tightest_at=50)
    assert (found.low, found.high) == pytest.approx((0.013021, 0.269264), abs=1e-5)
