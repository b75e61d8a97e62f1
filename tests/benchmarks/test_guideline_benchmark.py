"""The measurement of a guideline check measures a real one, on either kind of engine."""

import pytest

from auditor.benchmarks.guideline_check import measure


@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_a_check_is_measured_and_finds_the_same_on_either_engine(tmp_path, engine, request):
    url = request.getfixturevalue("postgres_url") if engine == "postgresql" else None
    found = measure(tmp_path, lines=3_000, pairs=100_000, postgresql=url)
    assert {rule: count > 0 for rule, count in found.violations.items()} == {
        "code_validity": True,
        "mue": True,
        "ncci_ptp": True,
    }
    assert found.kept
    assert found.one_week.processor_seconds < found.checked.processor_seconds * 2
