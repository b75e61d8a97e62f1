from fractions import Fraction
from math import log
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.confidence_sequences import bernoulli_confidence_sequence
from auditor.stats.likelihood_bets import Capital, errors_at, even_bets, first_stops, largest_open, tuned_bets
from auditor.stats.sequential import decision, sequential_lower_limit, sequential_upper_limit

TWENTY = log(20)
findings = st.lists(st.sampled_from([0, 0, 0, 0, 1, None]), min_size=1, max_size=60)


def test_no_errors_are_needed_at_most_65_times():
    stop = next(
        n for n in range(1, 100) if sequential_upper_limit([0] * n, tolerable="0.05", population=10_000).limit < 0.05
    )
    assert stop == 61


@settings(max_examples=60, deadline=None)
@given(outcomes=findings, place=st.integers(0, 59), population=st.sampled_from([60, 300, None]))
def test_an_error_in_place_of_a_clean_case_never_lowers_the_upper_limit(outcomes, place, population):
    worse = list(outcomes)
    worse[place % len(worse)] = 1
    kwargs = {"tolerable": "0.05", "anticipated": "0.01", "population": population}
    better_limit = sequential_upper_limit(outcomes, **kwargs).limit
    assert sequential_upper_limit(worse, **kwargs).limit >= better_limit - 1e-12


@settings(max_examples=40, deadline=None)
@given(outcomes=findings, population=st.sampled_from([60, 300, None]))
def test_limits_enclose_what_was_found_and_tighten_only(outcomes, population):
    upper = sequential_upper_limit(outcomes, tolerable="0.05", population=population)
    lower = sequential_lower_limit(outcomes, tolerable="0.05", population=population)
    assert list(upper.path) == sorted(upper.path, reverse=True)
    assert list(lower.path) == sorted(lower.path)
    assert 0 <= lower.limit <= 1
    if population:
        assert upper.limit * population >= upper.errors - 1e-9
        assert lower.limit * population <= population - len(outcomes) + upper.errors + upper.unfinished + 1e-9


def test_when_every_case_is_read_the_limits_meet_the_truth():
    outcomes = [0] * 20 + [1] + [0] * 20 + [1] + [0] * 8
    upper = sequential_upper_limit(outcomes, tolerable="0.1", population=50)
    lower = sequential_lower_limit(outcomes, tolerable="0.1", population=50)
    assert (lower.limit, upper.limit) == pytest.approx((0.04, 0.04))


def test_an_unfinished_case_counts_as_an_error_above_and_as_clean_below():
    waiting = [0] * 10 + [None] + [0] * 60 + [1] * 9
    worse, better = [1 if x is None else x for x in waiting], [0 if x is None else x for x in waiting]
    kwargs = {"tolerable": "0.05", "population": 2_000}
    assert sequential_upper_limit(waiting, **kwargs).path == sequential_upper_limit(worse, **kwargs).path
    assert sequential_lower_limit(waiting, **kwargs).path == sequential_lower_limit(better, **kwargs).path


@pytest.mark.parametrize("population", [40, 97])
def test_excluded_numbers_of_errors_lie_above_one_limit(population):
    bets, every = tuned_bets(Fraction(1, 10), Fraction(1, 50)), np.arange(population + 1)
    for draws in (1, 5, 17, 39):
        for errors in range(0, draws + 1, 3):
            at = Capital(bets, np.full(every.size, draws), np.full(every.size, errors), population)
            reached = at.log_against(every) >= TWENTY
            assert (np.diff(reached.astype(int)) >= 0).all()
            found = largest_open(bets, np.array([draws]), np.array([errors]), population=population, threshold=TWENTY)
            assert round(float(found[0]) * population) == every[~reached].max()


@pytest.mark.parametrize(("population", "tolerable", "anticipated"), [(30, "0.2", "0.05"), (50, "0.1", 0)])
def test_the_capital_is_a_martingale_under_the_tested_number_and_shrinks_above_it(population, tolerable, anticipated):
    bets = tuned_bets(Fraction(tolerable), Fraction(anticipated))
    tested = errors_at(bets.tolerable, population)

    def capital(draws: int, errors: int) -> float:
        at = Capital(bets, np.array([draws]), np.array([errors]), population)
        return float(np.exp(at.log_against(np.array([tested]))[0]))

    for truth, fair in ((tested, True), (tested + 3, False), (population, False)):
        for draws in range(population - 1):
            for errors in range(max(0, draws - population + tested), min(draws, tested - 1) + 1):
                bad = (truth - errors) / (population - draws)
                if bad > 1:
                    continue
                now = capital(draws, errors)
                clean = 0.0 if bad == 1 else (1 - bad) * capital(draws + 1, errors)
                later = bad * capital(draws + 1, errors + 1) + clean
                assert later <= now * (1 + 1e-9)
                if fair and bad < 1:
                    assert later == pytest.approx(now, rel=1e-9)


