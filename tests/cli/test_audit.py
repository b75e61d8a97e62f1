"""From a bare folder to a signed audit, as a compliance officer types it."""

import json
import sqlite3

import pytest
from sqlalchemy import update

from auditor.domain.audits import ReviewStatus
from auditor.services import installation
from auditor.storage.cases import AuditCase
from tests import claims_tables, practice
from tests.cli.terminal import Terminal

YEAR = ("--from", "2025-01-01", "--to", "2025-12-31")


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    """An installation with a claims file of 300 claims beside it."""
    made = Terminal(tmp_path, capsys, monkeypatch)
    claims_tables.in_sqlite(tmp_path / "claims.sqlite", practice.tables(300))
    assert made.run("init").code == 0
    return made


@pytest.fixture
def planned(terminal):
    """A source and an approved plan of 40 claims in three strata."""
    url = f"sqlite:///{terminal.folder / 'claims.sqlite'}"
    terminal.answer("source", "add", "billing", "--url", url, "--preset", "canonical")
    terminal.answer(
        *("plan", "create", "oversight", "--source", "billing", "--stratify", "coding_source", "--size", "40"),
        *("--objective", "attribute", "--tolerable", "5%", "--expected", "1/100", "--auditor", "anna"),
    )
    terminal.answer("plan", "approve", "oversight")
    return terminal


@pytest.fixture
def drawn(planned):
    """The plan's audit 1, drawn."""
    assert planned.answer("audit", "open", "oversight", *YEAR)["audit_id"] == 1
    planned.answer("audit", "draw", "1")
    return planned


def finish(terminal):
    database = installation.open_database(
        f"sqlite:///{terminal.folder / 'auditor.sqlite'}", key_path=terminal.folder / "auditor.key"
    )
    with database.write() as session:
        session.execute(update(AuditCase).values(review_status=ReviewStatus.DONE))
    database.close()


def test_a_period_that_is_not_over_is_told_of_when_its_audit_opens(planned):
    assert planned.answer("audit", "open", "oversight", *YEAR)["notes"] == []
    ahead = ("--from", "2099-01-01", "--to", "2099-12-31")
    (note,) = planned.answer("audit", "open", "oversight", *ahead)["notes"]
    assert note.startswith("the period has not begun, and ends on 2099-12-31: claims that arrive after the draw")
    running = ("--from", "2025-01-01", "--to", "2099-12-31")
    assert "note: the period ends on 2099-12-31" in planned.run("audit", "open", "oversight", *running).out


def test_a_sample_that_takes_the_whole_frame_says_so_at_the_draw_and_when_it_grows(planned):
    planned.answer("audit", "open", "oversight", *YEAR)
    planned.answer("audit", "draw", "1")
    grown = planned.run("audit", "extend", "1", "--by", "5000").out
    assert "note: only 260 units were left in the frame: all of them are taken" in grown
    assert grown.count("note: ") == 1


def test_the_draw_prints_the_document_that_scripts_rely_on(planned):
    planned.answer("audit", "open", "oversight", *YEAR)
    document = planned.answer("audit", "draw", "1", "--seed", "31")
    assert document["audit_id"] == 1
    assert (document["round"], document["sample_size"], document["algorithm"]) == (1, 40, "sha256-ticket/1")
    assert (document["seed"], document["seed_source"]) == ("31", "supplied")
    assert set(document["frame"]) >= {"claims", "paid_cents", "sha256"}
    assert document["strata"][0] == {"name": "ai", "claims": 100, "drawn": 14}
    assert set(document["selections"][0]) >= {
        "claim_id",
        "stratum",
        "draw_order",
        "ticket",
        "selection_probability",
        "method",
    }


def test_a_check_of_a_source_has_its_fixed_keys(planned):
    document = planned.answer("source", "check", "billing")
    assert (document["claims"], document["codes"], document["by_coding_source"]["ai"]) == (300, 450, 100)
    assert "claims.patient_age" in document["missing_columns"]
    assert document["problems"] == []
    assert "without claims.patient_age: rules that depend on age" in planned.run("source", "check", "billing").out


