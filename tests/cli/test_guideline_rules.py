import pytest

from tests.cli.terminal import Terminal

RULE = """
[[rule]]
name = "no_office_visits_on_sundays"
explanation = "An example."
citation = "House policy 7"
when = { codes = ["99213"] }
fires = [{ codes = ["99213"] }, { codes = ["%s"] }]
passes = [{ codes = ["93000"] }]
"""


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    return Terminal(folder=tmp_path, capture=capsys, patch=monkeypatch)


def test_the_shipped_rules_keep_their_promises_without_any_database(terminal):
    answer = terminal.answer("guideline", "test")
    assert answer["rules"] >= 12
    assert answer["examples"] >= 2 * answer["rules"]
    assert answer["failed"] == []


def test_a_rule_that_breaks_its_own_example_is_named_and_exits_1(terminal, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(RULE % "99214")
    answer = terminal.answer("guideline", "test", str(own), code=1)
    assert [(each["rule"], each["example"], each["must_fire"], each["fired"]) for each in answer["failed"]] == [
        ("no_office_visits_on_sundays", 2, True, False)
    ]
    printed = terminal.run("guideline", "test", str(own))
    assert printed.code == 1
    assert "2 of 3 examples as promised" in printed.out
    assert "did not fire" in printed.out


def test_the_practices_own_file_is_tried_beside_the_shipped_one(terminal, tmp_path):
    shipped = terminal.answer("guideline", "test")["rules"]
    (tmp_path / "guidelines.toml").write_text(RULE % "99213")
    assert terminal.answer("guideline", "test")["rules"] == shipped + 1


def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(terminal, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(RULE.replace("codes", "kodes") % "99213")
    assert "'no_office_visits_on_sundays'" in terminal.refusal("guideline", "test", str(own))


def test_an_explanation_of_an_unknown_source_is_refused(terminal):
    terminal.answer("init")
    refusal = terminal.refusal("guideline", "explain", "mue", "--source", "nowhere", "--since", "2025-04-07")
    assert "nowhere" in refusal
