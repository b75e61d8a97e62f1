import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats import finite_population
from auditor.stats.proportion import upper_limit
from auditor.stats.taint_bounds import stringer


@given(st.integers(1, 40), st.integers(0, 300))
def test_whole_errors_give_the_exact_limit_of_a_count(errors, more):
    found = stringer([1] * errors, errors + more, confidence=0.95)
    assert found.limit == pytest.approx(upper_limit(errors, errors + more, confidence=0.95).limit)


def test_whole_errors_in_a_known_book_give_the_exact_limit_of_that_book():
    found = stringer([1, 1], 60, confidence=0.9, factors="hypergeometric", population=5000)
    assert found.limit == finite_population.upper_limit(2, 60, 5000, confidence=0.9).limit


@given(st.lists(st.floats(0.01, 1), max_size=10), st.floats(0.01, 1))
def test_one_more_taint_raises_the_bound(taints, another):
    less = stringer(taints, 50, confidence=0.9).limit
    assert stringer([*taints, another], 50, confidence=0.9).limit >= less - 1e-12


def test_understatements_are_ignored_unless_asked_for():
    ignored = stringer([0.6, -0.5], 60, confidence=0.95)
    assert ignored.limit == stringer([0.6], 60, confidence=0.95).limit
    assert "understatements are ignored" in ignored.warnings[0]
    offset = stringer([0.6, -0.5], 60, confidence=0.95, offset_understatements=True)
    assert offset.limit == pytest.approx(ignored.limit - 0.5 / 60)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stringer([1.2], 60, confidence=0.9), "taints"),
        (lambda: stringer([0.5] * 3, 2, confidence=0.9), "swapped"),
        (lambda: stringer([0.5], 60, confidence=0.9, factors="normal"), "factors"),
        (lambda: stringer([0.5], 60, confidence=0.9, factors="hypergeometric"), "population"),
    ],
)
def test_taints_that_cannot_be_are_refused(call, said):
    with pytest.raises(BadInput, match=said):
        call()
