"""Samples reached in steps: over all samples that could be drawn, totals and variances are right on average."""

from collections.abc import Iterator
from itertools import combinations, permutations, product
from math import comb, prod

import pytest

from auditor.errors import BadInput
from auditor.stats.multistage import multistage_rate, multistage_total, two_stage_total
from auditor.stats.overpayment import cluster_total, stratified_mean_per_unit
from auditor.stats.stages import Stages

# A frame of three clusters with two or three subclusters of two or three units each.
FRAME = [[[0, 4], [1, 1, 7]], [[2, 0], [5, 3]], [[0, 0, 9], [6, 2], [1, 8]]]


def _samples() -> Iterator[tuple[float, list[float], Stages]]:
    """Every sample of two clusters, two subclusters in each, two units in each of those, with its chance."""
    for clusters in combinations(range(3), 2):
        for inside in product(*[combinations(range(len(FRAME[c])), 2) for c in clusters]):
            places = [(c, s) for c, subs in zip(clusters, inside, strict=True) for s in subs]
            chance = 1 / 3 / prod(comb(len(FRAME[c]), 2) for c in clusters)
            chance /= prod(comb(len(FRAME[c][s]), 2) for c, s in places)
            for units in product(*[combinations(FRAME[c][s], 2) for c, s in places]):
                each = [(c, s, u) for (c, s), pair in zip(places, units, strict=True) for u in pair]
                stages = Stages(
                    clusters=[c for c, _, _ in each],
                    cluster_sizes=[len(FRAME[c]) for c, _, _ in each],
                    subclusters=[s for _, s, _ in each],
                    subcluster_sizes=[len(FRAME[c][s]) for c, s, _ in each],
                )
                yield chance, [u for _, _, u in each], stages


def _averages(draws: Iterator[tuple[float, list[float], Stages]], clusters: int | None) -> tuple[float, float, float]:
    """Mean and variance of the estimate over all draws, and the mean of its estimated variance."""
    found = [(p, multistage_total(values, clusters, stages=how, confidence=0.9)) for p, values, how in draws]
    assert sum(p for p, _ in found) == pytest.approx(1)
    centre = sum(p * each.estimate for p, each in found)
    variance = sum(p * (each.estimate - centre) ** 2 for p, each in found)
    return centre, variance, sum(p * each.standard_error**2 for p, each in found)


def test_over_all_samples_a_three_stage_total_and_its_variance_are_right_on_average():
    centre, variance, estimated = _averages(_samples(), 3)
    assert centre == pytest.approx(sum(sum(sub) for cluster in FRAME for sub in cluster))
    assert estimated == pytest.approx(variance)


def _by_size(units: list[list[float]], measures: list[float]) -> Iterator[tuple[float, list[float], Stages]]:
    """Every draw of one cluster from each of two groups of two, two of three units in each, with its chance."""
    for order in permutations(range(4)):
        groups = order[:2], order[2:]
        sums = [sum(measures[c] for c in group) for group in groups]
        for drawn in product(*groups):
            chance = 1 / 24 * prod(measures[c] / whole for c, whole in zip(drawn, sums, strict=True))
            stages = Stages(
                clusters=[1, 1, 2, 2],
                cluster_sizes=[3] * 4,
                group_clusters=[2] * 4,
                drawn_measures=[measures[c] for c in drawn for _ in range(2)],
                group_measures=[whole for whole in sums for _ in range(2)],
            )
            for pairs in product(*[list(combinations(units[c], 2)) for c in drawn]):
                yield chance / 9, [value for pair in pairs for value in pair], stages


def test_over_all_draws_from_random_groups_the_total_and_its_variance_are_right_on_average():
    units, measures = [[0, 3, 1], [8, 5, 9], [4, 4, 2], [0, 0, 6]], [1.0, 4.0, 2.0, 3.0]
    centre, variance, estimated = _averages(_by_size(units, measures), None)
    assert centre == pytest.approx(sum(map(sum, units)))
    assert estimated == pytest.approx(variance)


