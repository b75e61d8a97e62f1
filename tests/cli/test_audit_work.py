"""Prebill audits, cases passed on and cases closed without an answer, as typed in a terminal."""

import pytest

from auditor.services import installation
from auditor.storage.monitors import OutboxMessage
from tests import claims_tables, practice
from tests.cli.terminal import Terminal

YEAR = ("--from", "2025-01-01", "--to", "2025-12-31")
STILL_OPEN = ("--from", "2025-01-01", "--to", "2199-12-31")
PREBILL = ("--timing", "prebill", "--prebill-rate", "10%", "--hold-days", "3")


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    """An installation with 300 claims, an officer and two auditors with mail addresses."""
    made = Terminal(tmp_path, capsys, monkeypatch)
    claims_tables.in_sqlite(tmp_path / "claims.sqlite", practice.tables(300))
    assert made.run("init").code == 0
    url = f"sqlite:///{tmp_path / 'claims.sqlite'}"
    made.answer("source", "add", "billing", "--url", url, "--preset", "canonical")
    for name in ("carla", "dora"):
        made.answer("user", "add", name, "--roles", "auditor", "--email", f"{name}@practice.example")
    return made


def opened(terminal, period, *options):
    create = ("plan", "create", "oversight", "--source", "billing", "--objective", "discovery", "--tolerable", "5%")
    terminal.answer(*create, "--auditor", "carla", *options)
    terminal.answer("plan", "approve", "oversight")
    terminal.answer("audit", "open", "oversight", *period)


def told(terminal):
    """Who was told of how many cases, in order."""
    file, key = terminal.folder / "auditor.sqlite", terminal.folder / "auditor.key"
    database = installation.open_database(f"sqlite:///{file}", key_path=key)
    with database.read() as session:
        found = [
            (row.recipient.partition("@")[0], row.content["cases"])
            for row in session.query(OutboxMessage).order_by(OutboxMessage.id)
        ]
    database.close()
    return found


def test_claims_arrive_bills_wait_and_are_released_by_case_and_the_frame_stays_open(terminal):
    opened(terminal, STILL_OPEN, *PREBILL)
    looked = terminal.answer("audit", "arrivals", "1")
    count = looked["selected"]
    assert (looked["closed"], count > 5) == (False, True)
    assert "0 claims selected, their bills are held" in terminal.run("audit", "arrivals", "1").out
    held = terminal.answer("audit", "holds", "1")
    assert len(held) == count
    assert {(each["done"], each["late"], each["released_at"]) for each in held} == {(False, False, None)}
    assert "may be released yet" in terminal.refusal("audit", "release", "1")
    assert terminal.answer("audit", "release", "1", "--cases", "1,2")["released"] == [1, 2]
    assert "nothing was released" in terminal.refusal("audit", "release", "1", "--cases", "2")
    assert "1 bill released" in terminal.run("audit", "release", "1", "--cases", "3").out
    shown = terminal.run("audit", "holds", "1").out
    assert shown.count("held") == count - 3
    assert told(terminal) == [("carla", count)]


def test_when_the_period_is_over_the_frame_closes_and_the_draw_is_verified(terminal):
    opened(terminal, YEAR, *PREBILL)
    printed = terminal.run("audit", "arrivals", "1").out
    assert "the frame is closed, and the seed revealed" in printed
    assert terminal.answer("audit", "verify", "1")["identical"] is True
    assert "is drawn: no claim is selected any more" in terminal.refusal("audit", "arrivals", "1")


def test_cases_are_passed_on_by_number_or_all_and_who_gets_them_is_told(terminal):
    opened(terminal, YEAR, "--size", "12", "--auditor", "dora")
    terminal.answer("audit", "draw", "1")
    pending = terminal.answer("audit", "status", "1")["pending_by_auditor"]
    assert dict(told(terminal)) == pending
    moved = terminal.answer("audit", "reassign", "1", "--from", "carla")
    assert moved == {"audit_id": 1, "source": "carla", "to": {"dora": pending["carla"]}, "left": 0}
    assert told(terminal)[2:] == [("dora", 12)]
    assert terminal.answer("audit", "reassign", "1", "--cases", "3,4", "--to", "carla")["to"] == {"carla": 2}
    assert "cases got" in terminal.run("audit", "reassign", "1", "--cases", "5", "--to", "carla").out
    assert terminal.answer("audit", "status", "1")["pending_by_auditor"] == {"carla": 3, "dora": 9}
    assert "write --cases 3,7" in terminal.refusal("audit", "reassign", "1", "--cases", "C-3", "--to", "carla")


def test_who_is_disabled_leaves_cases_that_are_told_of_with_what_to_do(terminal):
    opened(terminal, YEAR, "--size", "12")
    terminal.answer("audit", "draw", "1")
    said = terminal.run("user", "disable", "carla").out
    assert "cases that wait for carla still: 12 of audit 1" in said
    assert "next: auditor audit reassign 1 --from carla" in said
    assert "carla (disabled)" in terminal.run("audit", "status", "1").out
    assert terminal.answer("audit", "status", "1")["gone"] == ["carla"]


def test_an_extension_and_picked_claims_are_told_of_once(terminal):
    opened(terminal, YEAR, "--size", "10")
    ids = {each["claim_id"] for each in terminal.answer("audit", "draw", "1")["selections"]}
    more = terminal.answer("audit", "extend", "1", "--by", "4")
    ids |= {each["claim_id"] for each in more["selections"]}
    other = next(each for each in (f"C{number:07}" for number in range(1, 300)) if each not in ids)
    terminal.answer("audit", "target", "1", "--claims", other, "--reason", "a call")
    assert told(terminal) == [("carla", 10), ("carla", 4), ("carla", 1)]


def test_cases_without_their_records_are_closed_with_a_reason_and_count_as_errors(terminal):
    opened(terminal, YEAR, "--size", "5")
    terminal.answer("audit", "draw", "1")
    for case in ("1", "2"):
        terminal.answer(
            "documentation", "request", case, "--record", "the note", "--due", "2199-01-31", "--by", "carla"
        )
    assert "takes a reason" in terminal.refusal("audit", "close-unanswered", "1", "--reason", " ")
    closed = terminal.answer("audit", "close-unanswered", "1", "--reason", "asked three times")
    assert (closed["cases_done"], closed["by_documentation"]["not_produced"]) == (2, 2)
    assert "waits for a record or an answer" in terminal.refusal(
        "audit", "close-unanswered", "1", "--reason", "again"
    )
