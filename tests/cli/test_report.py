"""Reports from the command line: the file asked for, the numbers as JSON, one sentence where it cannot be."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli.app import auditor
from auditor.errors import AuditorError
from auditor.services import installation
from tests.services.test_drift_reporting import RUN_ON, alert, run
from tests.services.test_metrics import simple_audit


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an installed database, a reviewed audit and an open alert."""
    url = f"sqlite:///{tmp_path / 'auditor.sqlite'}"
    database = installation.install(url, key_path=tmp_path / "auditor.key")
    with database.write() as session:
        simple_audit(session)
        alert(session)
        run(session, RUN_ON)
    database.close()
    return tmp_path


def called(home: Path, *words: str) -> Result:
    return CliRunner().invoke(auditor, ["report", *words, "--dir", str(home)])


def refused(home: Path, *words: str) -> str:
    found = called(home, *words).exception
    assert isinstance(found, AuditorError), found
    return str(found)


@pytest.mark.parametrize("words", [("audit", "1"), ("drift", "1"), ("drift", "--as-of", "2026-11-02"), ("drift",)])
@pytest.mark.parametrize(("ending", "begins"), [("html", b"<!DOCTYPE html>"), ("PDF", b"%PDF-1.7")])
def test_the_ending_says_as_what_a_report_is_written(
    home: Path, words: tuple[str, ...], ending: str, begins: bytes
) -> None:
    out = home / f"report.{ending}"
    result = called(home, *words, "--out", str(out))
    assert result.exit_code == 0, result.exception
    assert out.read_bytes().startswith(begins)
    assert f"written: {out}" in result.output


def test_the_numbers_come_as_json_and_the_file_is_written_too(home: Path) -> None:
    out = home / "report.html"
    document = json.loads(called(home, "audit", "1", "--out", str(out), "--json").stdout)
    assert document["audit_id"] == 1
    assert document["figures"][0]["metric"] == "claim_error_rate"
    assert out.exists()


def test_without_a_file_the_sentences_are_printed(home: Path) -> None:
    output = called(home, "audit", "1").output
    assert "All 12 drawn cases are done." in output
    assert output.splitlines()[-1].startswith("next:")


def test_what_cannot_be_is_one_sentence(home: Path) -> None:
    assert "must end in .html or .pdf" in refused(home, "audit", "1", "--out", str(home / "report.doc"))
    assert "cannot be written" in refused(home, "audit", "1", "--out", str(home / "nowhere" / "report.html"))
    assert "there is no audit 5" in refused(home, "audit", "5")
    assert "there is no alert 5" in refused(home, "drift", "5")
    assert "leave one of them out" in refused(home, "drift", "1", "--as-of", "2026-11-02")
    assert "there is no source 'x'" in refused(home, "drift", "--source", "x")
