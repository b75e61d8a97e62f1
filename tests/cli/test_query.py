"""Queries and requests for records by command."""

import pytest

from auditor.domain.people import Role
from auditor.services import installation
from tests import make
from tests.cli.terminal import Terminal

WORDS = (
    *("query", "open", "1", "--question", "Which type of heart failure was treated?", "--to", "dora"),
    *("--indicator", "EF 35 %", "--option", "Acute", "--option", "Chronic", "--by", "anna", "--due", "2099-01-31"),
)


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    database = installation.install(f"sqlite:///{tmp_path / 'auditor.sqlite'}", key_path=tmp_path / "auditor.key")
    with database.write() as session:
        make.user(session, "anna", roles=(Role.AUDITOR,))
        make.user(session, "dora", roles=(Role.CODER,))
        make.case(session, make.audit(session), make.claim(), assigned_to="anna")
    database.close()
    return Terminal(folder=tmp_path, capture=capsys, patch=monkeypatch)


def test_a_query_from_its_draft_to_its_outcome(terminal):
    draft = terminal.answer(*WORDS, "--draft")
    assert (draft["state"], draft["problems"], draft["to"]) == ("draft", [], "dora")
    assert draft["options"] == ["Acute", "Chronic", "Other (please explain)", "Unable to determine"]
    assert terminal.answer("query", "send", "1", "--by", "anna")["state"] == "open"
    assert [each["query_id"] for each in terminal.answer("query", "list", "--state", "open")] == [1]
    answered = terminal.answer("query", "answer", "1", "--option", "Chronic")
    assert (answered["answer"], answered["answered_by"], answered["answer_route"]) == ("Chronic", "dora", "command")
    assert "answered by dora: Chronic" in terminal.run("query", "show", "1").out
    closed = terminal.answer("query", "close", "1", "--outcome", "record_amended", "--note", "addendum")
    assert (closed["state"], closed["outcome"], closed["note"]) == ("closed", "record_amended", "addendum")


def test_what_is_wrong_with_a_query_is_said_in_one_sentence(terminal):
    words = [word.replace("was treated?", "was treated, for the DRG?") for word in WORDS]
    assert "take out “DRG”" in terminal.refusal(*words)
    assert terminal.answer("query", "list") == []
    draft = terminal.answer(*words, "--draft")
    assert draft["problems"] == ["take out “DRG”: a query never speaks of payment, severity or quality scores"]


def test_a_template_fills_in_the_question_and_its_gaps_are_asked_for(terminal):
    assert "specificity" in {each["name"] for each in terminal.answer("query", "templates")}
    rest = ("--indicator", "EF 35 %", "--to", "dora", "--by", "anna")
    words = ("query", "open", "1", "--template", "specificity", *rest)
    assert "fill in the gap {condition}" in terminal.refusal(*words)
    own = terminal.folder / "queries.toml"
    asked = 'purpose = "clarify"\nquestion = "Which side?"\noptions = ["Left", "Right"]'
    own.write_text(f'[ours]\ntitle = "t"\n{asked}\n')
    assert terminal.answer(*words[:4], "ours", *rest)["question"] == "Which side?"
    own.write_text("[ours]\ntitle = 1\n")
    assert "needs options, purpose, question, title" in terminal.refusal("query", "templates")


def test_records_are_requested_settled_and_listed(terminal):
    asked = terminal.answer("documentation", "request", "1", "--record", "x-ray", "--due", "2099-01-31")
    assert (asked[0]["state"], asked[0]["record"]) == ("requested", "x-ray")
    assert terminal.answer("documentation", "list", "--state", "requested")[0]["case_id"] == 1
    assert terminal.answer("documentation", "settle", "1", "--not-produced")[0]["state"] == "not_produced"


def test_a_missed_query_is_noted_and_withdrawn(terminal):
    assert terminal.answer("query", "missed", "1", "--reason", "type unclear") == {"case_id": 1, "missed": True}
    assert terminal.answer("query", "missed", "1", "--withdraw") == {"case_id": 1, "missed": False}
    assert "no missed query" in terminal.refusal("query", "missed", "1", "--withdraw")


def test_a_query_can_be_taken_back(terminal):
    terminal.answer(*WORDS)
    assert terminal.answer("query", "cancel", "1", "--reason", "found in the chart")["state"] == "cancelled"


def test_how_long_answers_took_is_told(terminal):
    terminal.answer(*WORDS)
    assert terminal.answer("query", "times")["median_days"] is None
    terminal.answer("query", "answer", "1", "--option", "Chronic")
    assert terminal.answer("query", "times")["answered"] == 1
    assert "1 answered, median 0.0 days" in terminal.run("query", "times").out


def test_what_a_command_shows_of_a_case_is_in_the_log_of_views(terminal):
    terminal.answer("review", "next", "--by", "anna")
    terminal.answer(*WORDS)
    terminal.answer("query", "show", "1")
    terminal.answer("review", "export", "1", "--out", str(terminal.folder / "review.csv"))
    seen = [(each["route"], each["address"]) for each in terminal.answer("log", "views", "--case", "1")]
    assert seen == [(f"auditor {name}", "terminal") for name in ("review export", "query show", "review next")]
