"""R package qcc (Scrucca 2004) and the data of Montgomery, Statistical Quality Control."""

import pytest

from auditor.stats import cusum
from tests.validation.vectors import vectors


@vectors("cusum_path")
def test_tabular_cusum(vector):
    given = vector.inputs
    path = cusum.normal_path(
        given["x"], target=given["center"], deviation=given["sd"], reference=given["k"], threshold=given["h"]
    )
    assert path.upper == pytest.approx(vector.expected["pos"], abs=vector.tolerance)
    assert path.lower == pytest.approx(vector.expected["neg"], abs=vector.tolerance)
    assert [place + 1 for place in path.upper_alarms] == vector.expected["violations_upper"]
    assert [place + 1 for place in path.lower_alarms] == vector.expected["violations_lower"]
