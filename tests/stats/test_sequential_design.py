from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.sequential import decision, sequential_size, sequential_upper_limit, staged_acceptance_risk


@pytest.mark.parametrize(("anticipated", "at_most"), [("0", 65), ("0.01", 127), ("0.02", 258)])
def test_a_rate_that_is_met_takes_no_more_audits_than_promised(anticipated, at_most):
    plan = sequential_size(tolerable="0.05", expected=anticipated, population=10_000)
    assert plan.sample_size <= at_most
    assert plan.acceptance == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(
    population=st.integers(20, 900),
    tolerable=st.sampled_from(["0.02", "0.05", "0.1", "1/3", "0.8"]),
    anticipated=st.fractions(0, Fraction(9, 10)),
    confidence=st.sampled_from(["0.8", "0.9", "0.95", "0.99"]),
)
def test_a_bad_population_is_accepted_no_more_often_than_promised(population, tolerable, anticipated, confidence):
    hoped = anticipated * Fraction(tolerable)
    plan = sequential_size(
        tolerable=tolerable, expected=tolerable, anticipated=hoped, confidence=confidence, population=population
    )
    bad = -(-population * Fraction(tolerable) // 1)
    plan = sequential_size(
        tolerable=tolerable,
        expected=Fraction(bad, population),
        anticipated=hoped,
        confidence=confidence,
        population=population,
    )
    assert plan.acceptance <= 1 - float(Fraction(confidence)) + 1e-9


def test_mistaken_anticipation_costs_time_only():
    told = sequential_size(tolerable="0.05", expected="0.02", population=10_000)
    mistaken = sequential_size(tolerable="0.05", expected="0.02", anticipated=0, population=10_000)
    bad = sequential_size(tolerable="0.05", expected="0.05", anticipated=0, population=10_000)
    assert told.mean < mistaken.mean < 2 * told.mean
    assert bad.acceptance < 0.05


def test_the_recursion_agrees_with_what_replayed_audits_take():
    population, bad, rng = 400, 8, np.random.default_rng(11)
    plan = sequential_size(tolerable="0.08", expected="0.02", population=population)
    frame = np.array([1] * bad + [0] * (population - bad))
    sizes = []
    for _ in range(400):
        limits = sequential_upper_limit(
            rng.permutation(frame).tolist(), tolerable="0.08", anticipated="0.02", population=population
        )
        sizes.append(1 + next(i for i, limit in enumerate(limits.path) if limit < 0.08))
    assert np.mean(sizes) == pytest.approx(plan.mean, abs=4 * np.std(sizes) / 20)
    assert np.mean(np.array(sizes) <= plan.percentile_90) >= 0.86
    assert np.mean(np.array(sizes) < plan.percentile_90) <= 0.94


def test_the_stopping_table_says_when_the_decision_changes():
    plan = sequential_size(tolerable="0.05", expected="0.01", population=1_000)
    for errors in range(4):
        stop = plan.stopping_table[errors]
        kwargs = {"tolerable": "0.05", "anticipated": "0.01", "population": 1_000}
        early = [0, 1] * errors + [0] * (stop - 2 * errors)
        assert decision(early, **kwargs).verdict == "acceptable"
        assert decision(early[:-1], **kwargs).verdict != "acceptable"


def test_a_limit_on_the_audits_is_kept():
    free = sequential_size(tolerable="0.05", expected="0.02")
    capped = sequential_size(tolerable="0.05", expected="0.02", most=200)
    assert capped.percentile_90 == 200
    assert capped.mean < free.mean
    assert capped.acceptance < 1


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"expected": "0.05"}, "expected"),
        ({"expected": "1.2"}, "expected"),
        ({"anticipated": "0.06"}, "anticipated"),
        ({"population": 100, "most": 200}, "most"),
        ({"expected": "0.0499"}, "most"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changed, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        sequential_size(**({"tolerable": "0.05", "expected": "0.01"} | changed))


def test_a_fixed_plan_extended_after_findings_loses_its_guarantee():
    # 59/0, 93/1 and 124/2 are each a 5 % plan; one after the other they accept a 5 % process in 9.3 % of cases
    plan = staged_acceptance_risk([(59, 0), (93, 1), (124, 2)], rate="0.05")
    assert plan.estimate == pytest.approx(0.093, abs=5e-4)
    clean = Fraction(19, 20)
    first = clean**59
    # one error in the first 59 and none in the next 34
    second = 59 * Fraction(1, 20) * clean**58 * clean**34
    # one in 59 and one in 34, or two in 59, and clean to the end
    third = Fraction(1, 400) * (59 * 34 + comb(59, 2)) * clean**122
    assert plan.by_stage == pytest.approx([float(each) for each in (first, second, third)], rel=1e-12)


def test_one_stage_is_the_plain_tail():
    whole = staged_acceptance_risk([(30, 1)], rate="0.1", population=200)
    exact = Fraction(comb(180, 30) + 20 * comb(180, 29), comb(200, 30))
    assert whole.estimate == pytest.approx(float(exact), rel=1e-10)


@pytest.mark.parametrize("stages", [[], [(59, 0), (59, 1)], [(59, 1), (93, 0)], [(2, 3)], [(300, 1)]])
def test_stages_that_do_not_grow_are_refused(stages):
    with pytest.raises(BadInput, match=r"^stages\b"):
        staged_acceptance_risk(stages, rate="0.05", population=200)
