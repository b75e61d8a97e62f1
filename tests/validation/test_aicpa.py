"""AICPA Audit Guide: Audit Sampling (2017), appendices A and C."""

import math
from fractions import Fraction

import pytest

from auditor.stats.proportion import upper_limit
from auditor.stats.sizing import attribute_size, money_unit_size
from auditor.stats.tails import binomial_tail
from tests.validation.vectors import vectors


def from_table(*names):
    return lambda vector: any(f"Table {name}" in vector.source for name in names)


# (confidence, tolerable, expected, n): tables A-1 (95 %) and A-2 (90 %)
TABLES_A1_A2 = [
    ("0.95", "0.10", "0", 29),
    ("0.95", "0.06", "0", 49),
    ("0.95", "0.05", "0.0025", 93),
    ("0.95", "0.04", "0.0325", 1936),
    ("0.95", "0.10", "0.07", 298),
    ("0.95", "0.20", "0.05", 30),
    ("0.90", "0.06", "0", 38),
    ("0.90", "0.05", "0.035", 400),
    ("0.90", "0.10", "0.09", 1577),
    ("0.90", "0.03", "0.0225", 974),
    ("0.90", "0.20", "0.175", 457),
]


@pytest.mark.parametrize(("confidence", "tolerable", "expected", "n"), TABLES_A1_A2)
def test_attribute_sizes_are_those_of_tables_a1_and_a2(confidence, tolerable, expected, n):
    assert attribute_size(tolerable=tolerable, expected=expected, confidence=confidence).sample_size == n


@vectors("attribute_sample_size", only=from_table("A-1", "A-2"))
def test_every_known_cell_of_tables_a1_and_a2(vector):
    given = vector.inputs
    found = attribute_size(
        tolerable=given["tolerable_rate"], expected=given["expected_rate"], confidence=given["confidence"]
    )
    assert found.sample_size == vector.expected["n"]


def test_where_the_guide_prints_112_the_right_number_is_113():
    # 7 % tolerable, 3.25 % and 3.5 % expected, 10 % risk. With 112 units ceil(.0325 * 112) = 4 errors are
    # allowed, and a process with 7 % errors would pass with a probability above the risk of 10 %:
    assert math.ceil(Fraction(325, 10_000) * 112) == math.ceil(Fraction(35, 1000) * 112) == 4
    exact = sum(math.comb(112, x) * Fraction(7, 100) ** x * Fraction(93, 100) ** (112 - x) for x in range(5))
    assert exact > Fraction(1, 10)
    assert binomial_tail(4, 113, Fraction(7, 100)) <= 0.1
    assert attribute_size(tolerable="0.07", expected="0.0325", confidence="0.9").sample_size == 113


def test_a_float_ceiling_would_ask_for_423_where_400_is_right():
    assert math.ceil(0.035 * 400) == 15
    found = attribute_size(tolerable=0.05, expected=0.035, confidence=0.9)
    assert (found.sample_size, found.allowed_errors) == (400, 14)


# (confidence, n, errors, percent rounded up to a tenth): tables A-3 (95 %) and A-4 (90 %)
TABLES_A3_A4 = [
    (0.95, 60, 0, 4.9),
    (0.95, 100, 8, 14.0),
    (0.95, 25, 2, 23.2),
    (0.95, 500, 3, 1.6),
    (0.95, 30, 9, 46.6),
    (0.90, 100, 0, 2.3),
    (0.90, 20, 10, 66.2),
    (0.90, 300, 5, 3.1),
]


@pytest.mark.parametrize(("confidence", "n", "errors", "percent"), TABLES_A3_A4)
def test_upper_limits_are_those_of_tables_a3_and_a4(confidence, n, errors, percent):
    assert math.ceil(1000 * upper_limit(errors, n, confidence=confidence).limit) / 10 == percent


@vectors("attribute_upper_limit", only=from_table("A-3", "A-4"))
def test_every_known_cell_of_tables_a3_and_a4(vector):
    given = vector.inputs
    limit = upper_limit(given["errors"], given["n"], confidence=given["confidence"]).limit
    assert math.ceil(1000 * limit) / 10 == vector.expected["upper_limit_percent_ceil_0p1"]


# (confidence, tolerable, expected as a share of tolerable, n): table C-1
TABLE_C1 = [
    ("0.90", "0.01", "0", 231),
    ("0.95", "0.03", "0.5", 385),
    ("0.50", "0.50", "0.6", 4),
    ("0.85", "0.005", "0.4", 883),
    ("0.70", "0.05", "0.2", 33),
]


@pytest.mark.parametrize(("confidence", "tolerable", "share", "n"), TABLE_C1)
def test_money_unit_sizes_are_those_of_table_c1(confidence, tolerable, share, n):
    expected = Fraction(share) * Fraction(tolerable)
    assert money_unit_size(tolerable=tolerable, expected=expected, confidence=confidence).sample_size == n


@vectors("mus_sample_size", only=from_table("C-1"))
def test_every_known_cell_of_table_c1(vector):
    tolerable = Fraction(str(vector.inputs["tolerable_misstatement"]))
    expected = tolerable * Fraction(str(vector.inputs["expected_to_tolerable"]))
    found = money_unit_size(tolerable=tolerable, expected=expected, confidence=vector.inputs["confidence"])
    assert found.sample_size == vector.expected["n"]
