"""Touw & Hoogduin (2011), Statistiek voor audit en controlling."""

import pytest

from auditor.stats import finite_population
from auditor.stats.proportion import upper_limit
from auditor.stats.sizing import acceptance_size, two_stage_size
from tests.validation.vectors import vectors


def from_the_book(vector):
    return "Touw" in vector.source


# p. 126: (confidence, tolerable, allowed errors, n)
PAGE_126 = [
    ("0.95", "0.01", 0, 299),
    ("0.95", "0.05", 2, 124),
    ("0.95", "0.10", 3, 76),
    ("0.90", "0.05", 1, 77),
    ("0.90", "0.20", 3, 32),
    ("0.90", "0.01", 3, 667),
]


@pytest.mark.parametrize(("confidence", "tolerable", "allowed", "n"), PAGE_126)
def test_acceptance_sizes_are_those_of_page_126(confidence, tolerable, allowed, n):
    found = acceptance_size(tolerable=tolerable, allowed_errors=allowed, confidence=confidence)
    assert (found.sample_size, found.allowed_errors) == (n, allowed)


@vectors("acceptance_sample_size", only=from_the_book)
def test_every_known_acceptance_size(vector):
    given = vector.inputs
    found = acceptance_size(
        tolerable=given["tolerable_rate"], allowed_errors=given["allowed_errors"], confidence=given["confidence"]
    )
    assert found.sample_size == vector.expected["n"]


def test_a_population_of_1200_needs_45_units_page_123():
    found = acceptance_size(tolerable="0.05", allowed_errors=0, confidence="0.9", population=1200)
    assert found.sample_size == 45


@vectors("acceptance_sample_size_finite", only=from_the_book)
def test_every_known_acceptance_size_of_a_population(vector):
    given = vector.inputs
    found = acceptance_size(
        tolerable=given["tolerable_rate"],
        allowed_errors=given["allowed_errors"],
        confidence=given["confidence"],
        population=given["population"],
    )
    assert found.sample_size == vector.expected["n"]


@pytest.mark.parametrize(("errors", "limit"), [(0, 0.02044826), (2, 0.04278054)])
def test_upper_limits_are_those_of_page_137(errors, limit):
    assert upper_limit(errors, 145, confidence=0.95).limit == pytest.approx(limit, abs=1e-8)


@vectors("attribute_upper_limit", only=from_the_book)
def test_every_known_upper_limit(vector):
    given = vector.inputs
    assert vector.near(upper_limit(given["errors"], given["n"], confidence=given["confidence"]).limit, "upper_limit")


@pytest.mark.parametrize(("errors", "limit"), [(2, 0.04916667), (1, 0.03583333)])
def test_upper_limits_of_a_population_are_those_of_page_125(errors, limit):
    found = finite_population.upper_limit(errors, 102, 1200, confidence=0.9)
    assert found.limit == pytest.approx(limit, abs=1e-8)


@vectors("attribute_upper_limit_finite", only=from_the_book)
def test_every_known_upper_limit_of_a_population(vector):
    given = vector.inputs
    found = finite_population.upper_limit(
        given["errors"], given["n"], given["population"], confidence=given["confidence"]
    )
    assert vector.near(found.limit, "upper_limit")


def test_two_stages_of_49_are_those_of_page_129():
    assert two_stage_size(tolerable="0.05", allowed_errors=(1, 0), confidence="0.9").sample_size == 98


@vectors("two_stage_sampling", only=from_the_book)
def test_every_known_two_stage_size(vector):
    given = vector.inputs
    found = two_stage_size(
        tolerable=given["tolerable_rate"],
        allowed_errors=tuple(given["allowed_errors_by_stage"]),
        confidence=given["confidence"],
    )
    assert found.sample_size == vector.expected["n_total"]
    assert found.sample_size / 2 == vector.expected["n_stage"]
