"""From a reviewed audit to its end, as people type it: argued, taught, repaid, shown, bound."""

import csv
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from auditor.domain.people import Role
from auditor.services import installation
from auditor.storage.cases import AuditCase
from tests import claims_tables, make, practice
from tests.cli.terminal import Terminal
from tests.domain.judgements import change
from tests.services.samples import review
from tests.web.conftest import PASSWORD, PASSWORD_HASH

YEAR = ("--from", "2025-01-01", "--to", "2025-12-31")
TODAY = datetime.now(ZoneInfo("America/New_York")).date()  # where a practice is that says nothing of it
TREND = ("--metric", "claim_error_rate", "--every", "quarter", "--by", "arm")


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    """Audit 1 of 40 claims, drawn and reviewed by rita; anna's own coding has a level too high."""
    made = Terminal(tmp_path, capsys, monkeypatch)
    claims_tables.in_sqlite(tmp_path / "claims.sqlite", practice.tables(300))
    assert made.run("init").code == 0
    url = f"sqlite:///{tmp_path / 'claims.sqlite'}"
    made.answer("source", "add", "billing", "--url", url, "--preset", "canonical")
    made.answer(
        *("plan", "create", "oversight", "--source", "billing", "--size", "40", "--objective", "attribute"),
        *("--tolerable", "5%", "--expected", "1/100"),
    )
    made.answer("plan", "approve", "oversight")
    made.answer("audit", "open", "oversight", *YEAR)
    made.answer("audit", "draw", "1")
    database = installation.open_database(
        f"sqlite:///{tmp_path / 'auditor.sqlite'}", key_path=tmp_path / "auditor.key"
    )
    with database.write() as session:
        for name, role in (("anna", Role.CODER), ("rita", Role.AUDITOR), ("olga", Role.OFFICER)):
            make.user(session, name, roles=(role,), password_hash=PASSWORD_HASH)
        for case in session.query(AuditCase).order_by(AuditCase.number):
            own = case.claim["coder_of_record"] == "anna"
            review(session, case, {"l1": change("99212", correct_allowed_cents=100)} if own else None, by="rita")
    database.close()
    return made


def test_a_rebuttal_is_opened_answered_and_counted(terminal):
    mine = terminal.answer("desk", "--role", "coder", "--by", "anna")
    case = next(each["case_id"] for each in mine["cases"] if each["error"])
    said = ("--line", "1", "--argument", "Two problems.")
    assert terminal.answer("rebuttal", "open", str(case), *said, "--by", "anna")["state"] == "open"
    assert "not about the work of" in terminal.refusal("rebuttal", "open", "1", *said, "--by", "rita", code=3)
    assert terminal.answer("desk", "--role", "auditor", "--by", "rita")["rebuttals"] == [1]
    assert [each["rebuttal"] for each in terminal.answer("rebuttal", "list", "--waiting")] == [1]
    answer = ("--decision", "upheld", "--response", "Agreed.", "--by", "olga")
    assert terminal.answer("rebuttal", "respond", "1", *answer)["state"] == "upheld"
    assert [step["text"] for step in terminal.answer("rebuttal", "show", "1")["steps"]] == [
        "Two problems.",
        "Agreed.",
    ]
    before = terminal.answer("metric", "audit", "1", "--before-rebuttals")[0]
    after = terminal.answer("metric", "audit", "1")[0]
    assert before["numerator"] == after["numerator"] + 1
    assert "auditor rebuttal show 1" in terminal.run("rebuttal", "list").out
    again = ("--to", "olga", "--reason", "x", "--by", "anna")
    assert "answered it already" in terminal.refusal("rebuttal", "escalate", "1", *again)