def test_with_fewer_steps_it_is_the_two_stage_total_the_cluster_total_or_the_stratified_one():
    values, labels = [0, 10, 5, 5, 0, 2], [1, 1, 2, 2, 3, 3]
    two = Stages(clusters=labels, cluster_sizes=[20, 20, 10, 10, 30, 30])
    one = multistage_total(values, 12, stages=two, confidence=0.9)
    other = two_stage_total([([0, 10], 20), ([5, 5], 10), ([0, 2], 30)], clusters=12, confidence=0.9)
    assert (one.estimate, one.limit, one.degrees_of_freedom) == (
        other.estimate,
        other.limit,
        other.degrees_of_freedom,
    )
    whole = multistage_total(values, 12, stages=Stages(clusters=labels), confidence=0.9)
    assert whole.limit == pytest.approx(cluster_total([10, 10, 2], 12, confidence=0.9).limit)
    strata = Stages(clusters=range(6), strata=["A", "A", "B", "B", "B", "B"])
    found = multistage_total(values, {"A": 40, "B": 30}, stages=strata, confidence=0.9)
    assert found.limit == pytest.approx(
        stratified_mean_per_unit([([0, 10], 40), ([5, 5, 0, 2], 30)], confidence=0.9).limit
    )


def test_clusters_that_are_all_drawn_are_strata():
    stages = Stages(clusters=[1, 1, 1, 2, 2], cluster_sizes=[9, 9, 9, 7, 7])
    found = multistage_total([0, 4, 5, 6, 2], 2, stages=stages, confidence=0.9)
    expected = stratified_mean_per_unit([([0, 4, 5], 9), ([6, 2], 7)], confidence=0.9)
    assert (found.limit, found.degrees_of_freedom) == (pytest.approx(expected.limit), expected.degrees_of_freedom)


def test_a_cluster_label_may_come_back_in_another_stratum():
    values, strata = [1, 2, 3, 4], ["A", "A", "B", "B"]
    same, apart = (Stages(clusters=names, strata=strata) for names in ([1, 2, 1, 2], [1, 2, 3, 4]))
    one, other = (multistage_total(values, {"A": 9, "B": 8}, stages=each, confidence=0.9) for each in (same, apart))
    assert one == other
    assert one.inputs["clusters_drawn"] == 4


def test_a_rate_is_errors_over_units_with_limits_that_hold_it():
    stages = Stages(clusters=[1, 1, 2, 2, 2, 3, 3], cluster_sizes=[4, 4, 9, 9, 9, 2, 2])
    found = multistage_rate([1, 0, 0, 0, 1, 0, 0], 30, stages=stages, confidence=0.95)
    assert found.estimate == pytest.approx((2 + 3 + 0) / (4 + 9 + 2))
    assert 0 < found.low < found.estimate < found.high < 1
    clean = multistage_rate([0] * 7, 30, stages=stages, confidence=0.95)
    assert (clean.low, clean.estimate) == (0, 0)
    assert clean.high > 0.5  # three clusters say little


SIX = {"clusters": [1, 1, 2, 2, 3, 3]}
GROUPS = {"group_clusters": [2] * 6, "group_measures": [9.0] * 6, "drawn_measures": [3.0] * 6}


@pytest.mark.parametrize(
    ("columns", "clusters", "named"),
    [
        (SIX, None, "clusters must say how many"),
        (SIX, 2, "clusters must not be below the 3 drawn"),
        ({**SIX, "cluster_sizes": [5, 6, 3, 3, 3, 3]}, 9, "cluster_sizes must be the same"),
        ({**SIX, "cluster_sizes": [1] * 6}, 9, "cluster_sizes must not be below the 2 drawn"),
        ({**SIX, "cluster_sizes": [5] * 5}, 9, "cluster_sizes must have 6 entries"),
        ({**SIX, "subclusters": [1] * 6}, 9, "cluster_sizes must say how many subclusters"),
        ({**SIX, "cluster_sizes": [5] * 6, "subclusters": [1] * 6}, 9, "at least 2"),
        ({**SIX, "strata": list("AABBBB")}, 9, "clusters must give a number for each stratum"),
        ({**SIX, "strata": list("BBAAAA")}, {"A": 9}, "in stratum B"),
        ({**SIX, "strata": list("AABBBB")}, {"A": 9, "B": 9}, "at least 2"),
        ({**SIX, **GROUPS, "drawn_measures": None}, None, "belong together"),
        ({**SIX, **GROUPS, "drawn_measures": [10.0] * 6}, None, "swapped"),
        ({**SIX, **GROUPS, "drawn_measures": [0.0] * 6}, None, "above 0"),
        ({"clusters": [1] * 6, **GROUPS}, None, "at least 2 random groups"),
    ],
)
def test_steps_that_do_not_fit_together_are_refused(columns, clusters, named):
    with pytest.raises(BadInput, match=named):
        multistage_total([0, 1, 2, 3, 4, 5], clusters, stages=Stages(**columns), confidence=0.9)


def test_a_rate_takes_zeros_and_ones_only():
    with pytest.raises(BadInput, match="outcomes"):
        multistage_rate([0, 2], 9, stages=Stages(clusters=[1, 2]), confidence=0.9)
