"""Cohen's and Fleiss' kappa: SAS FREQ, R irr, scikit-learn's tests, Fleiss (1971), Randolph's calculator."""

import pytest

from auditor.stats import agreement
from tests.validation.vectors import vectors

DIAGNOSES = [
    # Fleiss (1971), Psychological Bulletin 76, table 1: psychiatrists by diagnosis, first 10 of 30 patients
    [0, 0, 0, 6, 0],
    [0, 3, 0, 0, 3],
    [0, 1, 4, 0, 1],
    [0, 0, 0, 0, 6],
    [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0],
    [0, 0, 0, 0, 6],
]
WEIGHTS = {
    "unweighted": lambda size: None,
    "linear": agreement.linear_weights,
    "quadratic": agreement.quadratic_weights,
}


def raters(inputs):
    """Both raters' labels."""
    if "table" in inputs:
        return agreement.pairs_of(inputs["table"])
    return inputs["rater_a"], inputs["rater_b"]


@vectors("cohen_kappa")
def test_cohen_kappa(vector):
    first, second = raters(vector.inputs)
    weights = WEIGHTS[vector.inputs.get("weights", "unweighted")](len({*first, *second}))
    kappa = agreement.cohen_kappa(first, second, weights=weights)
    test = agreement.kappa_test(first, second, weights=weights)
    assert vector.near(kappa.estimate, "kappa")
    found = {
        "ase": kappa.standard_error,
        "ci_low": kappa.low,
        "ci_high": kappa.high,
        "ase0": test.standard_error,
        "z": test.z,
        "p_one": test.p_one_sided,
        "p_two": test.p_two_sided,
    }
    for key in vector.expected.keys() & found.keys():
        assert vector.near(found[key], key), key


@vectors("fleiss_kappa", only=lambda vector: "subjects_by_raters" in vector.inputs)
def test_fleiss_kappa(vector):
    assert vector.near(agreement.fleiss_kappa(vector.inputs["subjects_by_raters"]).estimate, "kappa")


@vectors("fleiss_kappa", only=lambda vector: "subject_by_category_counts" in vector.inputs)
def test_fixed_and_free_marginals(vector):
    counts = agreement.counts_of(vector.inputs["subject_by_category_counts"])
    assert vector.near(agreement.fleiss_kappa(counts).estimate, "fleiss")
    assert vector.near(agreement.randolph_kappa(counts).estimate, "randolph")


def test_sas_prints_this_kappa_and_its_error():
    """SAS FREQ: kappa .4842, ASE .1380, limits .2137 and .7547; ASE under the null .1484, z 3.2626."""
    pairs = agreement.pairs_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
    kappa, test = agreement.cohen_kappa(*pairs), agreement.kappa_test(*pairs)
    assert (kappa.estimate, kappa.standard_error) == pytest.approx((0.4842, 0.1380), abs=5e-5)
    assert (kappa.low, kappa.high) == pytest.approx((0.2137, 0.7547), abs=5e-5)
    assert (test.standard_error, test.z) == pytest.approx((0.1484, 3.2626), abs=5e-5)


def test_part_of_fleiss_patients_as_statsmodels_has_it():
    from statsmodels.stats.inter_rater import fleiss_kappa

    counts = agreement.counts_of(DIAGNOSES)
    assert agreement.fleiss_kappa(counts).estimate == pytest.approx(fleiss_kappa(DIAGNOSES))
    assert agreement.randolph_kappa(counts).estimate == pytest.approx(fleiss_kappa(DIAGNOSES, method="randolph"))