def test_the_capital_equals_the_product_of_bets_on_what_is_left():
    population, tested, alternative = 200, 20, 4
    bets = tuned_bets(Fraction(1, 10), Fraction(1, 50))
    outcomes, capital = [0, 0, 1, 0, 0, 0, 1, 0], 1.0
    for drawn, outcome in enumerate(outcomes):
        errors, left = sum(outcomes[:drawn]), population - drawn
        mean, hoped = (tested - errors) / left, (alternative - errors) / left
        capital *= 1 + (mean - hoped) / (mean * (1 - mean)) * (mean - outcome)
    only = type(bets)((0.02,), (1.0,), bets.tolerable)
    found = Capital(only, np.array([8]), np.array([2]), population).log_against(np.array([tested]))
    assert float(np.exp(found[0])) == pytest.approx(capital)


def test_shares_of_the_capital_add_up_to_one():
    for bets in (
        tuned_bets(Fraction(1, 20), Fraction(0)),
        even_bets(Fraction(9, 10)),
        tuned_bets(Fraction(99, 100), Fraction(1, 2)),
    ):
        assert sum(bets.shares) == pytest.approx(1)
        assert all(0 <= rate <= 1 for rate in bets.rates)


def test_the_decision_counts_the_clean_findings_that_are_missing():
    kwargs = {"tolerable": "0.05", "anticipated": "0.01", "population": 10_000}
    before = [0] * 30 + [1] + [0] * 20
    found = decision(before, **kwargs)
    assert (found.verdict, found.may_stop, found.errors) == ("open", False, 1)
    assert found.clean_needed
    assert decision(before + [0] * (found.clean_needed - 1), **kwargs).verdict == "open"
    assert decision(before + [0] * found.clean_needed, **kwargs).verdict == "acceptable"
    waiting = decision([*before, None, None], **kwargs)
    assert waiting.clean_needed == found.clean_needed


def test_a_rate_above_the_tolerable_one_is_told_too():
    found = decision([1, 0] * 20, tolerable="0.05", population=400)
    assert (found.verdict, found.may_stop, found.clean_needed) == ("exceeded", True, None)
    assert found.lower > 0.05


def test_the_decision_and_the_limit_never_disagree():
    stops = first_stops(
        tuned_bets(Fraction(1, 20), Fraction(0)), np.arange(4), population=500, threshold=TWENTY, most=500
    )
    for errors, stop in enumerate(stops):
        for n in (int(stop) - 1, int(stop)):
            found = decision([1] * errors + [0] * (n - errors), tolerable="0.05", population=500)
            assert (found.upper < 0.05) == (found.verdict == "acceptable") == (n >= stop)


def test_nothing_drawn_says_nothing():
    found = decision([], tolerable="0.05", population=100)
    assert (found.upper, found.lower, found.verdict) == (1.0, 0.0, "open")


def test_ten_thousand_findings_take_less_than_a_second():
    outcomes = (np.random.default_rng(5).random(10_000) < 0.03).astype(int).tolist()
    start = perf_counter()
    sequential_upper_limit(outcomes, tolerable="0.05", population=100_000)
    assert perf_counter() - start < 1


@pytest.mark.parametrize(
    ("outcomes", "changed", "named"),
    [
        ([0, 2], {}, "outcomes"),
        ([0, "1"], {}, "outcomes"),
        ([0, float("nan")], {}, "outcomes"),
        ([0] * 11, {"population": 10}, "outcomes"),
        ([0], {"tolerable": 0}, "tolerable"),
        ([0], {"tolerable": 5}, "tolerable"),
        ([0], {"anticipated": "0.05"}, "anticipated"),
        ([0], {"anticipated": -0.1}, "anticipated"),
        ([0], {"confidence": 1}, "confidence"),
        ([0], {"population": 0}, "population"),
    ],
)
def test_what_cannot_be_is_refused_by_name(outcomes, changed, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        decision(outcomes, **({"tolerable": "0.05", "population": 100} | changed))


@pytest.mark.parametrize("n", [1, 2, 30, 500])
def test_the_mixture_interval_is_defined_without_errors_and_with_nothing_else(n):
    clean, wrong = bernoulli_confidence_sequence(0, n), bernoulli_confidence_sequence(n, n)
    assert (clean.low, wrong.high) == (0, 1)
    assert clean.high == pytest.approx(1 - wrong.low, abs=1e-9)
    assert clean.high > 3 / (n + 3)
