"""Metrics on the command line: fixed keys for scripts, drawn intervals for people."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from auditor.cli.app import auditor
from auditor.errors import AuditorError, BadInput, NotFound
from auditor.services import claim_sources, installation
from auditor.storage.database import Database
from tests import make
from tests.claims_tables import claim_row, code_row, in_sqlite
from tests.services.test_metrics import simple_audit

KEYS = ["metric", "arm", "slice", "numerator", "denominator", "n", "estimate", "low", "high", "confidence", "method"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an installed database, a reviewed audit, and a claims database with two codings a claim."""
    claims = [claim_row(number, model_version="3.1" if number % 2 else "3.0") for number in range(40)]
    codes = [
        code_row(row["claim_id"], "99214" if stage == "human" and n % 4 == 0 else "99213", stage=stage)
        for n, row in enumerate(claims)
        for stage in ("ai_draft", "human")
    ]
    url = in_sqlite(tmp_path / "claims.sqlite", {"claims": claims, "codes": codes})
    database = _open(tmp_path)
    with database.write() as session:
        simple_audit(session)
        access = claim_sources.Access(name="practice", url=url, mapping=make.MAPPING)
        claim_sources.add(session, access, by="olga", at=make.NOON)
    database.close()
    return tmp_path


def _open(folder: Path) -> Database:
    return installation.install(f"sqlite:///{folder / 'auditor.sqlite'}", key_path=folder / "auditor.key")


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(auditor, ["metric", *words, "--dir", str(home)])


def answer(home: Path, *words: str) -> Any:
    result = run(home, *words, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


def test_every_row_has_the_keys_that_scripts_know(home: Path) -> None:
    rows = answer(home, "audit", "1")
    assert all([key for key in row if key in KEYS] == KEYS for row in rows)
    headline = next(row for row in rows if (row["metric"], row["arm"]) == ("claim_error_rate", "ai"))
    assert (headline["slice"], headline["numerator"], headline["denominator"]) == ("all", 5, 12)
    assert headline["low"] < headline["estimate"] < headline["high"]


def test_people_see_intervals_drawn_with_the_tolerable_rate(home: Path) -> None:
    shown = run(home, "audit", "1").output
    assert "╎ tolerable claim error rate 5.0" in shown
    assert "●" in shown
    assert "5 of 12" in shown
    assert "$220 of 1,680" in shown
    drawn = [line for line in shown.splitlines() if not line.startswith("next: ")]  # that is to be pasted
    assert max(map(len, drawn)) <= 100


def test_a_trend_has_a_row_a_period(home: Path) -> None:
    (point,) = answer(home, "trend", "--metric", "claim_error_rate", "--every", "quarter")
    assert (point["period"], point["first_on"], point["numerator"]) == ("2025-Q4", "2025-10-01", 5)
    assert "2025-11" in run(home, "trend", "--metric", "cia_error_rate", "--every", "month").output


def test_agreement_of_a_whole_source_is_counted_there(home: Path) -> None:
    rows = answer(home, "agreement", "--source", "practice", "--between", "ai_draft,human", "--by", "model_version")
    found = [(row["metric"], row["slice"], row["numerator"], row["denominator"]) for row in rows]
    assert found[0] == ("ai_human_agreement", "all", 30, 40)
    assert found[3] == ("ai_human_agreement", "model_version=3.0", 10, 20)
    kappa, ac1 = rows[1], rows[2]
    assert (kappa["estimate"], kappa["state"]) == (0.0, "ok")
    assert ac1["estimate"] == pytest.approx((0.75 - 2 * 0.875 * 0.125) / (1 - 2 * 0.875 * 0.125))
    assert "●" in run(home, "agreement", "--source", "practice", "--between", "ai_draft,human").output


def test_stages_that_no_claim_carries_are_no_data(home: Path) -> None:
    rows = answer(home, "agreement", "--source", "practice", "--between", "ai_draft,submitted")
    assert [(row["metric"], row["estimate"], row["state"]) for row in rows] == [
        ("stage_agreement", None, "no_data"),
        ("stage_agreement_kappa", None, "no_data"),
        ("stage_agreement_ac1", None, "no_data"),
    ]


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        (["audit", "9"], NotFound, "no audit 9"),
        (["trend", "--metric", "x", "--every", "week"], BadInput, "there is no metric x"),
        (["agreement", "--source", "practice", "--between", "ai_draft"], BadInput, "two stages"),
        (["agreement", "--source", "practice", "--between", "ai_draft,bot"], BadInput, "two stages"),
        (["agreement", "--source", "nowhere", "--between", "ai_draft,human"], NotFound, "no source nowhere"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    home: Path, words: list[str], kind: type[AuditorError], says: str
) -> None:
    found = run(home, *words).exception
    assert isinstance(found, kind)
    assert says in str(found)
