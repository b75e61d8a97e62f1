"""docs/tutorial.md, typed from top to bottom: on small files of our own, and on the public data where they are."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url

from tests.sources.test_presets import rif_line

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "tutorial.md"
MODELS = {"openai/gpt-4.1": 0.25, "openai/gpt-4.1-mini": 0.55, "openai/gpt-4o": 0.4}


@dataclass(frozen=True)
class Inputs:
    """The two data sets that the page is about."""

    answers: Path
    rif: Path


def _blocks() -> str:
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE))


def _write(path: Path, rows: Iterable[Mapping[str, str]], *, delimiter: str = ",") -> None:
    listed = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, listed[0].keys(), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(listed)


def _answers() -> Iterable[dict[str, str]]:
    random = Random(5)
    for model, error_rate in MODELS.items():
        for item in range(240):
            wrong = random.random() < error_rate
            yield {
                "run_id": "20250709_233746",
                "model": model,
                "round_size": "100",
                "answered_at": f"20250709_23{item // 60:02}{item % 60:02}",
                "item_id": f"test_1#{item}",
                "code_system": "CPT",
                "ai_code": "" if wrong and item % 40 == 0 else str(40000 + item + wrong),
                "gold_code": str(40000 + item),
                "exact_match": str(int(not wrong)),
            }


@pytest.fixture
def own_inputs(tmp_path: Path) -> Inputs:
    folder = tmp_path / "inputs"
    folder.mkdir()
    _write(folder / "answers.csv", _answers())
    rif = folder / "rif"
    rif.mkdir()
    lines = [rif_line(1, CLM_ID=f"-{number}", CLM_PMT_AMT=f"{number}.50") for number in range(100, 180)]
    _write(rif / "carrier.csv", lines, delimiter="|")
    return Inputs(folder / "answers.csv", rif)


@pytest.fixture
def public_inputs(shared_folder: Path, tmp_path: Path) -> Inputs:
    rif = tmp_path / "public-rif"
    rif.mkdir()
    for file in (shared_folder / "data" / "cms_bfd_rif_synthea").glob("*.csv"):
        shutil.copy(file, rif)
    return Inputs(shared_folder / "data" / "llm_coding_exam_answers.csv", rif)


def _typed(inputs: Inputs, folder: Path, postgres_url: str) -> str:
    work = folder / "work"
    work.mkdir()
    url = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AUDITOR_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TUTORIAL": str(PAGE.parent / "tutorial"),
        "ANSWERS": str(inputs.answers),
        "RIF": str(inputs.rif),
        "CLAIMS_URL": url,
        "AUDITOR_DATA_DIR": str(work / "data"),
        "AUDITOR_CONFIG": str(work / "auditor.toml"),
    }
    script = f"set -euo pipefail\n{_blocks()}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=work, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def _census(output: str) -> tuple[int, int]:
    match = re.search(r"the census rate lies inside (\d+) of (\d+) intervals", output)
    assert match, output
    return int(match[1]), int(match[2])


def _caught(output: str) -> bool:
    """Whether an alarm index lies at or after the first answer of the second model, and none before it."""
    begins = re.search(r"begins at index (\d+)", output)
    alarms = re.search(r"alarms?\D*((?:\d+(?:, )?)+)", output)
    assert begins, output
    assert alarms, output
    indices = [int(number) for number in re.findall(r"\d+", alarms[1])]
    return min(indices) >= int(begins[1])


def test_the_tutorial_runs_on_a_checkout_alone(own_inputs: Inputs, tmp_path: Path, postgres_url: str) -> None:
    output = _typed(own_inputs, tmp_path, postgres_url)
    inside, models = _census(output)
    assert models == len(MODELS)
    assert inside >= models - 1
    assert _caught(output)
    assert "identical" in output


@pytest.mark.shared
def test_the_tutorial_runs_on_the_public_data(public_inputs: Inputs, tmp_path: Path, postgres_url: str) -> None:
    output = _typed(public_inputs, tmp_path, postgres_url)
    inside, models = _census(output)
    assert models == 13
    assert inside >= 11  # 13 intervals at 95 %: three or more misses come by chance once in 40 times
    assert _caught(output)
    assert (tmp_path / "work" / "exam.pdf").read_bytes().startswith(b"%PDF")
