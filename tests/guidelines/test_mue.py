"""Medically unlikely edits by their official wording: NCCI Policy Manual, Chapter I, section V. Own examples."""

from datetime import date

import pytest

from auditor.guidelines.protocol import Reason
from tests.guidelines.coded import claim, faults, judged, line, mue, tables


@pytest.mark.parametrize(("units", "fires"), [(2, False), (3, True)])
@pytest.mark.parametrize("adjudication", [1, 2, 3])
def test_a_line_may_reach_its_limit_and_not_pass_it(adjudication, units, fires):
    given = tables(mue("20610", 2, adjudication))
    assert bool(faults("mue", claim(line("20610", units=units)), given)) is fires


def test_two_lines_are_counted_alone_under_indicator_1():
    lines = line("20610", "LT", units=2), line("20610", "RT", units=2)
    assert faults("mue", claim(*lines), tables(mue("20610", 2, 1))) == []


@pytest.mark.parametrize("adjudication", [2, 3])
def test_two_lines_are_counted_together_under_indicators_2_and_3(adjudication):
    lines = line("20610", "LT", units=1), line("20610", "RT", units=2)
    found = judged("mue", claim(*lines), tables(mue("20610", 2, adjudication))).violations
    assert [[each.line for each in violation.codes] for violation in found] == [["2", "1"]]


def test_a_day_is_counted_across_claims_of_one_patient_and_provider():
    given = tables(mue("20610", 2, 2))
    two = [claim(line("20610", units=2)), claim("20610", claim_id="C-2")]
    assert faults("mue", two, given) == [("20610", "20610")]
    apart = [claim(line("20610", units=2)), claim("20610", claim_id="C-2", provider="DR-2")]
    assert faults("mue", apart, given) == []


@pytest.mark.parametrize(
    ("on", "fires"),
    [(date(2025, 4, 30), False), (date(2025, 5, 1), True), (date(2025, 5, 2), True), (date(2025, 6, 1), False)],
)
def test_a_limit_holds_on_its_days(on, fires):
    given = tables(mue("20610", 2, 2, first_on=date(2025, 5, 1), last_on=date(2025, 5, 31)))
    assert bool(faults("mue", claim(line("20610", units=3), served_on=on), given)) is fires


def test_a_code_without_a_limit_is_clean():
    assert faults("mue", claim(line("99213", units=99)), tables(mue("20610", 2, 2))) == []


def test_a_line_without_units_is_not_judged():
    answer = judged("mue", claim(line("20610", units=None)), tables(mue("20610", 2, 2)))
    assert [each.reason for each in answer.not_judged] == [Reason.NO_UNITS]


def test_without_an_edition_nothing_is_called_clean():
    answer = judged("mue", claim(line("20610", units=9)), tables(editions=()))
    assert [each.reason for each in answer.not_judged] == [Reason.NO_EDITION]
