"""R survey 4.1-1 on the California Academic Performance Index data (data(api)); a published stratified exercise."""

import csv
from collections import defaultdict

import pytest
from scipy import stats

from auditor.stats.overpayment import (
    mean_per_unit,
    ratio,
    stratified_from_summaries,
    stratified_mean_per_unit,
    weighted_total,
)
from auditor.stats.ratio import clustered_ratio, jackknife_ratio
from tests.validation.vectors import shared_folder, vectors


def rows_of(name):
    folder = shared_folder()
    if folder is None:
        pytest.skip("no shared folder")
    with (folder / "vectors" / "data" / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


@vectors("ratio_estimate")
def test_every_known_ratio(vector):
    given = vector.inputs
    numerators, denominators = vector.column(given["numerator"]), vector.column(given["denominator"])
    found = clustered_ratio(numerators, denominators, populations=given["population"], confidence=0.95)
    assert vector.near(found.estimate, "ratio")
    assert vector.near(found.standard_error, "se")
    again = jackknife_ratio(numerators, denominators, populations=given["population"], confidence=0.95)
    assert again.standard_error == pytest.approx(found.standard_error, rel=0.02)
    whole = given["population"] * sum(denominators) / len(denominators)
    total = ratio(numerators, denominators, population=given["population"], paid_total=whole, confidence=0.95)
    assert total.standard_error / whole == pytest.approx(vector.expected["se"])


@vectors("mean_estimate_srs")
def test_every_known_mean(vector):
    given = vector.inputs
    found = mean_per_unit(vector.column(given["variable"]), population=given["population"], confidence=0.95)
    assert vector.near(found.estimate / given["population"], "mean")
    assert vector.near(found.standard_error / given["population"], "se")


@vectors("overpayment_lower_limit_srs")
def test_every_known_lower_limit_of_a_simple_sample(vector):
    given = vector.inputs
    found = mean_per_unit(vector.column(given["variable"]), population=given["population"], confidence=0.9)
    assert found.estimate == pytest.approx(vector.expected["total"])
    assert found.standard_error == pytest.approx(vector.expected["se"])
    assert found.limit == pytest.approx(vector.expected["lower90_t199"])
    wide = mean_per_unit(vector.column(given["variable"]), population=given["population"], confidence=0.8)
    assert (wide.low, wide.high) == pytest.approx((vector.expected["lower90_t199"], vector.expected["upper90_t199"]))


@vectors("overpayment_lower_limit_stratified", only=lambda vector: "data_file" in vector.inputs)
def test_every_known_lower_limit_of_a_stratified_sample(vector):
    given = vector.inputs
    rows = vector.table()
    strata = [
        ([float(row[given["variable"]]) for row in rows if row["stratum"] == name], size)
        for name, size in given["strata_N"].items()
    ]
    found = stratified_mean_per_unit(strata, confidence=0.9)
    assert found.degrees_of_freedom == 197
    assert found.estimate == pytest.approx(vector.expected["total"])
    assert found.standard_error == pytest.approx(vector.expected["se"])
    assert found.limit == pytest.approx(vector.expected["lower90_one_sided_t197"])


# Published exercise in stratified audit sampling (perfecttutorshub.com); the first stratum is taken whole
TEXTBOOK = {
    "sizes": [25, 250, 450, 800, 2000],
    "drawn": [25, 50, 38, 32, 30],
    "means": [10045, 8756, 4265, 809, 53],
    "deviations": [623, 401, 211, 75, 45],
}


def test_a_stratum_taken_whole_adds_nothing_to_the_error():
    found = stratified_from_summaries(**TEXTBOOK, confidence=0.9)
    assert found.estimate == 5112575
    assert found.standard_error == pytest.approx(27422.0096964)
    # The exercise takes limits with z; ours with t, over the 150 units of the strata that were sampled
    assert found.degrees_of_freedom == 146
    widened = stats.t.ppf(0.95, 146) / stats.norm.ppf(0.95)
    assert found.estimate - (found.estimate - found.low) / widened == pytest.approx(5067469.80789)


@vectors("overpayment_lower_limit_stratified", only=lambda vector: "means" in vector.inputs)
def test_every_known_total_from_summaries(vector):
    given, expected = vector.inputs, vector.expected
    found = stratified_from_summaries(
        given["strata_N"], given["strata_n"], given["means"], given["sds"], confidence=0.9
    )
    assert found.estimate == expected["total"]
    assert vector.near(found.standard_error, "se_fpc")
    z = stats.norm.ppf(0.9)
    assert vector.near(found.estimate - z * found.standard_error, "lower90_one_sided")


@pytest.mark.shared
def test_the_cluster_sample_of_the_survey_vignette():
    # R survey, vignette: svytotal(~enroll, dclus1) 3404940, SE 932235; svymean(~api00, dclus1) 644.17, SE 23.542
    rows = rows_of("apiclus1.csv")
    found = weighted_total(
        [float(row["enroll"]) for row in rows],
        weights=[float(row["pw"]) for row in rows],
        clusters=[row["cluster"] for row in rows],
        populations=757,
        confidence=0.9,
    )
    assert (found.estimate, found.standard_error) == pytest.approx((3404940, 932235), rel=1e-6)
    scores, schools = defaultdict(float), defaultdict(int)
    for row in rows:
        scores[row["cluster"]] += float(row["api00"])
        schools[row["cluster"]] += 1
    mean = clustered_ratio(list(scores.values()), list(schools.values()), populations=757, confidence=0.95)
    assert (mean.estimate, mean.standard_error) == pytest.approx((644.17, 23.542), abs=0.005)


@pytest.mark.shared
def test_the_stratified_sample_of_the_survey_vignette():
    # R survey, vignette "survey": svytotal(~enroll, dstrat) 3687178, SE 114642
    rows, sizes = rows_of("apistrat.csv"), {"E": 4421, "H": 755, "M": 1018}
    strata = [([float(r["enroll"]) for r in rows if r["stratum"] == name], size) for name, size in sizes.items()]
    found = stratified_mean_per_unit(strata, confidence=0.9)
    weighted = weighted_total(
        [float(row["enroll"]) for row in rows],
        weights=[float(row["N_h"]) / {"E": 100, "H": 50, "M": 50}[row["stratum"]] for row in rows],
        strata=[row["stratum"] for row in rows],
        populations=sizes,
        confidence=0.9,
    )
    for each in (found, weighted):
        assert (each.estimate, each.standard_error) == pytest.approx((3687178, 114642), rel=3e-6)
    assert weighted.limit == pytest.approx(found.limit)
