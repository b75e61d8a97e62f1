from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.plans import Objective, SizingQuestion
from auditor.errors import BadInput
from auditor.services import allocation, sizing

strata = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 500), min_size=1, max_size=12)


def asked(objective, **given):
    values = {"tolerable": "0.05", "expected": "0.01", "half_width": "0.03", "confidence": "0.95"} | given
    rates = {name: Fraction(value) for name, value in values.items() if name != "size"}
    return SizingQuestion(objective=objective, size=given.get("size"), **rates)


@given(strata, st.data())
def test_an_allocation_adds_up_and_never_exceeds_a_stratum(units, data):
    n = data.draw(st.integers(len(units), sum(units.values())))
    sizes = allocation.allocate(units, n).sizes
    assert sum(sizes.values()) == n
    assert all(1 <= sizes[name] <= units[name] for name in units)


@given(strata)
def test_a_sample_smaller_than_the_number_of_strata_takes_one_of_each(units):
    assert set(allocation.allocate(units, 0).sizes.values()) == {1}


@given(strata, st.data())
def test_growing_adds_up_and_takes_nothing_back(units, data):
    drawn = {name: data.draw(st.integers(1, size)) for name, size in units.items()}
    n = data.draw(st.integers(sum(drawn.values()), sum(units.values())))
    sizes = allocation.grow(units, drawn, n).sizes
    assert sum(sizes.values()) == n
    assert all(drawn[name] <= sizes[name] <= units[name] for name in units)


@pytest.mark.parametrize(
    ("objective", "population", "size"),
    [
        (Objective.DISCOVERY, 10**6, 59),
        (Objective.ATTRIBUTE, 10**6, 93),
        (Objective.PRECISION, 10**6, 43),
        (Objective.CIA, 10**6, 100),
        (Objective.SEQUENTIAL, 10**4, 194),
    ],
)
def test_each_objective_asks_its_own_calculator(objective, population, size):
    assert sizing.needed(asked(objective), population=population).sample_size == size


def test_the_full_sample_of_an_agreement_follows_from_the_variation_of_its_probe():
    question = asked(Objective.OVERPAYMENT, variation="3", half_width="0.25", confidence="0.9")
    assert sizing.needed(question, population=10**9).sample_size == 390


def test_a_frame_too_small_for_its_question_is_taken_whole_and_said():
    need = sizing.needed(asked(Objective.ATTRIBUTE), population=15)
    assert need.sample_size == 15
    assert "even all 15 units" in need.notes[0]


def test_an_objective_names_the_options_that_it_was_not_given():
    question = SizingQuestion(objective=Objective.PRECISION, confidence=Fraction(9, 10))
    with pytest.raises(BadInput, match="precision needs --expected and --half-width"):
        sizing.size(question)


def test_a_size_fixed_by_hand_needs_nothing_else():
    question = SizingQuestion(objective=Objective.SEQUENTIAL, confidence=Fraction(9, 10), size=40)
    assert sizing.needed(question, population=1000).sample_size == 40


def test_a_sequential_sample_suffices_nine_times_of_ten_and_says_so():
    need = sizing.needed(asked(Objective.SEQUENTIAL), population=300)
    assert (need.size.sample_size, need.sample_size) == (91, 126)
    assert "on average after 91 cases, in nine of ten audits after 126" in need.notes[-1]
