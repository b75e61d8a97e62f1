"""The built wheel carries templates, config, migrations and fonts, and runs where there is no checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

ASKED = """
import auditor, pathlib
from auditor import resources
home = pathlib.Path(auditor.__file__).parent
for name in ("templates", "config", "migrations"):
    assert resources.folder(name).is_relative_to(home), name
assert [file for file in home.rglob("*") if file.suffix in (".ttf", ".otf")], "no fonts"
print("whole")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, and nothing else of ours."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT)])
    (wheel,) = (folder / "dist").glob("*.whl")
    target = folder / "site"
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)])
    return target


def _run(command: list[str], *, cwd: Path | None = None, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AUDITOR_")} | variables
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_everything_that_is_not_code_travels_inside(installed: Path, tmp_path: Path) -> None:
    assert _run([sys.executable, "-c", ASKED], cwd=tmp_path, PYTHONPATH=str(installed)).strip() == "whole"


def test_an_installed_wheel_makes_its_database_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    variables = {"PYTHONPATH": str(installed), "AUDITOR_CONFIG": str(tmp_path / "auditor.toml")}
    command = [sys.executable, "-m", "auditor", "init", "--dir", str(tmp_path / "home")]
    assert "database ready" in _run(command, cwd=tmp_path, **variables)


@pytest.mark.proof
def test_an_installed_wheel_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    variables = {"PYTHONPATH": str(installed), "AUDITOR_CONFIG": str(tmp_path / "auditor.toml")}
    command = [sys.executable, "-m", "auditor", "demo", "--dir", str(tmp_path / "demo")]
    assert "Where to look" in _run(command, cwd=tmp_path, **variables)
