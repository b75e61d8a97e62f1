"""Sequential limits of stratified and weighted draws."""

from collections import Counter
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.sequential import (
    sequential_upper_limit,
    stratified_counts_limit,
    stratified_lower_limit,
    stratified_upper_limit,
    weighted_lower_limit,
    weighted_upper_limit,
)
from auditor.stats.successive_selection import successive_draw

NAMES = ["inpatient", "clinic"]
SIZES = {"inpatient": 60, "clinic": 90}


def even_chances(population, n):
    return [1 / (population - turn) for turn in range(n)]


def test_one_stratum_is_the_plain_audit():
    outcomes = [0] * 30 + [1] + [0] * 20
    kwargs = {"tolerable": "0.05", "anticipated": "0.02"}
    one = stratified_upper_limit(outcomes, strata=["all"] * 51, populations={"all": 5_000}, **kwargs)
    plain = sequential_upper_limit(outcomes, population=5_000, **kwargs)
    assert one.limit == pytest.approx(plain.limit, abs=2 / 5_000)


def test_proportional_strata_cost_a_few_audits_at_most():
    stop = next(
        n
        for n in range(60, 70)
        if stratified_upper_limit(
            [0] * n, strata=[i % 4 for i in range(n)], populations=dict.fromkeys(range(4), 2_500), tolerable="0.05"
        ).limit
        < 0.05
    )
    assert stop <= 65


def test_a_stratum_never_drawn_may_be_all_errors():
    found = stratified_upper_limit([0] * 60, strata=["inpatient"] * 60, populations=SIZES, tolerable="0.05")
    assert found.limit == pytest.approx(90 / 150)


def test_counts_alone_give_the_limit_of_the_last_look():
    turns = ["inpatient", "clinic"] * 20
    whole = stratified_upper_limit([0] * 40, strata=turns, populations=SIZES, tolerable="0.05").limit
    counts = {"inpatient": 20, "clinic": 20}
    known = {"populations": SIZES, "tolerable": "0.05"}
    assert stratified_counts_limit(counts, {}, **known) == whole
    assert stratified_counts_limit(counts, {"inpatient": 1}, **known) > whole
    assert stratified_counts_limit({}, {}, **known) == 1
    for draws, errors in (({"inpatient": 1}, {"inpatient": 2}), ({"inpatient": 10**9}, {}), ({"nowhere": 1}, {})):
        with pytest.raises(BadInput):
            stratified_counts_limit(draws, errors, **known)


@settings(max_examples=25, deadline=None)
@given(
    outcomes=st.lists(st.sampled_from([0, 0, 0, 1, None]), min_size=2, max_size=40),
    turns=st.lists(st.sampled_from(NAMES), min_size=40, max_size=40),
    place=st.integers(0, 39),
)
def test_an_error_in_place_of_a_clean_case_never_lowers_a_stratified_limit(outcomes, turns, place):
    kwargs = {"strata": turns[: len(outcomes)], "populations": SIZES, "tolerable": "0.1"}
    worse = list(outcomes)
    worse[place % len(worse)] = 1
    before = stratified_upper_limit(outcomes, **kwargs).limit
    assert stratified_upper_limit(worse, **kwargs).limit >= before - 1e-12
    assert stratified_lower_limit(worse, **kwargs).limit >= stratified_lower_limit(outcomes, **kwargs).limit - 1e-12


@settings(max_examples=40, deadline=None)
@given(outcomes=st.lists(st.sampled_from([0, 0, 0, 1, None]), min_size=1, max_size=40), place=st.integers(0, 39))
def test_an_error_in_place_of_a_clean_case_never_lowers_a_weighted_limit(outcomes, place):
    n = len(outcomes)
    kwargs = {
        "chances": even_chances(200, n),
        "least_chances": [c * (0.5 if turn % 3 else 1) for turn, c in enumerate(even_chances(200, n))],
        "population": 200,
        "tolerable": "0.1",
    }
    worse = list(outcomes)
    worse[place % n] = 1
    assert weighted_upper_limit(worse, **kwargs).limit >= weighted_upper_limit(outcomes, **kwargs).limit - 1e-12
    assert weighted_lower_limit(worse, **kwargs).limit >= weighted_lower_limit(outcomes, **kwargs).limit - 1e-12


def test_the_stratified_capital_is_below_that_of_every_split():
    outcomes, turns = [0, 1, 0, 0, 0, 0, 1, 0], ["inpatient", "clinic"] * 4
    sizes = {"inpatient": 12, "clinic": 10}
    limit = stratified_upper_limit(outcomes, strata=turns, populations=sizes, tolerable="0.3", confidence="0.6")
    excluded = round(limit.limit * 22) + 1
    drawn = Counter(turns)
    found = Counter(turn for turn, outcome in zip(turns, outcomes, strict=True) if outcome)
    for split in product(range(13), range(11)):
        possible = all(
            found[name] <= bad <= sizes[name] - drawn[name] + found[name]
            for name, bad in zip(("inpatient", "clinic"), split, strict=True)
        )
        if sum(split) == excluded and possible:
            assert _best_ratio(split, drawn, found, sizes) >= -log(0.4) - 1e-9


