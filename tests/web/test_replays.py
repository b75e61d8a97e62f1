"""A detector over pasted outcomes: what it says, how it is drawn, and what is refused."""

import pytest

from auditor.domain.people import Role
from auditor.errors import BadInput
from auditor.services.monitoring.replays import PASTED, of_text
from auditor.web.calculating import Apart

GIVEN = {
    "method": "cusum",
    "baseline_errors": "50",
    "baseline_n": "1000",
    "arl": "10000",
    "odds_ratio": "2",
    "batch": "50",
}
DRIFTED = "\n".join("0" * 380 + "10" * 60)


@pytest.fixture
def mia(small_site):
    return small_site.logged_in("mia", Role.MANAGER)


@pytest.mark.parametrize("method", ["cusum", "e-detector", "p-chart", "ewma"])
def test_each_detector_says_where_it_alarms_and_draws_its_statistic_beside_its_line(mia, method):
    page = mia.post("/replay", **GIVEN | {"method": method}, outcomes=DRIFTED)
    assert page.status_code == 200
    assert "in 500 audited cases, the first at case" in page.text
    assert page.text.count('class="chart"') == 2
    assert "threshold" in page.text
    assert f"auditor monitor replay --method {method}" in page.text
    assert "style=" not in page.text


def test_a_steady_stream_raises_no_alarm(mia):
    assert "No alarm in 400 audited cases" in mia.post("/replay", **GIVEN, outcomes="\n".join("0" * 400)).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcomes": "0\n1\nyes"}, "Line 3 of what was pasted is neither 0 nor 1"),
        ({"outcomes": ""}, "what was pasted is empty"),
        ({"outcomes": "0\n" * 5001}, "5,000 outcomes at most"),
        ({"baseline_errors": "many"}, "The errors of the baseline is a number"),
        ({"baseline_errors": "2000"}, "must lie between 0 and"),
        ({"baseline_n": "0"}, "whole number from 1 on"),
        ({"baseline_n": "9999999"}, "100,000 audited cases at most"),
        ({"arl": "1"}, "Cases between false alarms lie between 2"),
        ({"odds_ratio": "1"}, "odds between 1 and 100 times as large"),
        ({"method": "guess"}, "There is no method guess"),
        ({"batch": "5001"}, "Cases a point lie between 1 and 5,000"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_with_what_was_typed(mia, changed, said):
    given = GIVEN | {"outcomes": DRIFTED} | changed
    answer = mia.post("/replay", **given)
    assert answer.status_code == 400
    assert said in answer.text
    if "outcomes" not in changed:
        ((name, value),) = changed.items()
        assert name == "method" or f'name="{name}" value="{value}"' in answer.text


def test_fewer_cases_than_a_point_takes_are_said_and_not_drawn(mia):
    answer = mia.post("/replay", **GIVEN | {"method": "p-chart", "batch": "100"}, outcomes="0\n1")
    assert "There are fewer cases than one point takes" in answer.text


def test_the_list_of_monitors_leads_to_it_and_coders_do_not_see_it(small_site, mia):
    assert 'href="/replay"' in mia.get("/monitors").text
    assert "Replay audited outcomes" in mia.get("/replay").text
    assert small_site.logged_in("cora", Role.CODER).get("/replay").status_code == 403


def test_it_is_calculated_in_a_process_that_is_ended_where_it_takes_too_long():
    apart = Apart()
    try:
        found = apart.answer(PASTED, GIVEN | {"outcomes": DRIFTED})["trace"]
        assert found == of_text(GIVEN | {"outcomes": DRIFTED})
        hurried = Apart(seconds=0.01)
        with pytest.raises(BadInput, match="takes longer"):
            hurried.answer(PASTED, GIVEN | {"outcomes": DRIFTED})
    finally:
        apart.close()
