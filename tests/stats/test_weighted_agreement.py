"""Agreement under weights and strata, and the difference of two rates."""

import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats.agreement import cohen_kappa, gwet_ac1
from auditor.stats.proportion import clopper_pearson
from auditor.stats.rate_difference import rate_difference
from auditor.stats.weighted_agreement import weighted_kappa_and_ac1

FIRST = ["a"] * 40 + ["b"] * 30 + ["c"] * 10
SECOND = ["a"] * 33 + ["b"] * 30 + ["c"] * 7 + ["a"] * 10


def test_equal_weights_give_the_unweighted_coefficients() -> None:
    kappa, ac1 = weighted_kappa_and_ac1(FIRST, SECOND, confidence=0.95)
    plain, other = cohen_kappa(FIRST, SECOND), gwet_ac1(list(zip(FIRST, SECOND, strict=True)))
    assert kappa.estimate == pytest.approx(plain.estimate)
    assert ac1.estimate == pytest.approx(other.estimate)
    assert kappa.low == pytest.approx(plain.low, abs=0.01)
    assert ac1.low == pytest.approx(other.low, abs=0.01)


def test_a_unit_of_weight_two_counts_like_two_units() -> None:
    weights = [2.0] * 10 + [1.0] * 60 + [2.0] * 10
    twice = [*range(10), *range(80), *range(70, 80)]
    kappa, ac1 = weighted_kappa_and_ac1(FIRST, SECOND, weights=weights, confidence=0.95)
    repeated = weighted_kappa_and_ac1([FIRST[i] for i in twice], [SECOND[i] for i in twice], confidence=0.95)
    assert kappa.estimate == pytest.approx(repeated[0].estimate)
    assert ac1.estimate == pytest.approx(repeated[1].estimate)


def test_the_limits_cover_the_frame_of_a_stratified_sample() -> None:
    random = np.random.default_rng(3)
    sizes = {"s": 2000, "t": 500}
    labels = {h: random.choice(["a", "b", "c"], size, p=[0.6, 0.3, 0.1]) for h, size in sizes.items()}
    other = {
        h: np.where(random.random(len(v)) < {"s": 0.9, "t": 0.6}[h], v, random.choice(["a", "b", "c"], len(v)))
        for h, v in labels.items()
    }
    whole = [np.concatenate([side["s"], side["t"]]).tolist() for side in (labels, other)]
    truth = [each.estimate for each in weighted_kappa_and_ac1(*whole, confidence=0.9)]
    covered = np.zeros(2)
    for _ in range(300):
        picks = {h: random.choice(size, 60, replace=False) for h, size in sizes.items()}
        sample = [[x for h in sizes for x in side[h][picks[h]].tolist()] for side in (labels, other)]
        strata = ["s"] * 60 + ["t"] * 60
        found = weighted_kappa_and_ac1(*sample, strata=strata, populations=sizes, confidence=0.9)
        covered += [f.low <= t <= f.high for f, t in zip(found, truth, strict=True)]
    assert (covered / 300 > 0.85).all()
    assert (covered / 300 < 0.97).all()


def test_one_label_throughout_is_undefined_and_never_zero() -> None:
    kappa, ac1 = weighted_kappa_and_ac1(["a"] * 5, ["a"] * 5, confidence=0.95)
    assert (kappa.estimate, kappa.low, ac1.estimate) == (None, None, None)


def test_one_unit_has_an_estimate_and_no_limits() -> None:
    kappa, _ = weighted_kappa_and_ac1(["a"], ["b"], confidence=0.95)
    assert (kappa.estimate, kappa.low, kappa.high) == (0.0, None, None)


def test_labels_must_come_in_pairs() -> None:
    with pytest.raises(BadInput, match="one label for each unit"):
        weighted_kappa_and_ac1(["a"], [], confidence=0.95)


def test_a_difference_turns_its_sign_with_its_order() -> None:
    one, other = clopper_pearson(3, 60, confidence=0.9), clopper_pearson(9, 80, confidence=0.9)
    there, back = rate_difference(one, other), rate_difference(other, one)
    assert (there.low, there.high, there.n) == (pytest.approx(-back.high), pytest.approx(-back.low), 140)


def test_rates_of_unlike_confidence_have_no_difference() -> None:
    with pytest.raises(BadInput, match="one confidence"):
        rate_difference(clopper_pearson(3, 60, confidence=0.9), clopper_pearson(3, 60, confidence=0.95))
