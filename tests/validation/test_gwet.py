"""Gwet's R package irrCAC (README) and its Python port irrCAC 0.4.4: AC1, AC2, Fleiss, Brennan-Prediger,
alpha."""

import numpy as np
import pytest

from auditor.stats import agreement
from tests.validation.vectors import vectors

RAW = [
    # Gwet, irrCAC README: 12 subjects, 4 raters, categories 1 to 5
    [1, 1, None, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [None, 5, 5, 5],
    [None, None, 1, 1],
    [None, None, 3, None],
]
COEFFICIENTS = {
    "gwet_ac1": agreement.gwet_ac1,
    "fleiss_kappa": agreement.fleiss_kappa,
    "scott_pi": agreement.scott_pi,
    "brennan_prediger": agreement.brennan_prediger,
    "krippendorff_alpha": agreement.krippendorff_alpha,
}


@pytest.mark.parametrize(
    ("name", "estimate", "error", "low"),
    [
        ("gwet_ac1", 0.77544, 0.14295, 0.461),
        ("fleiss_kappa", 0.76117, 0.15302, 0.424),
        ("krippendorff_alpha", 0.74342, 0.14557, 0.419),
    ],
)
def test_raw_ratings_with_gaps_give_the_printed_coefficients(name, estimate, error, low):
    answer = COEFFICIENTS[name](RAW)
    assert answer.estimate == pytest.approx(estimate, abs=5e-6)
    assert answer.standard_error == pytest.approx(error, abs=5e-6)
    assert answer.low == pytest.approx(low, abs=6e-4)
    assert answer.high == 1


def given_ratings(inputs):
    """The three ways in which the vectors write ratings."""
    if "table" in inputs:
        return agreement.table_of(inputs["table"])
    if "subject_by_category_counts" in inputs:
        return agreement.counts_of(inputs["subject_by_category_counts"])
    return inputs["subjects_by_raters"]


@vectors("agreement_coefficients", only=lambda vector: "weights" not in vector.inputs)
def test_unweighted(vector):
    answer = COEFFICIENTS[vector.id.split("-")[-1]](given_ratings(vector.inputs))
    assert vector.near(answer.estimate, "coef")
    assert vector.near(answer.standard_error, "se")
    if "ci_low" in vector.expected:
        assert vector.near(answer.low, "ci_low", tolerance=5e-4 + vector.tolerance)
        assert vector.near(answer.high, "ci_high")
    if "pa" in vector.expected and "krippendorff" not in vector.id:
        assert vector.near(answer.observed, "pa")
        assert vector.near(answer.expected, "pe")


@vectors("agreement_coefficients", only=lambda vector: "weights" in vector.inputs)
def test_weighted(vector):
    units = [list(unit) for unit in zip(*vector.inputs["coders_by_units"], strict=True)]
    kind = vector.inputs["weights"]
    build = {
        "linear": agreement.linear_weights,
        "ordinal": agreement.ordinal_weights,
        "quadratic": agreement.quadratic_weights,
    }
    weights = build[kind](5)

    def apart(one, other):
        return 1 - weights[one - 1, other - 1]

    assert vector.near(agreement.gwet_ac2(units, weights=weights).estimate, "gwet")
    assert vector.near(agreement.fleiss_kappa(units, weights=weights).estimate, "fleiss")
    assert vector.near(agreement.brennan_prediger(units, weights=weights).estimate, "bp")
    assert vector.near(agreement.krippendorff_alpha(units, distance=apart).estimate, "krippendorff")


def test_a_table_of_two_raters_gives_the_printed_coefficients():
    rows = agreement.table_of([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    printed = {
        "scott_pi": (0.7962397, 0.05905473),
        "brennan_prediger": (0.835, 0.04693346),
        "gwet_ac1": (0.8493305, 0.04321747),
    }
    for name, (estimate, error) in printed.items():
        answer = COEFFICIENTS[name](rows)
        assert (answer.estimate, answer.standard_error) == pytest.approx((estimate, error), abs=5e-8)


def test_the_order_of_units_and_raters_changes_nothing():
    backwards = [row[::-1] for row in RAW[::-1]]
    for coefficient in COEFFICIENTS.values():
        assert coefficient(backwards).estimate == pytest.approx(coefficient(RAW).estimate)
        assert np.isclose(coefficient(backwards).standard_error, coefficient(RAW).standard_error)
