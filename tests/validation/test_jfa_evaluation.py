"""jfa f3723cc on its BuildIt data (first 100 items): estimators of a total; and its Stringer bounds."""

import numpy as np
import pytest
from scipy import stats

from auditor.stats import overpayment
from auditor.stats.taint_bounds import stringer
from tests.validation.vectors import vectors

ITEMS = 3500


def estimated(vector, *, finite_correction):
    """The overpayment by the vector's estimator; jfa's "direct" takes the estimated right total off the book."""
    given = vector.inputs
    book, audit = np.array(vector.column("book")), np.array(vector.column("audit"))
    plan = {
        "population": given["population_items"],
        "confidence": given["confidence"],
        "finite_correction": finite_correction,
    }
    if "direct" in vector.id:
        right = overpayment.mean_per_unit(audit, **plan)
        whole = given["population_value"]
        return whole - right.estimate, whole - right.high, whole - right.low
    if "difference" in vector.id:
        found = overpayment.difference(book, audit, **plan)
    elif "quotient" in vector.id:
        # jfa multiplies the ratio by N times the sample's mean, not by the book value that is known.
        found = overpayment.ratio(book - audit, book, paid_total=given["population_items"] * book.mean(), **plan)
    else:
        found = overpayment.regression(book - audit, book, paid_total=given["population_value"], **plan)
    return found.estimate, found.low, found.high


@vectors("overpayment_estimate", only=lambda vector: vector.inputs["fpc"] is False)
def test_every_known_total_without_finite_correction(vector):
    found = estimated(vector, finite_correction=False)
    assert found == pytest.approx([vector.expected[key] for key in ("point", "lower", "upper")], abs=1e-4)


@vectors("overpayment_estimate", only=lambda vector: vector.inputs["fpc"] is not False)
def test_jfa_corrects_by_one_less_unit_than_survey_cochran_and_rat_stats(vector):
    # (N - n)/(N - 1) belongs to a variance divided by N. Over all samples of a tiny frame the mean of
    # (1 - n/N) s^2/n, s^2 divided by n - 1, is the variance of the mean, and the other form is too large:
    frame = np.array([0.0, 1.0, 5.0])
    samples = [frame[[i, j]] for i in range(3) for j in range(3) if i < j]
    true = np.mean([sample.mean() ** 2 for sample in samples]) - frame.mean() ** 2
    mean_square = np.mean([sample.var(ddof=1) for sample in samples])
    assert (1 - 2 / 3) * mean_square / 2 == pytest.approx(true)
    assert (3 - 2) / (3 - 1) * mean_square / 2 > 1.4 * true
    # Undo it, and jfa's limits are ours:
    point, low, high = estimated(vector, finite_correction=True)
    wider = (ITEMS / (ITEMS - 1)) ** 0.5
    assert point == pytest.approx(vector.expected["point"], abs=1e-4)
    assert point + (high - point) * wider == pytest.approx(vector.expected["upper"], abs=1e-3)
    assert point - (point - low) * wider == pytest.approx(vector.expected["lower"], abs=1e-3)


def test_known_difference_estimate_of_five_errors_in_a_hundred():
    # BuildIt: mean difference 9.7996, deviation from the pinned interval 34298.6 -+ 30861.34 at 95 %, N = 3500
    deviation = 30861.340306 / stats.t.ppf(0.975, 99) / 350
    pattern = np.array([1.0, -1.0] * 50) * deviation * (99 / 100) ** 0.5
    found = overpayment.mean_per_unit(pattern + 9.7996, population=3500, confidence=0.95, finite_correction=False)
    assert (found.estimate, found.low, found.high) == pytest.approx((34298.6, 3437.25969, 65159.94031), abs=1e-3)


# koenderks/jfa f3723cc, .stringer(), run: (n, taints, confidence, factors, bound) with 5000 units
BOUNDS = [
    (145, [0.5, 0.4, 0.19887], 0.95, "binomial", 0.03251936),  # Touw & Hoogduin 2011, p. 144
    (200, [0.77, 0.62, 0.41, 0.4, 0.2, 0.08, 0.03], 0.90, "binomial", 0.0291694674083),
    (93, [1, 1, 0.25], 0.95, "poisson", 0.0716156919181),
    (60, [0.9, 0.5, 0.3, 0.1], 0.95, "hypergeometric", 0.09476),
]


@pytest.mark.parametrize(("n", "taints", "confidence", "factors", "bound"), BOUNDS)
def test_stringer_bounds(n, taints, confidence, factors, bound):
    found = stringer(taints, n, confidence=confidence, factors=factors, population=5000)
    assert found.limit == pytest.approx(bound, abs=1e-8)


@vectors("stringer_bound")
def test_every_known_stringer_bound(vector):
    given = vector.inputs
    found = stringer(
        given["taints"],
        given["n"],
        confidence=given["confidence"],
        factors=given.get("likelihood", "binomial"),
        population=given.get("population_units"),
        offset_understatements=given.get("correction") == "lta",
    )
    assert vector.near(found.limit, "upper_bound")
    if "mle" in vector.expected:
        assert vector.near(found.estimate, "mle")