def test_sizing_shows_frame_objectives_and_strata(planned):
    document = planned.answer("plan", "size", "oversight", *YEAR)
    assert (document["sample_size"], document["frame"]["claims"], len(document["strata"])) == (40, 300, 3)
    assert {each["objective"] for each in document["objectives"]} >= {"discovery", "attribute", "precision", "cia"}


def test_an_audit_from_the_first_command_to_the_signature(drawn):
    assert drawn.answer("audit", "extend", "1", "--by", "5")["sample_size"] == 45
    outside = "C0000001,C0000002,C0000003,C0000004,C0000005,C0000006"
    drawn_ids = {each["claim_id"] for each in drawn.answer("audit", "show", "1")["selections"]}
    picked = next(claim_id for claim_id in outside.split(",") if claim_id not in drawn_ids)
    assert drawn.answer("audit", "target", "1", "--claims", picked, "--reason", "a call")["sample_size"] == 45
    assert drawn.answer("audit", "verify", "1")["identical"] is True
    drawn.answer("user", "add", "olga", "--roles", "officer", "--password-stdin", stdin="a long sentence\n")
    assert "46 of 46 cases" in drawn.refusal("audit", "sign-off", "1", "--by", "olga", "--meaning", "final")
    finish(drawn)
    sign = ("audit", "sign-off", "1", "--by", "olga", "--meaning", "approved as final", "--password-stdin")
    assert "the password is wrong: nothing was changed" in drawn.refusal(*sign, code=3, stdin="a wrong sentence\n")
    signed = drawn.answer(*sign, stdin="a long sentence\n")
    assert (signed["state"], signed["signature"]["signer"], signed["tainted"]) == ("signed", "olga", False)
    (listed,) = drawn.answer("audit", "list")
    assert (listed["audit_id"], listed["plan"], listed["state"]) == (1, "oversight", "signed")
    assert listed["signed_at"]
    assert drawn.answer("audit", "reopen", "1", "--reason", "a record came late")["tainted"] is True
    assert "a record came late" in drawn.run("audit", "status", "1").out
    assert "signature tainted" in drawn.run("audit", "list").out
    assert drawn.answer("log", "verify")["intact"] is True


def test_a_difference_is_printed_and_ends_with_one(drawn):
    with sqlite3.connect(drawn.folder / "claims.sqlite") as claims:
        claims.execute("UPDATE claims SET paid_cents = coalesce(paid_cents, 0) + 1")
    document = drawn.answer("audit", "verify", "1", code=1)
    assert (document["identical"], len(document["changed"])) == (False, 40)
    printed = drawn.run("audit", "verify", "1")
    assert printed.code == 1
    assert "DIFFERENT" in printed.out


