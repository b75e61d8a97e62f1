import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from auditor.stats.tails import (
    binomial_exceeds,
    hypergeometric_exceeds,
    hypergeometric_tail,
)


@st.composite
def drawings(draw):
    population = draw(st.integers(1, 300))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, draw(st.integers(0, population)), population


def exact(errors, n, bad, population):
    ways = sum(math.comb(bad, i) * math.comb(population - bad, n - i) for i in range(errors + 1))
    return Fraction(ways, math.comb(population, n))


@given(drawings())
def test_the_tail_agrees_with_counting_all_samples(drawing):
    assert hypergeometric_tail(*drawing) == pytest.approx(float(exact(*drawing)), rel=1e-11, abs=1e-13)


@given(drawings())
def test_a_tail_that_equals_the_risk_does_not_exceed_it(drawing):
    risk = exact(*drawing)
    if 0 < risk < 1:
        assert not hypergeometric_exceeds(*drawing, risk)
        assert hypergeometric_exceeds(*drawing, risk - Fraction(1, 10**40))


def test_a_binomial_tie_does_not_exceed():
    assert not binomial_exceeds(0, 2, Fraction(1, 2), Fraction(1, 4))
    assert binomial_exceeds(1, 3, Fraction(1, 2), Fraction(1, 2) - Fraction(1, 10**30))
    assert not binomial_exceeds(1, 3, Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize("drawing", [(50, 1500, 500_000, 10**7), (3, 200, 10**5, 10**7)])
def test_in_frames_of_ten_million_the_tail_agrees_with_scipy(drawing):
    errors, n, bad, population = drawing
    # scipy loses digits to logarithms of huge factorials: agreement to nine of them is what it can show
    assert hypergeometric_tail(*drawing) == pytest.approx(stats.hypergeom.cdf(errors, population, bad, n), rel=1e-8)
