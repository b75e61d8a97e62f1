"""A plan changed, retired, forecast and subscribed to, as typed in a terminal."""

from datetime import UTC, datetime

import pytest

from tests import claims_tables, practice
from tests.cli.terminal import Terminal

CREATE = ("plan", "create", "oversight", "--source", "billing", "--objective", "discovery", "--tolerable", "5%")
YEAR = ("--from", "2025-01-01", "--to", "2025-12-31")


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    """An installation with 120 claims and an auditor."""
    made = Terminal(tmp_path, capsys, monkeypatch)
    claims_tables.in_sqlite(tmp_path / "claims.sqlite", practice.tables(120))
    assert made.run("init").code == 0
    url = f"sqlite:///{tmp_path / 'claims.sqlite'}"
    made.answer("source", "add", "billing", "--url", url, "--preset", "canonical")
    made.answer("user", "add", "carla", "--roles", "auditor")
    return made


def test_what_is_not_named_in_a_change_stays_and_an_approved_plan_never_changes(terminal):
    terminal.answer(*CREATE, "--stratify", "coding_source", "--auditor", "carla")
    changed = terminal.answer(
        "plan", "change", "oversight", "--name", "watch", "--tolerable", "10%", "--lead", "olga"
    )
    assert (changed["plan"], changed["lead"], changed["stratify"]) == ("watch", "olga", ["coding_source"])
    assert terminal.answer("plan", "show", "watch") == changed
    assert "there is no plan oversight" in terminal.refusal("plan", "show", "oversight")
    terminal.answer("plan", "approve", "watch")
    assert "never changes" in terminal.refusal("plan", "change", "watch", "--tolerable", "5%")


def test_an_officers_name_stands_under_an_approval_only_with_their_password(terminal):
    terminal.answer(*CREATE)
    terminal.answer("user", "add", "olga", "--roles", "officer", "--password-stdin", stdin="a long sentence\n")
    approve = ("plan", "approve", "oversight", "--password-stdin", "--by")
    assert "it takes the role officer" in terminal.refusal(*approve, "carla", code=3)
    assert "the password is wrong" in terminal.refusal(*approve, "olga", code=3, stdin="a wrong sentence\n")
    assert terminal.answer("plan", "show", "oversight")["approved_by"] is None
    assert terminal.answer(*approve, "olga", stdin="a long sentence\n")["approved_by"] == "olga"
    assert "approved already, by olga" in terminal.refusal(*approve, "olga")


def test_of_a_retired_plan_no_audit_opens_and_open_ones_go_on(terminal):
    terminal.answer(*CREATE, "--size", "8", "--auditor", "carla")
    terminal.answer("plan", "approve", "oversight")
    terminal.answer("audit", "open", "oversight", *YEAR)
    assert terminal.answer("plan", "retire", "oversight")["retired_at"]
    assert "retired already" in terminal.refusal("plan", "retire", "oversight")
    assert "retired" in terminal.refusal("audit", "open", "oversight", *YEAR)
    assert terminal.answer("audit", "draw", "1")["sample_size"] == 8


def test_a_forecast_counts_what_waits_and_what_the_plans_will_bring(terminal):
    monthly = ("--repeat", "FREQ=MONTHLY", "--starts", "2025-01-01", "--audit-what-is-over")
    terminal.answer(*CREATE, "--size", "8", "--auditor", "carla", *monthly)
    terminal.answer("plan", "approve", "oversight")
    terminal.answer("audit", "open", "oversight", *YEAR)
    terminal.answer("audit", "draw", "1")
    found = terminal.answer("plan", "forecast", "--months", "4")
    (carla,) = found["people"]
    this_month = datetime.now(UTC).strftime("%Y-%m")
    assert (carla["name"], carla["waiting"], len(found["months"]), found["months"][0]) == ("carla", 8, 4, this_month)
    minutes = carla["effort"]["minutes"]
    assert carla["waiting_hours"] == pytest.approx(8 * minutes / 60)
    assert [round(hours * 60 / minutes) for hours in carla["months"].values()][1:] == [8, 8, 8]
    printed = terminal.run("plan", "forecast").out
    assert "minutes a case: a guess" in printed
    assert "carla" in printed


def test_the_address_of_a_calendar_stays_until_a_new_one_is_asked_for(terminal):
    first = terminal.answer("plan", "feed", "carla")["url"]
    assert terminal.answer("plan", "feed", "carla")["url"] == first
    assert "/calendar/" in first
    assert terminal.run("plan", "feed", "carla").out.strip() == first
    assert terminal.answer("plan", "feed", "carla", "--new")["url"] != first
    assert "there is no user nobody" in terminal.refusal("plan", "feed", "nobody")
