"""Looking something up must not wait for libraries that only calculating, migrating or drawing needs."""

import subprocess
import sys

import pytest

HEAVY = ("alembic", "duckdb", "numpy", "openpyxl", "scipy", "typst")


@pytest.mark.parametrize("module", ["auditor.cli.app", "auditor.services.standings", "auditor.services.people"])
def test_what_every_command_needs_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