def test_an_action_and_an_overpayment_are_followed_to_their_end(terminal):
    due = str(TODAY + timedelta(days=9))
    given = ("--owner", "anna", "--due", due, "--audit", "1", "--of", "coder_of_record=anna", "--topic", "Levels")
    assert terminal.answer("action", "add", "Teach levels", *given)["state"] == "open"
    assert "takes a field and its value" in terminal.refusal("action", "add", "T", *given[:6], "--of", "anna")
    done = terminal.answer("action", "done", "1", "--note", "Read.")
    assert (done["state"], done["check_plan"]) == ("done", "Follow-up of action 1: Teach levels")
    assert "no drawn follow-up audit yet" in terminal.refusal("action", "check", "1")
    assert "Teach levels" in terminal.run("action", "list", "--open").out
    found = terminal.answer("overpayment", "add", "Levels", "--identified-on", str(TODAY), "--audit", "1")
    assert (found["clock"], found["days_left"]) == ("running", 60)
    held = terminal.answer("overpayment", "investigate", "1", "--from", str(TODAY))
    assert (held["clock"], held["days_left"]) == ("suspended", 240)
    assert "not quantified" in terminal.refusal("overpayment", "refund", "1", "--dollars", "5")
    amount = terminal.answer("overpayment", "quantify", "1", "--dollars", "1,234.50", "--method", "claim by claim")
    assert amount["quantified_cents"] == 123_450
    assert "60" in terminal.run("overpayment", "list", "--open").out
    more = ("overpayment", "refund", "1", "--dollars", "5000")
    assert "$1,234.50 is owed, and $5,000.00 is more" in terminal.refusal(*more)
    assert terminal.answer(*more, "--more-than-owed")["clock"] == "returned"
    assert terminal.answer("overpayment", "list", "--open") == []
    assert len(terminal.answer("overpayment", "show", "1")["steps"]) == 4
    shown = terminal.run("overpayment", "show", "1").out
    assert "$1,234.50" in shown
    assert "123450" not in shown
    assert "refunded: $5,000.00" in " ".join(shown.split())


def test_trends_desks_and_documents_say_the_same_in_a_terminal(terminal, tmp_path):
    points = terminal.answer("metric", "trend", *TREND, "--out", str(tmp_path / "t.csv"))
    told = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert [row["numerator"] for row in told] == [str(point["numerator"]) for point in points]
    first = next(point for point in points if point["n"])
    where = ("--period", first["period"], "--value", first["arm"])
    assert len(terminal.answer("metric", "cases", *TREND, *where)) == first["n"]
    report = terminal.answer("report", "trend", *TREND, "--out", str(tmp_path / "t.html"))
    assert [row["figure"]["numerator"] for row in report["rows"]] == [point["numerator"] for point in points]
    desk = terminal.answer("desk")
    assert next(line for line in desk["lines"] if line["key"] == "signed")["holds"] is False
    assert "1 audit waits for a signature: 1." in " ".join(terminal.run("desk").out.split())
    terminal.answer("report", "readiness", "--out", str(tmp_path / "r.pdf"))
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    costs = terminal.answer("desk", "--role", "manager")["costs"]
    assert costs["audits"] == 1
    assert "alerts open" in terminal.run("desk", "--role", "manager").out


def test_a_binder_is_written_the_same_again_and_proves_itself(terminal, tmp_path):
    sign = ("audit", "sign-off", "1", "--by", "olga", "--meaning", "final", "--password-stdin")
    terminal.answer(*sign, stdin=f"{PASSWORD}\n")
    first = terminal.answer("report", "binder", "1", "--out", str(tmp_path / "a.zip"))
    again = terminal.answer("report", "binder", "1", "--out", str(tmp_path / "b.zip"))
    assert first["sha256"] == again["sha256"]
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert "must end in .zip" in terminal.refusal("report", "binder", "1", "--out", str(tmp_path / "a.pdf"))
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        packed.extractall(tmp_path / "binder")
    program = str(tmp_path / "binder" / "audit-1" / "verify.py")
    run = subprocess.run([sys.executable, "-I", program], capture_output=True, text=True, check=False)
    assert (run.returncode, "everything that can be checked holds" in run.stdout) == (0, True), run.stdout
