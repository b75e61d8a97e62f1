from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats import checks


@pytest.mark.parametrize("given", [0.035, "0.035", Decimal("0.035"), Fraction(35, 1000), np.float64(0.035)])
def test_a_rate_means_the_decimal_that_was_written(given):
    assert checks.rate(given, "tolerable") * 400 == 14


@pytest.mark.parametrize("given", [float("nan"), float("inf"), "five", "1/0", True, 5, -0.1])
def test_what_is_no_rate_is_refused_with_the_name_of_the_parameter(given):
    with pytest.raises(BadInput, match="tolerable"):
        checks.rate(given, "tolerable")


@pytest.mark.parametrize("given", [1.5, -1, float("nan"), True, "3", None])
def test_what_is_no_count_is_refused_with_the_name_of_the_parameter(given):
    with pytest.raises(BadInput, match="errors"):
        checks.count(given, "errors")


def test_swapped_counts_are_refused():
    with pytest.raises(BadInput, match="swapped"):
        checks.sampled(50, 3)
    with pytest.raises(BadInput, match="swapped"):
        checks.finite(3, 500, 50)


def test_a_column_with_a_hole_is_refused():
    with pytest.raises(BadInput, match="paid"):
        checks.numbers([1.0, float("nan")], "paid")
    with pytest.raises(BadInput, match="3 entries"):
        checks.numbers([1.0, 2.0], "paid", length=3)
    with pytest.raises(BadInput, match="below 0"):
        checks.numbers([1.0, -2.0], "paid", least=0)
