"""Looking something up must not wait for libraries that only calculating, migrating or drawing needs."""

import subprocess
import sys

import pytest

HEAVY = ("alembic", "duckdb", "numpy", "openpyxl", "scipy", "typst")
SPREADING = ("auditor.services.drift_risk", "auditor.services.guidelines", "auditor.services.scored_cases")


@pytest.mark.parametrize("module", ["auditor.cli.app", "auditor.services.standings", "auditor.services.people"])
def test_what_every_command_needs_loads_no_heavy_library(module: str) -> None:
    assert _loaded(module, HEAVY) == "[]"


def test_a_draw_loads_what_spreads_a_sample_by_risk_only_where_its_plan_asks_for_it() -> None:
    assert _loaded("auditor.services.drawing", ("alembic", "openpyxl", "scipy", "typst", *SPREADING)) == "[]"


def _loaded(module: str, names: tuple[str, ...]) -> str:
    code = f"import sys, {module}; print([name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()
