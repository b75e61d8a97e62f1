"""Alerts by command, each in a process of its own as people call it: what is said to be done is done."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from auditor.domain.alerts import AlertKind, AlertState
from auditor.domain.people import Role
from auditor.services import alerts, installation
from auditor.services.alert_folding import Folding
from auditor.storage.database import Database
from tests import make
from tests.mail.test_deliver import story
from tests.services.test_alerts import LETTERHEAD

MOVES = (
    ("ack", AlertState.ACKNOWLEDGED),
    ("investigate", AlertState.INVESTIGATING),
    ("confirm", AlertState.CONFIRMED),
    ("resolve", AlertState.RESOLVED),
    ("reopen", AlertState.OPEN),
    ("dismiss", AlertState.DISMISSED),
)
WITH_REASON = {"confirm", "resolve", "reopen", "dismiss"}


def opened(folder: Path) -> Database:
    """A database as `--dir` finds it, with one open alert."""
    made = installation.install(f"sqlite:///{folder / 'auditor.sqlite'}", key_path=folder / "auditor.key")
    with made.write() as session:
        make.user(session, "mia", roles=(Role.MANAGER,))
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 1, 12))
    return made


def typed(folder: Path, *words: str) -> dict[str, object]:
    """What a command answers on standard output."""
    command = [sys.executable, "-m", "auditor", "alert", *words, "--dir", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_an_alert_is_taken_through_its_life_by_commands(tmp_path: Path) -> None:
    database = opened(tmp_path)
    for move, state in MOVES:
        reason = ("--reason", f"why {move}") if move in WITH_REASON else ()
        assert typed(tmp_path, move, "1", "--by", "mia", *reason)["state"] == state, move
        with database.read() as session:
            assert alerts.numbered(session, 1).state is state
    shown = typed(tmp_path, "show", "1")
    steps = shown["steps"]
    assert isinstance(steps, list)
    assert [step["reason"] for step in steps if step["reason"]] == [f"why {move}" for move, _ in MOVES[2:]]


def test_trouble_of_the_machinery_is_shown_without_the_figures_of_drift(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "auditor", "alert", "show", "1", "--dir", str(tmp_path)]
    database = opened(tmp_path)
    of_drift = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with database.write() as session:
        alert = alerts.numbered(session, 1)
        alert.kind, alert.latest = AlertKind.OPERATIONAL, {**alert.latest, "signals": []}
    of_machinery = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert ("cost a week" in of_drift, "cost a week" in of_machinery) == (True, False)
    assert "evidence" in of_machinery
