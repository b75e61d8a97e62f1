"""The whole loop, as `auditor demo` runs it: once, and then everything that it leaves behind is looked at."""

import email
import email.policy
import json
import sqlite3
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli.app import auditor
from auditor.demo import world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> dict[str, Any]:
    done = CliRunner().invoke(auditor, ["demo", "--dir", str(folder), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def _mails(folder: Path) -> list[EmailMessage]:
    files = sorted((folder / "mail").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def _query(folder: Path, question: str) -> list[Any]:
    connection = sqlite3.connect(folder / "auditor.sqlite")
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def test_the_estimates_lie_around_the_truth(demo: dict[str, Any]) -> None:
    beside = demo["beside"]
    held = sum(row["low"] <= row["true_rate"] <= row["high"] for row in beside)
    assert len(beside) == demo["audits"] == 34
    assert held >= 31  # 34 intervals of 95 %; the auditors err too


def test_agreement_of_ai_and_people_is_estimated_around_its_truth(demo: dict[str, Any]) -> None:
    rows = demo["agreement"]
    assert [row["model_version"] for row in rows] == [world.OLD_VERSION] * 3 + [world.NEW_VERSION] * 3
    assert {row["metric"] for row in rows if row["n"] > 20} == {
        "ai_human_agreement",
        "ai_human_agreement_kappa",
        "ai_human_agreement_ac1",
    }
    assert sum(row["low"] <= row["true_value"] <= row["high"] for row in rows) >= 5
    old, new = rows[0]["true_value"], rows[3]["true_value"]
    assert new < old  # the new version creeps away from people


def test_the_drift_is_caught_within_six_weeks_and_nothing_before_it(demo: dict[str, Any]) -> None:
    assert [0 <= caught["weeks_after"] <= 6 for caught in demo["caught"]] == [True]
    assert world.NEW_VERSION in demo["caught"][0]["title"]


def test_the_story_says_since_when_the_version_drifts_and_the_chart_stands_with_it(
    demo: dict[str, Any], folder: Path
) -> None:
    ((since, latest),) = _query(folder, "SELECT since, latest FROM alerts")
    story = json.loads(latest)
    events = {event["label"]: event["on"] for event in story["chart"]["events"]}
    began = world.DRIFT_ON.isoformat()
    assert since == story["since"] == events["drift began"] == events[f"version {world.NEW_VERSION}"] == began
    lead = story["signals"][0]["since"]
    assert lead > began
    assert lead in events.values()
    ended = {each["what"]: each for each in story["signals"] if each["what"].startswith("code ")}
    assert ended["code E78.01"]["now"]["n"] < ended["code R10.2"]["now"]["n"]  # people stopped a week later


def test_the_manager_has_a_mail_with_text_page_and_chart_and_one_more_when_the_story_grew(
    demo: dict[str, Any], folder: Path
) -> None:
    mails = [mail for mail in _mails(folder) if "max@practice.example" in mail["To"]]
    assert demo["mails"] == len(_mails(folder))
    first, more = (mail["Subject"] for mail in sorted(mails, key=lambda mail: parsedate_to_datetime(mail["Date"])))
    kinds = {part.get_content_type() for part in mails[0].walk()}
    assert {"text/plain", "text/html", "image/png"} <= kinds
    assert first.startswith("AI drift: ")
    assert more.startswith("More: AI drift: ")


def test_no_mail_names_a_patient_or_a_claim(demo: dict[str, Any], folder: Path) -> None:
    identifiers = {
        str(value) for row in _query(folder, "SELECT claim_id, patient_id FROM practice_claims") for value in row
    }
    for mail in _mails(folder):
        texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        words = {word.strip(".,;:()<>\"'") for text in (*texts, mail["Subject"]) for word in text.split()}
        assert not words & identifiers


def test_every_audit_is_signed_and_the_log_is_whole(demo: dict[str, Any], folder: Path) -> None:
    assert _query(folder, "SELECT DISTINCT state FROM audits") == [("signed",)]
    done = CliRunner().invoke(auditor, ["log", "verify", "--dir", str(folder)])
    assert done.exit_code == 0, done.output


def test_some_cases_are_coded_blind_and_some_reviewed_twice_and_decided(demo: dict[str, Any], folder: Path) -> None:
    ((cases, blind, unlocked),) = _query(
        folder,
        "SELECT count(*), sum(blind), (SELECT count(*) FROM blind_codings WHERE locked_at IS NULL) FROM audit_cases",
    )
    assert 0.03 * cases < blind < 0.07 * cases
    assert unlocked == 0
    rows = _query(folder, "SELECT review_pass, review_status, differs FROM further_reviews")
    second = [row for row in rows if row[0] == "second"]
    assert 0.03 * cases < len(second) < 0.07 * cases
    assert {row[1] for row in rows} == {"done"}
    assert sum(row[2] for row in second) == len(rows) - len(second) > 0  # each difference was decided


def test_a_drawn_audit_can_be_drawn_again(demo: dict[str, Any], folder: Path) -> None:
    done = CliRunner().invoke(auditor, ["audit", "verify", "7", "--dir", str(folder), "--json"])
    assert json.loads(done.stdout)["identical"] is True


def test_the_reports_are_there_as_page_and_as_pdf(demo: dict[str, Any], folder: Path) -> None:
    files = sorted((folder / "reports").iterdir())
    assert [file.suffix for file in files] == [".html", ".pdf"] * 2
    assert all(file.read_bytes().startswith(b"%PDF") for file in files if file.suffix == ".pdf")
    assert sorted(demo["files"]) == [str(file) for file in files]


def test_a_folder_that_is_taken_is_left_alone(demo: dict[str, Any], folder: Path) -> None:
    before = (folder / "auditor.sqlite").stat().st_mtime_ns
    done = CliRunner().invoke(auditor, ["demo", "--dir", str(folder)])
    assert done.exit_code == 1
    assert "is there already" in str(done.exception)
    assert (folder / "auditor.sqlite").stat().st_mtime_ns == before
