"""For which moment `auditor run-due` works: a time without an offset is one where the practice is."""

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    made = Terminal(tmp_path, capsys, monkeypatch)
    assert made.run("init").code == 0
    monkeypatch.setenv("AUDITOR_TIME_ZONE", "America/New_York")
    return made


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2027-03-14", "2027-03-14"),
        ("2027-03-14T00:30", "2027-03-14"),
        ("2027-03-14T23:30", "2027-03-14"),
        ("2027-03-15T03:30+00:00", "2027-03-14"),
    ],
)
def test_a_moment_is_one_of_the_practice(terminal, said, day):
    assert terminal.answer("run-due", "--as-of", said)["due"]["as_of"] == day


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("2027-03-14T02:30", "2027-03-14T02:30 does not exist in America/New_York"),
        ("2026-11-01T01:30", "write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00"),
        ("noon", "'noon' is no moment"),
    ],
)
def test_an_hour_that_clocks_pass_over_or_repeat_is_refused(terminal, said, sentence):
    printed = terminal.run("run-due", "--as-of", said)
    assert (printed.code, printed.out) == (2, "")
    assert sentence in printed.err
