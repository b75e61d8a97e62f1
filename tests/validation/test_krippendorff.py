"""Krippendorff (2011), Computing Krippendorff's alpha-reliability; the packages krippendorff and nltk."""

import numpy as np
import pytest

from auditor.stats import agreement
from tests.validation.vectors import vectors

CANONICAL = [
    # Krippendorff (2011), example C: 4 coders by 12 units
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def units_of(inputs):
    """One row a unit."""
    if "coders_by_units" in inputs:
        return [list(unit) for unit in zip(*inputs["coders_by_units"], strict=True)]
    units: dict[str, list[str]] = {}
    for _, unit, label in inputs["triples"]:
        units.setdefault(unit, []).append(label)
    return list(units.values())


@pytest.mark.parametrize(
    ("level", "printed"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_canonical_example(level, printed):
    alpha = agreement.krippendorff_alpha(units_of({"coders_by_units": CANONICAL}), level=level)
    assert alpha.estimate == pytest.approx(printed, abs=6e-4)
    assert alpha.low < alpha.estimate < alpha.high


@vectors("krippendorff_alpha")
def test_alpha(vector):
    alpha = agreement.krippendorff_alpha(units_of(vector.inputs), level=vector.inputs.get("level", "nominal"))
    assert alpha.estimate == pytest.approx(vector.expected["alpha"], abs=vector.tolerance + 1e-12)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_the_package_krippendorff_gives_the_same_alpha(level):
    import krippendorff

    random = np.random.default_rng(4)
    units = random.integers(1, 6, size=(40, 3)).astype(float)
    units[random.random(units.shape) < 0.2] = np.nan
    theirs = krippendorff.alpha(units.T, level_of_measurement=level)
    assert agreement.krippendorff_alpha(units.tolist(), level=level).estimate == pytest.approx(theirs)


@vectors("masi_distance")
def test_masi(vector):
    one, other = vector.inputs["a"], vector.inputs["b"]
    assert vector.near(agreement.masi_distance(one, other), "masi_distance")
    assert vector.near(agreement.jaccard_distance(one, other), "jaccard_distance")
