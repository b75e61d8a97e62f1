import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.allocation import neyman, proportional

STRATA = st.lists(
    st.tuples(st.integers(1, 5000), st.one_of(st.just(0.0), st.floats(0.01, 1e4))), min_size=1, max_size=12
)


@given(STRATA, st.integers(0, 4), st.data())
def test_every_allocation_adds_up_and_stays_between_its_minimum_and_its_stratum(strata, minimum, data):
    sizes, deviations = [s for s, _ in strata], [d for _, d in strata]
    least = sum(min(size, minimum) for size in sizes)
    n = data.draw(st.integers(least, sum(sizes)))
    for given_out in (proportional(sizes, n, minimum=minimum), neyman(sizes, deviations, n, minimum=minimum)):
        assert sum(given_out) == n
        assert all(min(s, minimum) <= g <= s for s, g in zip(sizes, given_out, strict=True))


def test_what_a_full_stratum_cannot_take_goes_to_the_others_in_their_proportions():
    assert neyman([10, 1000, 1000], [1000, 1, 3], 90) == (10, 20, 60)


def test_a_dear_unit_is_drawn_less_often():
    # n_h in proportion to N_h S_h / sqrt(c_h): Cochran 1977, 5.5
    assert neyman([1000, 1000], [1, 1], 90, costs=[1, 4]) == (60, 30)


def test_strata_that_do_not_vary_get_what_is_left_by_size():
    assert neyman([100, 300], [0, 0], 40) == (10, 30)
    assert neyman([10, 100, 300], [5, 0, 0], 50) == (10, 10, 30)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: proportional([10, 0], 3), "sizes"),
        (lambda: proportional([10, 5], 16), "n must not exceed"),
        (lambda: proportional([10, 5], 3, minimum=2), "at least 4"),
        (lambda: neyman([10, 5], [1], 3), "deviations"),
        (lambda: neyman([10, 5], [1, -1], 3), "deviations"),
        (lambda: neyman([10, 5], [1, 1], 3, costs=[0, 1]), "costs"),
        (lambda: proportional([10.5, 5], 3), "sizes"),
    ],
)
def test_strata_that_cannot_be_are_refused(call, said):
    with pytest.raises(BadInput, match=said):
        call()
