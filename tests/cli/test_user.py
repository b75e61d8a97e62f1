"""People by command."""

from datetime import UTC, datetime

import pytest

from auditor.domain import totp
from auditor.services import installation, view_log
from tests import make
from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    installation.install(f"sqlite:///{tmp_path / 'auditor.sqlite'}", key_path=tmp_path / "auditor.key").close()
    made = Terminal(folder=tmp_path, capture=capsys, patch=monkeypatch)
    made.answer("user", "add", "anna", "--roles", "auditor")
    return made


def test_a_new_person_is_followed_by_what_their_role_needs_in_the_same_folder(terminal):
    said = {role: terminal.run("user", "add", f"new_{role}", "--roles", role).out for role in ("coder", "auditor")}
    assert "next: auditor user identifier add new_coder coder_of_record VALUE" in said["coder"]
    assert "next: auditor plan create NAME --source S --auditor new_auditor ..." in said["auditor"]
    for each in said.values():
        assert f"--dir {terminal.folder}" in each.replace("\n", "")


def test_certificates_are_set_listed_and_removed(terminal):
    held = {"user": "anna", "title": "CPC", "certificate_number": "0117", "expires_on": "2027-06-30"}
    words = ("user", "credential", "set", "anna", "cpc", "--expires", "2027-06-30", "--number", "0117")
    assert terminal.answer(*words) == [held]
    assert terminal.answer("user", "credential", "list") == [held]
    assert "2027-06-30" in terminal.run("user", "credential", "list", "anna").out
    assert terminal.answer("user", "credential", "remove", "anna", "CPC") == []


def test_absences_are_added_listed_and_removed(terminal):
    days = ("--from", "2026-08-03", "--to", "2026-08-14")
    away = {"absence_id": 1, "user": "anna", "first_on": "2026-08-03", "last_on": "2026-08-14"}
    assert terminal.answer("user", "absence", "add", "anna", *days) == [away]
    assert terminal.answer("user", "absence", "list", "--since", "2026-08-14") == [away]
    assert "2026-08-14" in terminal.run("user", "absence", "list").out
    assert terminal.answer("user", "absence", "remove", "1") == []
    assert "there is no user nobody" in terminal.refusal("user", "absence", "add", "nobody", *days)


def test_a_person_reads_times_in_a_zone_of_their_own(terminal):
    assert terminal.answer("user", "set-time-zone", "anna", "Asia/Tokyo")["time_zone"] == "Asia/Tokyo"
    assert "is not known" in terminal.refusal("user", "set-time-zone", "anna", "Mars")
    assert terminal.answer("user", "set-time-zone", "anna")["time_zone"] is None


def test_a_second_factor_is_set_up_confirmed_and_removed(terminal):
    key = terminal.answer("user", "second-factor", "anna", "--begin")["key"]
    assert "not right" in terminal.refusal("user", "second-factor", "anna", "--confirm", "000000")
    code = totp.code(totp.from_text(key), totp.step_at(datetime.now(UTC)))
    confirmed = terminal.answer("user", "second-factor", "anna", "--confirm", code)
    assert (confirmed["on"], len(confirmed["recovery_codes"])) == (True, 10)
    assert "on: True" in terminal.run("user", "second-factor", "anna").out
    assert terminal.answer("user", "second-factor", "anna", "--remove")["on"] is False


def test_who_was_shown_which_case_is_listed(terminal):
    database = installation.open_database(
        f"sqlite:///{terminal.folder / 'auditor.sqlite'}", key_path=terminal.folder / "auditor.key"
    )
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim())
        viewer = view_log.Viewer(name="anna", address="127.0.0.1", route="GET /cases/{case:number}")
        view_log.note(session, case.id, viewer, at=make.NOON)
    database.close()
    assert terminal.answer("log", "views", "--user", "anna")[0]["case_id"] == 1
    assert terminal.answer("log", "views", "--case", "2") == []
    assert "GET /cases/{case:number}" in terminal.run("log", "views").out


def test_disabling_somebody_whose_cases_wait_says_which_command_gives_them_on(terminal):
    database = installation.install(
        f"sqlite:///{terminal.folder / 'auditor.sqlite'}", key_path=terminal.folder / "auditor.key"
    )
    with database.write() as session:
        make.case(session, make.audit(session), make.claim(), assigned_to="anna")
    database.close()
    assert "next: auditor audit reassign 1 --from anna" in terminal.run("user", "disable", "anna").out