def _best_ratio(split, drawn, found, sizes):
    """The largest log likelihood ratio that any alternative could reach against this split: a limit of all bets."""
    from scipy.stats import hypergeom

    best = 0.0
    for name, bad in zip(("inpatient", "clinic"), split, strict=True):
        at = hypergeom(sizes[name], np.arange(sizes[name] + 1), drawn[name]).logpmf(found[name])
        best += at.max() - at[bad]
    return best


def test_bad_strata_pass_no_more_often_than_promised():
    rng, missed, audits = np.random.default_rng(41), 0, 100
    frame = {"inpatient": np.arange(60) < 9, "clinic": np.arange(90) < 6}  # 10 % in all
    for _ in range(audits):
        order = {name: iter(rng.permutation(values)) for name, values in frame.items()}
        turns = [NAMES[turn % 5 in (1, 2, 3)] for turn in range(80)]
        outcomes = [int(next(order[name])) for name in turns]
        limit = stratified_upper_limit(outcomes, strata=turns, populations=SIZES, tolerable="0.1", confidence="0.9")
        missed += limit.limit < 0.1
    assert missed / audits <= 0.1 + 3 * (0.09 / audits) ** 0.5


def test_a_weighted_draw_of_a_bad_population_passes_no_more_often_than_promised():
    ids = [str(i) for i in range(300)]
    bad, weights = np.arange(300) < 30, np.where(np.arange(300) < 60, 3.0, 1.0)
    above = below = 0
    for seed in range(120):
        picks = successive_draw(ids, weights, seed=str(seed), size=120)
        kwargs = {
            "chances": [pick.chance for pick in picks],
            "least_chances": [pick.least_chance for pick in picks],
            "population": 300,
            "tolerable": "0.1",
            "confidence": "0.9",
        }
        outcomes = [int(bad[int(pick.item_id)]) for pick in picks]
        above += weighted_upper_limit(outcomes, **kwargs).limit < 0.1
        below += weighted_lower_limit(outcomes, **kwargs).limit > 0.1
    assert max(above, below) / 120 <= 0.1 + 3 * (0.09 / 120) ** 0.5


def test_even_chances_cost_a_few_audits_at_most():
    chances = even_chances(10_000, 65)
    found = weighted_upper_limit(
        [0] * 65, chances=chances, least_chances=chances, population=10_000, tolerable="0.05"
    )
    assert found.limit < 0.05


def test_a_larger_successive_draw_extends_a_smaller_one_and_its_chances_follow():
    ids, weights = [f"c{i}" for i in range(20)], [1.0 + i % 4 for i in range(20)]
    large = successive_draw(ids, weights, seed="x", size=20)
    assert successive_draw(ids[::-1], weights[::-1], seed="x", size=7) == large[:7]
    left = sum(weights)
    for pick in large:
        assert pick.chance == pytest.approx(pick.weight / left)
        assert pick.least_chance <= pick.chance
        left -= pick.weight


def test_the_first_of_a_successive_draw_follows_the_weights():
    firsts = Counter(successive_draw("ab", [1, 3], seed=str(s), size=1)[0].item_id for s in range(800))
    assert firsts["b"] / 800 == pytest.approx(0.75, abs=0.05)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: stratified_upper_limit([0], strata=[], populations=SIZES, tolerable="0.05"), "strata"),
        (lambda: stratified_upper_limit([0], strata=["x"], populations=SIZES, tolerable="0.05"), "strata"),
        (lambda: stratified_upper_limit([0] * 3, strata=["x"] * 3, populations={"x": 2}, tolerable="0.05"), "strata"),
        (lambda: stratified_upper_limit([], strata=[], populations={"x": 0}, tolerable="0.05"), "populations"),
        (
            lambda: weighted_upper_limit([0], chances=[2], least_chances=[1], population=9, tolerable="0.05"),
            "chances",
        ),
        (
            lambda: weighted_upper_limit([0], chances=[0.1], least_chances=[0.2], population=9, tolerable="0.05"),
            "least_chances",
        ),
        (
            lambda: weighted_upper_limit([0], chances=[], least_chances=[], population=9, tolerable="0.05"),
            "chances",
        ),
        (lambda: successive_draw("ab", [1, 0], seed="s", size=1), "weights"),
        (lambda: successive_draw("ab", [1, 1], seed="s", size=3), "size"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        call()
