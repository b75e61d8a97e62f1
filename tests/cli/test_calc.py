"""The calculators as commands: the same number as the function, and everything needed to believe it."""

import json
from importlib import import_module

import pytest
from click.testing import CliRunner, Result

from auditor.cli.calc import calc
from auditor.errors import BadInput
from auditor.services.calculators.registry import CALCULATORS


def _run(*words: str) -> Result:
    return CliRunner().invoke(calc, list(words))


def _answer(*words: str) -> dict[str, object]:
    result = _run(*words, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def test_a_size_comes_with_formula_assumptions_and_source() -> None:
    answer = _answer("attribute-size", "--tolerable", "0.05", "--expected", "0.01", "--confidence", "0.95")
    assert (answer["sample_size"], answer["allowed_errors"]) == (93, 1)
    assert answer["formula"]
    assert answer["assumptions"]
    assert answer["source"]


def test_rates_may_be_written_in_percent() -> None:
    in_percent = _answer("attribute-size", "--tolerable", "10%", "--expected", "4 %")
    assert (
        in_percent["sample_size"]
        == _answer("attribute-size", "--tolerable", "0.1", "--expected", "1/25")["sample_size"]
    )
    refused = _run("attribute-size", "--tolerable", "ten%", "--expected", "0")
    assert "--tolerable 'ten%' is not NUMBER" in str(refused.exception)


def test_counts_may_be_given_in_order_or_by_name() -> None:
    in_order = _answer("exact-interval", "2", "102", "1200", "--confidence", "0.9")
    by_name = _answer("exact-interval", "--errors", "2", "--n", "102", "--population", "1200", "--confidence", "0.9")
    assert in_order == by_name


def test_strata_are_written_as_rows() -> None:
    answer = _answer("stratified-interval", "--strata", "3/60/1000,1/40/500")
    assert answer["low"] < 4 / 100 < answer["high"]  # type: ignore[operator]


def test_a_rate_given_in_percent_is_refused_with_its_range() -> None:
    result = _run("attribute-size", "--tolerable", "5", "--expected", "0.01")
    assert isinstance(result.exception, BadInput)
    assert "tolerable must lie between 0 and 1" in str(result.exception)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["attribute-size"], "--tolerable is missing"),
        (["clopper-pearson", "3"], "--n is missing"),
        (["clopper-pearson", "3", "60", "9"], "too many numbers"),
    ],
)
def test_what_is_missing_or_too_much_is_named(words: list[str], said: str) -> None:
    result = _run(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_word_in_place_of_a_count_is_refused() -> None:
    result = _run("clopper-pearson", "three", "60")
    assert isinstance(result.exception, BadInput)
    assert "--errors" in str(result.exception)


@pytest.mark.parametrize("name", [name for name in CALCULATORS if name != "compare"])
def test_every_calculator_says_what_it_takes(name: str) -> None:
    module, function = CALCULATORS[name].path.split(":")
    first_line = getattr(import_module(f"auditor.stats.{module}"), function).__doc__.splitlines()[0]
    result = _run(name, "--help")
    assert result.exit_code == 0
    assert first_line.split()[0] in result.output


def test_people_see_the_inputs_and_the_citation() -> None:
    output = _run("upper-limit", "0", "59").output
    assert "put in" in output
    assert "AICPA Audit Guide" in output
    assert "RAT-STATS: Attribute Appraisals" in output


def test_a_column_of_a_file_may_be_given_in_place_of_numbers(tmp_path) -> None:
    file = tmp_path / "sample.csv"
    file.write_text("claim,overpaid\na,0\nb,10\nc,0\nd,5\n")
    answer = _answer("mean-per-unit", "--overpaid", f"{file}:overpaid", "--population", "40")
    assert answer["estimate"] == 150


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path) -> None:
    file = tmp_path / "sample.csv"
    file.write_text("claim,overpaid\na,0\n")
    result = _run("betting-limit", "--overpaid", f"{file}:paid", "--population", "40")
    assert isinstance(result.exception, BadInput)
    assert "no column paid: it has claim, overpaid" in str(result.exception)


def test_random_numbers_come_in_order_of_selection_with_spares_and_a_recorded_seed() -> None:
    words = ["random-numbers", "--low", "1", "--high", "400", "--count", "5", "--spares", "2"]
    named, longer = _answer(*words, "--seed", "a"), _answer(*words[:5], *words[5:7], "--seed", "a")
    assert named["numbers"] == longer["numbers"]
    assert sorted(named["numbers"]) == named["in_order"]  # type: ignore[call-overload]
    assert len({*named["numbers"], *named["spares"]}) == 7  # type: ignore[misc]
    assert named["seed_source"] == "supplied"
    first, second = _answer(*words), _answer(*words)
    assert first["seed"] != second["seed"]
    assert first["seed_source"] == "generated"
    again = _answer(*words, "--seed", str(first["seed"]))
    assert again["numbers"] == first["numbers"]


def test_what_is_still_open_is_written_as_a_question_mark() -> None:
    answer = _answer("decision", "--outcomes", "0,0,1,?", "--tolerable", "0.05", "--population", "500")
    assert (answer["draws"], answer["errors"], answer["unfinished"]) == (4, 1, 1)
    assert answer["may_stop"] is False


def test_raters_are_written_side_by_side_unit_after_unit() -> None:
    answer = _answer("krippendorff-alpha", "--ratings", "1/1/2,2/2/2,1/?/1,3/3/?", "--level", "nominal")
    assert answer["n"] == 4
