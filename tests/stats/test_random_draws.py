"""Sets of random numbers, clusters from random groups, and strata found afterwards."""

from collections import Counter
from itertools import combinations
from math import comb

import pytest

from auditor.errors import BadInput
from auditor.stats.post_strata import post_stratified_total
from auditor.stats.probe import error_rate_mean_size
from auditor.stats.random_groups import random_group_draw
from auditor.stats.random_sets import random_sets
from auditor.stats.sizing import mean_size

PAGES = [(1, 4, 1, 5), (5, 5, 1, 2)]


def test_a_larger_draw_of_sets_extends_a_smaller_one_and_holds_each_set_once():
    few, all_ = random_sets(PAGES, count=3, seed="a", spares=2), random_sets(PAGES, count=22, seed="a")
    assert few.sets + few.spares == all_.sets[:5]
    assert len(set(all_.sets)) == 22
    assert set(all_.sets) == {(p, n) for p in range(1, 5) for n in range(1, 6)} | {(5, 1), (5, 2)}
    assert few.in_order == tuple(sorted(few.sets))


def test_every_set_is_drawn_equally_often():
    seen = Counter(each for seed in range(2_000) for each in random_sets(PAGES, count=2, seed=str(seed)).sets)
    expected = 2_000 * 2 / 22
    assert len(seen) == 22
    assert sum((often - expected) ** 2 / expected for often in seen.values()) < 46.8  # 0.1 % of chi-square, 21 df


@pytest.mark.parametrize(
    ("frames", "count", "named"),
    [
        ([], 1, "at least one row"),
        ([(1, 5), (1, 5, 1, 2)], 1, "same number"),
        ([(1, 5), (5, 9)], 1, "overlap"),
        ([(1, 4, 1, 5), (4, 9, 5, 6)], 1, "overlap"),
        ([(5, 1)], 1, "low before high"),
        ([(1, 5, 3)], 1, "low and high"),
        ([(1, 2) * 5], 1, "low and high"),
        ([(1, 10_000, 1, 10_000)], 1, "at most"),
        ([(1, 3)], 4, "exceed the 3"),
        ([(-1, 3)], 1, "frames"),
        ([(1, 3)], 0, "count"),
    ],
)
def test_frames_that_cannot_be_are_refused(frames, count, named):
    with pytest.raises(BadInput, match=named):
        random_sets(frames, count=count, seed="a")


def test_frames_that_share_one_number_only_do_not_overlap():
    assert len(random_sets([(1, 4, 1, 5), (1, 4, 6, 7)], count=28, seed="a").sets) == 28


def test_clusters_are_drawn_in_proportion_to_their_measure_within_random_groups():
    names, measures = "abcd", [1.0, 2.0, 3.0, 4.0]
    seen: Counter[str] = Counter()
    for seed in range(4_000):
        picks = random_group_draw(names, measures, seed=str(seed), size=2)
        assert [pick.group_clusters for pick in picks] == [2, 2]
        assert sum(pick.group_measure for pick in picks) == 10
        seen.update(pick.item_id for pick in picks)
    for place, (name, own) in enumerate(zip(names, measures, strict=True)):
        others = [other for there, other in enumerate(measures) if there != place]
        chance = sum(own / (own + other) for other in others) / 3
        assert seen[name] / 4_000 == pytest.approx(chance, abs=4 * (chance * (1 - chance) / 4_000) ** 0.5)


def test_groups_are_as_equal_as_can_be_and_the_draw_is_the_same_in_any_order():
    measures = dict(zip("abcdefg", range(1, 8), strict=True))
    picks = random_group_draw(measures, measures.values(), seed="a", size=3)
    turned = random_group_draw(reversed(measures), reversed(measures.values()), seed="a", size=3)
    assert picks == turned
    assert sorted(pick.group_clusters for pick in picks) == [2, 2, 3]
    assert all(pick.measure == measures[pick.item_id] for pick in picks)


@pytest.mark.parametrize(
    ("measures", "size", "named"),
    [([1, 0], 2, "measures"), ([1], 2, "measures"), ([1, 2], 3, "size"), ([1, 2], 1, "size")],
)
def test_clusters_without_measure_or_too_many_groups_are_refused(measures, size, named):
    with pytest.raises(BadInput, match=named):
        random_group_draw("ab", measures, seed="a", size=size)


def test_over_all_samples_with_enough_in_each_stratum_the_post_stratified_total_is_right():
    frame = [("A", 1.0), ("A", 5.0), ("A", 3.0), ("B", 10.0), ("B", 14.0), ("B", 9.0), ("B", 7.0)]
    estimates = []
    for sample in combinations(frame, 5):
        rooms = {room: [value for label, value in sample if label == room] for room in "AB"}
        if min(map(len, rooms.values())) >= 2:
            strata = [(rooms["A"], 3), (rooms["B"], 4)]
            estimates.append(post_stratified_total(strata, confidence=0.9).estimate)
    assert len(estimates) == comb(7, 5) - comb(3, 1) * comb(4, 4)
    assert sum(estimates) / len(estimates) == pytest.approx(49)


def test_a_post_stratified_total_has_cochrans_variance():
    found = post_stratified_total([([0, 10, 20], 30), ([5, 5], 20)], confidence=0.9)
    # Cochran 1977, (5A.42): (1 - f)/n sum W S^2 + 1/n^2 sum (1 - W) S^2, here with W = .6 and S^2 = 100.
    assert found.standard_error**2 == pytest.approx(50**2 * 0.9 * (0.6 * 100 / 5 + 0.4 * 100 / 25))
    assert found.degrees_of_freedom == 3


@pytest.mark.parametrize(("strata", "named"), [([], "strata"), ([([1], 9), ([1, 2], 9)], "at least 2")])
def test_strata_that_cannot_tell_are_refused(strata, named):
    with pytest.raises(BadInput, match=named):
        post_stratified_total(strata, confidence=0.9)


def test_a_known_error_rate_gives_the_variation_of_whole_payments_in_error():
    given = {"relative_precision": "0.1", "confidence": "0.9", "population": 4_000}
    found = error_rate_mean_size(error_rate="0.2", paid_mean=50, paid_deviation=30, **given)
    # mean 10, variance .2 (2500 + 900) - 100 = 580
    assert found.sample_size == mean_size(coefficient_of_variation=580**0.5 / 10, **given).sample_size
    assert found.inputs["error_rate"] == 0.2


@pytest.mark.parametrize(
    ("rate", "mean", "deviation", "named"),
    [(0, 50, 30, "error_rate"), (1.5, 50, 30, "error_rate"), (0.1, 0, 3, "paid_mean"), (0.1, 9, -1, "paid_deviation"),
     (1, 50, 0, "nothing to estimate")],
)  # fmt: skip
def test_rates_and_payments_that_cannot_be_are_refused(rate, mean, deviation, named):
    with pytest.raises(BadInput, match=named):
        error_rate_mean_size(
            error_rate=rate, paid_mean=mean, paid_deviation=deviation, relative_precision="0.1", confidence="0.9"
        )
