"""R survey 4.1-1 on the California Academic Performance Index data (data(api))."""

import pytest

from auditor.stats.ratio import clustered_ratio, jackknife_ratio
from tests.validation.vectors import vectors


@vectors("ratio_estimate")
def test_every_known_ratio(vector):
    given = vector.inputs
    numerators, denominators = vector.column(given["numerator"]), vector.column(given["denominator"])
    found = clustered_ratio(numerators, denominators, populations=given["population"], confidence=0.95)
    assert vector.near(found.estimate, "ratio")
    assert vector.near(found.standard_error, "se")
    again = jackknife_ratio(numerators, denominators, populations=given["population"], confidence=0.95)
    assert again.standard_error == pytest.approx(found.standard_error, rel=0.02)