def test_who_may_not_sign_is_told_so_with_its_own_exit_code(drawn):
    drawn.answer("user", "add", "anna", "--roles", "auditor")
    sentence = drawn.refusal("audit", "sign-off", "1", "--by", "anna", "--meaning", "final", code=3)
    assert "it takes the role officer" in sentence
    sentence = drawn.refusal("audit", "sign-off", "1", "--by", "nobody", "--meaning", "final")
    assert "auditor user add nobody" in sentence
    drawn.answer("user", "add", "olga", "--roles", "officer")
    finish(drawn)
    sentence = drawn.refusal(
        "audit", "sign-off", "1", "--by", "olga", "--meaning", "final", "--password-stdin", code=3
    )
    assert "olga has no password to sign with: `auditor user reset-password olga` gives one" in sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("audit", "open", "oversight", "--from", "2025-12-31", "--to", "2025-01-01"), "turn the dates round"),
        (("audit", "open", "nothing", *YEAR), "there is no plan nothing"),
        (("audit", "draw", "7"), "there is no audit 7"),
        (("audit", "verify", "1"), "is not drawn yet"),
        (("audit", "extend", "1", "--by", "3"), "is not drawn yet"),
        (("audit", "reopen", "1"), "only a signed audit"),
        (("source", "check", "nowhere"), "there is no source nowhere"),
        (("source", "add", "b", "--url", "sqlite:///x", "--mapping", "nothing.toml"), "nothing.toml cannot be read"),
        (("source", "add", "b", "--url", "postgresql://u:pw@h/d", "--preset", "tuva"), "write ${NAME}"),
        (("user", "disable", "nobody"), "there is no user nobody"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(planned, words, sentence):
    planned.answer("audit", "open", "oversight", *YEAR)
    assert sentence in planned.refusal(*words)


def test_wrong_usage_has_an_exit_code_of_its_own(terminal):
    assert terminal.run("audit", "open").code == 2
    assert terminal.run("source", "add", "b", "--url", "sqlite:///x").code == 2
    printed = terminal.run("plan", "create", "p", "--source", "s", "--objective", "luck")
    assert (printed.code, "none of discovery, attribute" in printed.err) == (2, True)


def test_a_folder_without_an_installation_says_what_to_run(tmp_path, capsys, monkeypatch):
    assert "run `auditor init` first" in Terminal(tmp_path, capsys, monkeypatch).refusal("audit", "list")


def test_the_last_line_says_what_to_do_next(drawn):
    for words in (
        ("plan", "list"),
        ("audit", "list"),
        ("audit", "status", "1"),
        ("audit", "show", "1"),
        ("db", "check"),
    ):
        assert drawn.run(*words).out.strip().splitlines()[-1].startswith("next: auditor ")


def test_an_audit_without_auditors_is_given_to_one_before_anybody_reviews(terminal):
    url = f"sqlite:///{terminal.folder / 'claims.sqlite'}"
    terminal.answer("source", "add", "billing", "--url", url, "--preset", "canonical")
    terminal.answer("plan", "create", "nobody's", "--source", "billing", "--objective", "cia", "--size", "5")
    terminal.answer("plan", "approve", "nobody's")
    terminal.answer("audit", "open", "nobody's", *YEAR)
    terminal.answer("audit", "draw", "1")
    last = terminal.run("audit", "status", "1").out.strip().splitlines()[-1]
    assert last == f"next: auditor audit reassign 1 --to USER --dir {terminal.folder}"


def test_a_screen_is_at_most_a_hundred_columns_wide_and_plain_when_piped(drawn):
    lines = drawn.run("audit", "status", "1").out.splitlines()
    tables = [line for line in lines if "SHA" not in line and not line.startswith("next: ")]  # those are to be pasted
    assert max(map(len, tables)) <= 100
    assert "\x1b" not in drawn.run("audit", "show", "1").out


def test_log_and_database_are_looked_after_from_the_terminal(drawn, tmp_path):
    checkpoint, copy = tmp_path / "checkpoint.json", tmp_path / "copy.sqlite"
    drawn.answer("log", "checkpoint", "--out", str(checkpoint))
    drawn.answer("db", "backup", str(copy))
    with sqlite3.connect(tmp_path / "auditor.sqlite") as ours:
        ours.execute("DELETE FROM log_entries WHERE number = (SELECT max(number) FROM log_entries)")
    assert drawn.answer("log", "verify")["intact"] is True
    cut = drawn.answer("log", "verify", "--checkpoint", str(checkpoint), code=1)
    assert "cut off" in cut["problems"][0]["problem"]
    drawn.answer("db", "restore", str(copy))
    assert drawn.answer("log", "verify", "--checkpoint", str(checkpoint))["intact"] is True
    lines = drawn.run("log", "export").out.strip().splitlines()
    assert json.loads(drawn.run("log", "export", "--json").out)[: len(lines)] == [json.loads(line) for line in lines]
    assert len(lines) == drawn.answer("log", "verify")["entries"] - 2


def test_a_privileged_audit_names_who_may_know_of_it(drawn):
    for name in ("anna", "olga"):
        drawn.answer("user", "add", name, "--roles", "officer")
    shown = {"audit_id": 1, "privileged": False, "names": []}
    assert drawn.answer("audit", "privilege", "1") == shown
    assert "anna has cases" in drawn.refusal("audit", "privilege", "1", "--names", "olga")
    assert drawn.answer("audit", "privilege", "1", "--names", "olga,anna")["names"] == ["anna", "olga"]
    assert "known to anna, olga only" in drawn.run("audit", "privilege", "1").out
    assert drawn.answer("audit", "privilege", "1", "--lift") == shown
