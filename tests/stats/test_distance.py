"""Distances of mixes, beside what no change would show."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from auditor.errors import BadInput
from auditor.stats import distance

MEASURES = [distance.jensen_shannon, distance.total_variation, distance.population_stability_index]
each_measure = pytest.mark.parametrize("measure", MEASURES)


def generator():
    return np.random.default_rng(20260301)


def test_jensen_shannon_is_scipys_distance_in_base_two():
    random = generator()
    now, base = random.poisson(4, 300), random.poisson(9, 300)
    found = distance.jensen_shannon(now, base, generator=random, draws=1)
    assert found.estimate == pytest.approx(jensenshannon(now, base, base=2))


def test_equal_mixes_are_at_zero_and_disjoint_ones_at_one():
    for measure in MEASURES[:2]:
        assert measure([5, 5, 0], [50, 50, 0], generator=generator()).estimate == pytest.approx(0, abs=1e-7)
        assert measure([5, 5, 0], [0, 0, 9], generator=generator()).estimate == pytest.approx(1)


@each_measure
def test_without_change_the_expected_distance_is_the_one_that_samples_show(measure):
    """500 lines of 2,000 codes, a few codes frequent and most of them rare."""
    random = generator()
    mix = 1 / np.arange(1, 2_001)
    shown = []
    expected = []
    for _ in range(25):
        now, base = random.multinomial(500, mix / mix.sum()), random.multinomial(2_000, mix / mix.sum())
        found = measure(now, base, generator=random, draws=40)
        shown.append(found.estimate)
        expected.append(found.expected)
    assert np.mean(shown) == pytest.approx(np.mean(expected), rel=0.02)


def test_five_hundred_lines_and_two_thousand_codes_lie_half_apart_by_chance_alone():
    random = generator()
    mix = np.exp(2 * random.normal(size=2_000))
    now, base = random.multinomial(500, mix / mix.sum()), random.multinomial(50_000, mix / mix.sum())
    found = distance.jensen_shannon(now, base, generator=random)
    assert 0.45 < found.expected < 0.55
    assert found.estimate < found.usual_high * 1.05


@each_measure
def test_the_p_value_keeps_its_level_and_finds_a_change(measure):
    random = generator()
    mix = np.ones(30) / 30
    changed = np.concatenate([np.full(5, 2 / 30), np.full(25, 20 / 30 / 25)])
    quiet, loud = (
        [
            measure(random.multinomial(300, new), random.multinomial(900, mix), generator=random, draws=99).p_value
            for _ in range(200)
        ]
        for new in (mix, changed)
    )
    assert np.mean(np.array(quiet) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean(np.array(loud) <= 0.05) > 0.7


@each_measure
def test_lines_that_hang_together_raise_the_expected_distance(measure):
    plain, wide = (
        measure([30, 70, 20], [200, 500, 100], generator=generator(), design_effect=effect) for effect in (1, 4)
    )
    assert wide.expected == pytest.approx(2 * plain.expected, rel=0.35) or measure is MEASURES[2]
    assert wide.expected > 1.5 * plain.expected
    assert wide.p_value > plain.p_value


@each_measure
def test_the_same_seed_gives_the_same_answer(measure):
    assert measure([3, 4], [5, 9], generator=generator()) == measure([3, 4], [5, 9], generator=generator())


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: distance.jensen_shannon([1], [1, 2], generator=generator()), "counts"),
        (lambda: distance.jensen_shannon([0, 0], [1, 2], generator=generator()), "a line each"),
        (lambda: distance.total_variation([0.5, 1], [1, 2], generator=generator()), "whole numbers"),
        (lambda: distance.total_variation([1, 1], [1, 2], generator=generator(), draws=0), "draws"),
        (
            lambda: distance.population_stability_index([1], [1], generator=generator(), design_effect=0.5),
            "design_effect",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
