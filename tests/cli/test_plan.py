"""What `auditor plan` refuses before it writes anything, and what it says to type next."""

import sqlite3
from pathlib import Path

import pytest

from tests import claims_tables, practice
from tests.cli.terminal import Terminal

CREATE = ("plan", "create", "AI oversight", "--source", "billing", "--objective", "discovery", "--tolerable", "5%")


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """An installation with a source."""
    made = Terminal(tmp_path, capsys, monkeypatch)
    claims_tables.in_sqlite(tmp_path / "claims.sqlite", practice.tables(60))
    assert made.run("init").code == 0
    url = f"sqlite:///{tmp_path / 'claims.sqlite'}"
    made.answer("source", "add", "billing", "--url", url, "--preset", "canonical")
    return made


def test_a_condition_that_the_source_refuses_makes_no_plan(terminal: Terminal) -> None:
    said = terminal.refusal(*CREATE, "--where", "payr = 'Medicare'")
    assert "no such column: payr" in said
    assert terminal.answer("plan", "list") == []
    terminal.answer(*CREATE, "--where", "payer = 'Medicare'")
    assert "payr" in terminal.refusal("plan", "change", "AI oversight", "--where", "payr = 'Medicare'")
    assert terminal.answer("plan", "show", "AI oversight")["where"] == "payer = 'Medicare'"


def test_a_start_in_the_past_has_to_be_meant(terminal: Terminal) -> None:
    past = ("--repeat", "FREQ=YEARLY;COUNT=2", "--starts", "2020-12-01")
    assert "2 of its periods are over already" in terminal.refusal(*CREATE, *past)
    assert terminal.answer("plan", "list") == []
    terminal.answer(*CREATE, *past, "--audit-what-is-over")
    terminal.answer("plan", "change", "AI oversight", "--size", "30")
    said = terminal.refusal("plan", "change", "AI oversight", "--starts", "2021-12-01")
    assert "say --audit-what-is-over, or let it start later" in said


def test_a_stratum_that_the_source_does_not_have_makes_no_plan(terminal: Terminal) -> None:
    with sqlite3.connect(terminal.folder / "claims.sqlite") as claims:
        claims.execute("ALTER TABLE claims RENAME COLUMN payer TO payor")
    assert "has no column payer" in terminal.refusal(*CREATE, "--stratify", "payer")


def test_a_plan_is_made_while_its_source_is_away_and_says_that_nothing_was_tried(terminal: Terminal) -> None:
    (terminal.folder / "claims.sqlite").unlink()
    printed = terminal.run(*CREATE, "--where", "payr = 'Medicare'")
    assert printed.code == 0
    assert "were not tried on the source" in printed.err


def test_names_with_blanks_are_quoted_in_what_to_type_next(terminal: Terminal) -> None:
    assert "next: auditor plan size 'AI oversight' --from" in terminal.run(*CREATE).out
    period = ("--from", "2025-01-01", "--to", "2025-12-31")
    sized = terminal.run("plan", "size", "AI oversight", *period).out
    assert "next: auditor plan approve 'AI oversight'" in sized
    assert "`auditor plan approve 'AI oversight'`" in terminal.refusal("audit", "open", "AI oversight", *period)
