"""Discoveries, materiality and the budget of false alarms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from auditor.errors import BadInput
from auditor.stats import multiplicity

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(P_VALUES, st.floats(0.001, 0.5))
def test_adjusted_p_values_are_those_of_statsmodels(p_values, level):
    for ours, theirs in ((multiplicity.benjamini_hochberg, "fdr_bh"), (multiplicity.benjamini_yekutieli, "fdr_by")):
        rejected, adjusted, _, _ = multipletests(p_values, alpha=level, method=theirs)
        found = ours(p_values, level=level)
        assert found.adjusted == pytest.approx(adjusted)
        assert found.rejected.tolist() == rejected.tolist() or np.isclose(adjusted, level).any()


@given(P_VALUES, st.randoms())
def test_the_order_of_the_tests_changes_nothing(p_values, random):
    order = list(range(len(p_values)))
    random.shuffle(order)
    straight = multiplicity.benjamini_hochberg(p_values, level=0.1).adjusted
    shuffled = multiplicity.benjamini_hochberg([p_values[place] for place in order], level=0.1).adjusted
    assert shuffled == pytest.approx(straight[order])


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_e_bh_rejects_the_largest_k_with_kth_e_value_at_least_tests_over_k_level(e_values, level):
    ordered = sorted(e_values, reverse=True)
    enough = [k for k, value in enumerate(ordered, 1) if value >= len(ordered) / (k * level) * (1 + 1e-12)]
    assert multiplicity.e_bh(e_values, level=level).rejected.sum() >= max(enough, default=0)
    enough = [k for k, value in enumerate(ordered, 1) if value >= len(ordered) / (k * level) * (1 - 1e-12)]
    assert multiplicity.e_bh(e_values, level=level).rejected.sum() <= max(
        (sum(value >= ordered[k - 1] for value in ordered) for k in enough), default=0
    )


def test_without_drift_some_week_in_twenty_still_discovers_something_at_five_percent():
    random = np.random.default_rng(3)
    weeks = [multiplicity.benjamini_hochberg(random.random(50), level=0.05).rejected.any() for _ in range(4_000)]
    assert np.mean(weeks) == pytest.approx(0.05, abs=0.014)


def test_the_budget_is_spent_exactly():
    budget = multiplicity.false_alarm_budget(
        mails_a_year=2, outcomes_a_year=[400, 9_000, 50], weekly_families=4, alarms_a_mail=1.5
    )
    spent = multiplicity.expected_false_mails(
        arls=budget.arls,
        outcomes_a_year=[400, 9_000, 50],
        weekly_levels=[budget.weekly_level] * 4,
        alarms_a_mail=1.5,
    )
    assert spent == pytest.approx(2)


def test_a_code_that_appears_from_nothing_is_material():
    assert multiplicity.material([0.01, 0.0], [0.0, 0.0], least_ratio=4).tolist() == [True, False]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: multiplicity.benjamini_hochberg([0.1, float("nan")], level=0.05), "p_values"),
        (lambda: multiplicity.benjamini_hochberg([1.1], level=0.05), "p_values"),
        (lambda: multiplicity.benjamini_hochberg([0.1], level=0), "level"),
        (lambda: multiplicity.e_bh([-1], level=0.1), "e_values"),
        (lambda: multiplicity.material([0.1], [0.1, 0.2]), "base_rate"),
        (lambda: multiplicity.false_alarm_budget(mails_a_year=2), "outcomes_a_year"),
        (lambda: multiplicity.false_alarm_budget(mails_a_year=0, weekly_families=1), "mails_a_year"),
        (lambda: multiplicity.expected_false_mails(arls=[100], outcomes_a_year=[]), "arls"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
