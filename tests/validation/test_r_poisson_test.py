"""R's poisson.test, help page example (R 4, package stats): 11 in 800 against 21 in 3,011."""

import pytest

from auditor.stats.count_tests import poisson_rate_test


def test_the_exact_interval_of_the_rate_ratio_is_the_printed_one():
    tests = poisson_rate_test(11, 800, 6 + 8 + 7, 1083 + 1050 + 878)
    assert tests.estimate[0] == pytest.approx(1.971488, abs=5e-7)
    assert tests.low[0] == pytest.approx(0.8584264, abs=5e-7)
    assert tests.high[0] == pytest.approx(4.2772659, abs=5e-7)
