"""Edwards et al. (2003), The minimum sum method, Health Services & Outcomes Research Methodology 4: 241-263."""

from fractions import Fraction

import pytest

from auditor.stats.finite_population import lower_limit, upper_limit
from tests.validation.vectors import vectors

# mncube/claimr 110fcb6, run: (errors, n, population, lowest and highest count at 10 % risk)
LIMITS = [(3, 102, 1200, 14, 75), (100, 100, 1000, 979, 1000), (10, 50, 5000, 643, 1454), (1, 50, 5000, 11, 376)]


@pytest.mark.parametrize(("errors", "n", "population", "low", "high"), LIMITS)
def test_limits_of_the_number_of_payments_in_error(errors, n, population, low, high):
    assert lower_limit(errors, n, population, confidence=0.9).count == low
    assert upper_limit(errors, n, population, confidence=0.9).count == high


@vectors("finite_population_one_sided_limits")
def test_every_known_limit_of_the_number_of_payments_in_error(vector):
    given = vector.inputs
    counts, confidence = (given["errors"], given["n"], given["population"]), 1 - Fraction(str(given["alpha"]))
    assert lower_limit(*counts, confidence=confidence).count == vector.expected["lower_count"]
    assert upper_limit(*counts, confidence=confidence).count == vector.expected["upper_count"]
