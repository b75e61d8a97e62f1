"""Designs for one question side by side."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from auditor.cli.calc import calc
from auditor.errors import BadInput
from auditor.stats.plan_comparison import compare

QUESTION = ["compare", "--tolerable", ".05", "--expected", ".01", "--population", "10000"]


def _by_design(**question):
    return {each.design: each for each in compare(**question).designs}


def test_all_designs_answer_the_same_question():
    result = CliRunner().invoke(calc, [*QUESTION, "--json", "--minutes-per-case", "30"])
    rows = {row["design"]: row for row in json.loads(result.output)["designs"]}
    assert len(rows) == 6
    assert rows["fixed, least size"]["hours"] == rows["fixed, least size"]["mean"] / 2
    assert rows["sequential"]["percentile_90"] > rows["sequential"]["mean"]
    assert all(row["guarantee"] for row in rows.values())


def test_the_sequential_design_takes_fewer_than_the_fixed_one_that_passes_as_often():
    found = _by_design(tolerable="0.05", expected="0.01", population=10_000)
    assert found["fixed, both risks"].acceptance >= 0.95
    assert found["fixed, least size"].acceptance < 0.8
    assert found["sequential"].mean < 127 < found["fixed, both risks"].mean


def test_a_better_flag_saves_more_and_a_useless_one_nothing():
    def means(**flag):
        found = _by_design(tolerable="0.1", expected="0.05", **flag)
        return found["prediction-powered"].mean / found["fixed, both risks"].mean

    assert means(sensitivity="0.8", false_flags="0.02") == pytest.approx(1 - 0.52, abs=0.01)
    assert means(sensitivity="0.3", false_flags="0.3") == 1
    assert means(sensitivity=1, false_flags=0) < 0.05


def test_savings_are_called_approximate():
    assert {each.design for each in compare(tolerable="0.1", expected="0.05").designs if not each.exact} == {
        "stratified by the flag",
        "prediction-powered",
    }


def test_an_expected_rate_that_is_not_below_the_tolerable_one_is_refused():
    with pytest.raises(BadInput, match="expected must be below tolerable"):
        compare(tolerable="0.05", expected="0.05")


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_the_picture_is_a_file_on_demand(tmp_path: Path, kind: str):
    out = tmp_path / f"designs.{kind}"
    result = CliRunner().invoke(calc, [*QUESTION, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "▇" in result.output
    text = out.read_text()
    assert "sequential" in text
    if kind == "svg":
        assert ElementTree.fromstring(text).tag.endswith("svg")


def test_any_other_file_is_refused(tmp_path: Path):
    result = CliRunner().invoke(calc, [*QUESTION, "--out", str(tmp_path / "designs.pdf")])
    assert isinstance(result.exception, BadInput)


def test_with_no_error_expected_or_a_flag_on_everything_nothing_is_saved():
    for flag in ({}, {"sensitivity": 1, "false_flags": 1}):
        expected = "0" if not flag else "0.02"
        found = _by_design(tolerable="0.05", expected=expected, **flag)
        assert found["stratified by the flag"].mean == found["fixed, both risks"].mean
        assert found["prediction-powered"].mean == found["fixed, both risks"].mean


def test_a_flag_on_nothing_saves_nothing():
    found = _by_design(tolerable="0.05", expected="0.02", sensitivity=0, false_flags=0)
    assert found["stratified by the flag"].mean == found["fixed, both risks"].mean


def test_the_best_spread_over_flagged_cases_is_neymans():
    found = _by_design(tolerable="0.1", expected="0.05", sensitivity="0.8", false_flags="0.02")
    share = found["stratified by the flag"].mean / found["fixed, both risks"].mean
    inside, outside = 0.04 / 0.059, 0.01 / 0.941
    deviation = 0.059 * (inside * (1 - inside)) ** 0.5 + 0.941 * (outside * (1 - outside)) ** 0.5
    assert share == pytest.approx(deviation**2 / (0.05 * 0.95), abs=0.005)
