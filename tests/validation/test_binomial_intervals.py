"""R binom as pinned in statsmodels 0.15; Newcombe (1998), Table I."""

import pytest

from auditor.stats import proportion
from tests.validation.vectors import vectors

OFFERED = ("clopper_pearson", "wilson", "jeffreys", "agresti_coull")

# (method, errors, n, low, high) at 95 %
KNOWN = [
    ("clopper_pearson", 0, 30, 0.0, 0.11570331),
    ("clopper_pearson", 1, 30, 0.0008435709, 0.17216946),
    ("wilson", 1, 30, 0.00590859, 0.16670391),
    ("wilson", 30, 30, 0.8864866, 1.0),
    ("agresti_coull", 4, 200, 0.00599195, 0.05209956),
    ("jeffreys", 4, 200, 0.00678760, 0.04684657),
    ("wilson", 19, 38, 0.348499283643951, 0.651500716356049),
]


@pytest.mark.parametrize(("method", "errors", "n", "low", "high"), KNOWN)
def test_known_intervals(method, errors, n, low, high):
    found = getattr(proportion, method)(errors, n, confidence=0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-7)


@vectors("proportion_ci", only=lambda vector: "upper" not in vector.expected)
def test_every_known_interval(vector):
    given = vector.inputs
    for method in set(OFFERED) & set(vector.expected):
        found = getattr(proportion, method)(given["errors"], given["n"], confidence=given["confidence"])
        assert (found.low, found.high) == pytest.approx(vector.expected[method], abs=vector.tolerance)


@vectors("proportion_ci", only=lambda vector: "upper" in vector.expected)
def test_a_tiny_risk_is_where_library_quantiles_fail(vector):
    given = vector.inputs
    found = proportion.clopper_pearson(given["errors"], given["n"], confidence=given["confidence"])
    assert vector.near(found.high, "upper")
