"""Numbers that audit programs print: DCAA EZ-Quant 2.0.6, AuditSampler, SRA, SMASH21-PRO, R MUS, jfa."""

import math
from fractions import Fraction

import pytest

from auditor.stats.sizing import acceptance_size, attribute_size, money_unit_factor, money_unit_size
from tests.validation.vectors import vectors

# DCAA EZ-Quant 2.0.6, discovery sampling: (population, tolerable, confidence, n)
EZ_QUANT = [
    (500, "0.04", "0.90", 54),
    (500, "0.04", "0.95", 69),
    (1000, "0.02", "0.90", 108),
    (5000, "0.06", "0.99", 74),
    (5000, "0.08", "0.99", 55),
]


@pytest.mark.parametrize(("population", "tolerable", "confidence", "n"), EZ_QUANT)
def test_discovery_sizes_are_those_of_ez_quant(population, tolerable, confidence, n):
    found = acceptance_size(tolerable=tolerable, allowed_errors=0, confidence=confidence, population=population)
    assert found.sample_size == n


@vectors("discovery_sample_size")
def test_every_known_discovery_size(vector):
    given = vector.inputs
    found = acceptance_size(
        tolerable=given["tolerable_rate"],
        allowed_errors=given["allowed_errors"],
        confidence=given["confidence"],
        population=given["population"],
    )
    assert found.sample_size == vector.expected["n"]


# AuditSampler: (population, expected, tolerable, confidence, n of this population, n of a large one)
AUDIT_SAMPLER = [
    (500, "0.02", "0.05", "0.95", 139, 181),
    (500, "0.01", "0.06", "0.90", 61, 64),
    (500, "0.05", "0.08", "0.95", 178, 240),
    (5000, "0.01", "0.06", "0.95", 77, 78),
]


@pytest.mark.parametrize(("population", "expected", "tolerable", "confidence", "finite", "endless"), AUDIT_SAMPLER)
def test_attribute_sizes_are_those_of_audit_sampler(population, expected, tolerable, confidence, finite, endless):
    plan = {"tolerable": tolerable, "expected": expected, "confidence": confidence}
    assert attribute_size(**plan, population=population).sample_size == finite
    assert attribute_size(**plan).sample_size == endless


@vectors("attribute_sample_size_finite", only=lambda vector: "expected_rate" in vector.inputs)
def test_every_known_attribute_size_of_a_population(vector):
    given = vector.inputs
    plan = {
        "tolerable": given["tolerable_rate"],
        "expected": given["expected_rate"],
        "confidence": given["confidence"],
    }
    assert attribute_size(**plan, population=given["population"]).sample_size == vector.expected["n_hypergeometric"]
    assert attribute_size(**plan).sample_size == vector.expected["n_binomial"]


def planned(given):
    """Where a program takes counts and rates in one field, a number from 1 on is a count."""
    plan = {"tolerable": given["tolerable_rate"], "confidence": given["confidence"]}
    expected = given.get("expected", given.get("expected_rate"))
    population = given.get("population")
    if expected >= 1:
        return acceptance_size(**plan, allowed_errors=expected, population=population)
    return attribute_size(**plan, expected=expected, population=population)


@vectors("attribute_sample_size_finite", only=lambda vector: "expected" in vector.inputs)
def test_every_known_plan_of_jfa_for_a_population(vector):
    found = planned(vector.inputs)
    assert (found.sample_size, found.allowed_errors) == (vector.expected["n"], vector.expected["accept_number"])


@vectors("attribute_sample_size", only=lambda vector: "test-planning" in vector.source)
def test_every_known_plan_of_jfa(vector):
    # The vector that also asks for a precision of 5 % is decided by its tolerable rate of 3 %.
    found = planned(vector.inputs)
    assert (found.sample_size, found.allowed_errors) == (vector.expected["n"], vector.expected["accept_number"])


def test_a_population_of_1000_needs_57_units_without_and_119_with_two_errors():
    # koenderks/jfa tests/testthat/test-planning.R
    plan = {"tolerable": "0.05", "confidence": "0.95", "population": 1000}
    assert [acceptance_size(**plan, allowed_errors=k).sample_size for k in (0, 2)] == [57, 119]


# SMASH21-PRO and SRA: (tolerable, expected, confidence, n)
WORKBOOKS = [
    ("0.15", "0.005", "0.95", 22),
    ("0.05", "0.02", "0.95", 162),
    ("0.5", "0.02", "0.95", 7),
    ("0.3", "0", "0.96", 11),
    ("0.05", "0", "0.99", 93),
]


@pytest.mark.parametrize(("tolerable", "expected", "confidence", "n"), WORKBOOKS)
def test_money_unit_sizes_are_those_of_the_workbooks(tolerable, expected, confidence, n):
    assert money_unit_size(tolerable=tolerable, expected=expected, confidence=confidence).sample_size == n


@vectors("mus_sample_size", only=lambda vector: "AICPA" not in vector.source)
def test_every_known_money_unit_size(vector):
    given = vector.inputs
    tolerable = Fraction(str(given["tolerable_misstatement"]))
    share = Fraction(str(given.get("expected_to_tolerable", 0)))
    expected = Fraction(str(given["expected_rate"])) if "expected_rate" in given else share * tolerable
    found = money_unit_size(tolerable=tolerable, expected=expected, confidence=given["confidence"])
    assert found.sample_size == vector.expected["n"]


@vectors("mus_confidence_factor")
def test_every_known_confidence_factor(vector):
    given = vector.inputs
    factor = money_unit_factor(
        expected_to_tolerable=given["expected_to_tolerable"], confidence=given["confidence"]
    ).limit
    assert vector.near(factor, "factor")
    # R's MUS rounds the factor up to a hundredth: book 1,000,000, tolerable 50,000
    assert math.ceil(math.ceil(100 * factor) * 20 / 100) == vector.expected["n_conservative_bv1e6_te5e4"]


# R MUS 0.1.6, MUS.planning
@pytest.mark.parametrize(
    ("confidence", "share", "factor"), [(0.95, 0, 2.9957), (0.95, 0.5, 11.5368), (0.99, 0.1, 5.8403)]
)
def test_confidence_factors_are_those_of_mus(confidence, share, factor):
    found = money_unit_factor(expected_to_tolerable=share, confidence=confidence)
    assert found.limit == pytest.approx(factor, abs=5e-5)
