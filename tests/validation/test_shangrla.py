"""Numbers of pbstark/SHANGRLA@9d5db92: tests/core/test_NonnegMean.py, and alpha_mart as run on given draws."""

import pytest

from auditor.stats.sequential import alpha_martingale, alpha_sample_size, betting_martingale
from tests.validation.vectors import vectors


@vectors("alpha_martingale")
def test_alpha_follows_shangrla(vector):
    given = vector.inputs
    found = alpha_martingale(
        given["x"],
        null_mean=given["t"],
        eta=given["eta"],
        prior_weight=given["d"],
        gap=given["c"],
        upper=given["u"],
        population=given["population"],
    )
    assert vector.near(found.p_value, "p")
    if "p_history" in vector.expected:
        assert found.p_path == pytest.approx(vector.expected["p_history"], abs=vector.tolerance)


@vectors("alpha_sample_size")
def test_alpha_needs_as_many_draws_as_shangrla_says(vector):
    given = vector.inputs
    found = alpha_sample_size(
        value=given["x_value"], null_mean=given["t"], eta=given["eta"], confidence=1 - given["alpha"]
    )
    assert found.sample_size == vector.expected["n"]


@vectors("betting_martingale", only=lambda v: "lam" in v.inputs)
def test_a_fixed_bet_follows_shangrla(vector):
    given = vector.inputs
    found = betting_martingale(
        [given["x_value"]] * given["n"], null_mean=given["t"], stake=given["lam"], upward_share=1
    )
    assert vector.near(found.p_value, "p")


def test_alpha_on_twelve_draws_of_a_hundred():
    draws = [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    found = alpha_martingale(draws, null_mean=0.5, eta=0.7, prior_weight=10, gap=0.1, population=100)
    assert found.p_value == pytest.approx(0.07328381053383203)
    assert found.p_path[:3] == pytest.approx([0.7142857142857143, 0.48611111111111116, 0.9920634920634923])
