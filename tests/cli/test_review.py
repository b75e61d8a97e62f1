"""Reviewing in the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from auditor.cli.app import auditor
from auditor.domain.people import Role
from auditor.errors import AuditorError, BadInput, Conflict, Forbidden, NotFound
from auditor.services import installation
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import SUBMITTED, claim, codes
from tests.services.reviewed_twice import with_second


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an installed database and an audit of three cases, the first two assigned to anna."""
    database = _open(tmp_path)
    with database.write() as session:
        audit = make.audit(session)
        for number, assigned in enumerate(["anna", "anna", "bert"], start=1):
            billed = codes(SUBMITTED, make.code("99214", modifiers=("25",)), make.code("93000"), "I10")
            made = claim(billed, claim_id=f"C-{number}", paid_cents=24_000)
            make.case(session, audit, made, assigned_to=assigned)
    database.close()
    return tmp_path


def _open(folder: Path) -> Database:
    return installation.install(f"sqlite:///{folder / 'auditor.sqlite'}", key_path=folder / "auditor.key")


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(auditor, [*words, "--dir", str(home)])


def answer(home: Path, *words: str) -> Any:
    result = run(home, *words, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


def error(home: Path, *words: str) -> AuditorError:
    found = run(home, *words).exception
    assert isinstance(found, AuditorError), found
    return found


def test_the_next_case_is_shown_without_who_coded_it(home: Path) -> None:
    case = answer(home, "review", "next", "--by", "anna")
    assert (case["number"], case["cases"], case["done"], case["revision"]) == (1, 3, 0, 0)
    assert [line["code"] for line in case["lines"].values()] == ["99214", "93000", "I10"]
    assert case["documents"][0]["title"] == "Visit note"
    shown = run(home, "review", "next", "--by", "anna").output
    assert "lisinopril" in shown
    for text in (json.dumps({**case, "lines": list(case["lines"])}), shown):
        assert not {"ai", "3.1", "ai_draft", "submitted"} & set(text.replace('"', " ").replace(",", " ").split())


def test_a_clean_case_is_one_command_and_the_next_one_follows(home: Path) -> None:
    done = answer(home, "review", "record", "1", "--agree-all", "--by", "anna")
    assert (done["review_status"], done["versions"]) == ("done", 3)
    assert answer(home, "review", "next", "--by", "anna")["case_id"] == 2
    answer(home, "review", "record", "2", "--agree-all", "--by", "anna")
    assert answer(home, "review", "next", "--by", "anna") is None
    assert "no case is waiting for anna" in run(home, "review", "next", "--by", "anna").output


def test_verdicts_on_single_codes_are_recorded_with_their_reasons(home: Path) -> None:
    words = ["--change", "1=99213", "--modifier", "1=none", "--allowed", "1=90.50", "--delete", "2"]
    words += ["--add", "HCPCS:g2211", "--agree-all", "--rationale", "two stable problems", "--by", "anna"]
    answer(home, "review", "record", "1", *words)
    with _open(home).read() as session:
        from auditor.services import findings

        found = findings.current(session, 1)
    assert [(f.line, f.outcome.value, f.correct_code, f.error_type) for f in found] == [
        ("1", "change", "99213", "upcoded"),
        ("2", "delete", None, "unsupported"),
        ("3", "agree", None, None),
        ("+1", "add", "G2211", "missed"),
    ]
    assert (found[0].correct_modifiers, found[0].correct_allowed_cents) == ((), 9_050)
    assert [f.rationale for f in found] == ["two stable problems", "two stable problems", None, "two stable problems"]


def test_a_correction_keeps_what_stands_on_other_codes(home: Path) -> None:
    answer(home, "review", "record", "1", "--agree-all", "--delete", "2", "--by", "anna")
    done = answer(home, "review", "record", "1", "--units", "3=2", "--resequence", "1=2", "--reason", "second look")
    assert done["versions"] == 2
    with _open(home).read() as session:
        from auditor.services import findings

        assert [f.outcome.value for f in findings.current(session, 1)] == ["resequence", "delete", "units"]


def test_a_record_that_was_not_produced_is_one_option(home: Path) -> None:
    done = answer(home, "review", "record", "1", "--documentation", "not_produced", "--by", "anna")
    assert (done["review_status"], done["documentation_status"]) == ("done", "not_produced")


def test_a_requested_record_takes_the_case_out_of_the_queue(home: Path) -> None:
    answer(home, "review", "record", "1", "--documentation", "requested", "--by", "anna")
    assert answer(home, "review", "next", "--by", "anna")["case_id"] == 2


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        (["record", "9", "--agree-all"], NotFound, "no case 9"),
        (["record", "1", "--change", "9=99213"], BadInput, "its codes are 1, 2, 3"),
        (["record", "1", "--change", "1"], BadInput, "LINE=VALUE"),
        (["record", "1", "--change", "1="], BadInput, "needs a correct_code"),
        (["record", "1", "--delete", "1"], BadInput, "code 2 of stage submitted has no outcome"),
        (["record", "1", "--add", "93000", "--agree-all"], BadInput, "SYSTEM:CODE"),
        (["record", "1", "--agree-all", "--allowed", "1=ninety"], BadInput, "no amount"),
        (["record", "1"], BadInput, "no finding in this review"),
        (["record", "1", "--agree-all", "--revision", "7"], Conflict, "changed by someone else"),
        (["next", "--audit", "7"], NotFound, "no audit 7"),
        (["export", "7", "--out", "r.csv"], NotFound, "no audit 7"),
        (["import", "1", "nowhere.csv"], BadInput, "no file"),
    ],
)
def test_what_cannot_be_recorded_is_one_sentence(
    home: Path, words: list[str], kind: type[AuditorError], says: str
) -> None:
    found = error(home, "review", *words)
    assert isinstance(found, kind)
    assert says in str(found)


def test_the_review_file_goes_out_and_in(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    assert answer(home, "review", "export", "1", "--out", str(file))["rows"] == 9
    lines = file.read_text().splitlines()
    filled = [lines[0]] + [line.replace(",,,,,,,,,", ",agree,,,,,,,,", 1) for line in lines[1:]]
    file.write_text("\n".join(filled))
    done = answer(home, "review", "import", "1", str(file), "--by", "anna")
    assert (done["recorded"], done["versions"], done["pending"]) == (3, 9, 0)
    file.write_text(file.read_text().replace("submitted,2", "submitted,8"))
    assert "row 3: case 1 has no code '8'" in str(error(home, "review", "import", "1", str(file)))


def test_a_reviewers_own_file_holds_second_reviews_and_is_logged_as_their_view(home: Path, tmp_path: Path) -> None:
    with _open(home).write() as session:
        with_second(session, session.get_one(AuditCase, 1), to="bert")
    file = tmp_path / "own.csv"
    out = answer(home, "review", "export", "1", "--out", str(file), "--by", "bert")
    assert (out["cases"], out["rows"]) == (2, 6)
    file.write_text(
        "\n".join(line.replace(",,,,,,,,,", ",agree,,,,,,,,", 1) for line in file.read_text().splitlines())
    )
    done = answer(home, "review", "import", "1", str(file), "--by", "bert")
    assert (done["recorded"], done["pending"], done["reviewer"]) == (2, 0, "bert")
    with _open(home).read() as session:
        assert [session.get_one(AuditCase, n).review_status for n in (1, 2, 3)] == ["pending", "pending", "done"]
    views = answer(home, "log", "views")
    assert {(each["case_id"], each["user"]) for each in views} == {(1, "bert"), (3, "bert")}


def test_a_blind_case_is_coded_in_the_terminal_before_it_is_shown(home: Path) -> None:
    with _open(home).write() as session:
        session.get_one(AuditCase, 1).blind = True
    shown = answer(home, "review", "next", "--by", "anna")
    assert (shown["hidden"], shown["lines"]) == (True, {})
    assert "auditor review blind 1 --code SYSTEM:CODE" in run(home, "review", "next", "--by", "anna").output
    assert "coded blind first" in str(error(home, "review", "record", "1", "--agree-all", "--by", "anna"))
    assert "SYSTEM:CODE" in str(error(home, "review", "blind", "1", "--code", "99214"))
    own = ["--code", "CPT:99214-25,LT", "--code", "hcpcs:J1100*4"]
    done = answer(home, "review", "blind", "1", *own, "--by", "anna")
    assert [(code["code"], code["modifiers"], code["units"]) for code in done["codes"]] == [
        ("99214", ["25", "LT"], None),
        ("J1100", [], 4),
    ]
    assert "is locked" in str(error(home, "review", "blind", "1", *own, "--by", "anna"))
    assert len(answer(home, "review", "next", "--by", "anna")["lines"]) == 3


def test_reviews_stand_under_people_of_ours_who_may_review(home: Path) -> None:
    with _open(home).write() as session:
        make.user(session, "Anna", roles=(Role.AUDITOR,))
        make.user(session, "mona", roles=(Role.MANAGER,))
    assert isinstance(error(home, "review", "record", "1", "--agree-all", "--by", "ana"), NotFound)
    assert "takes the role auditor or officer" in str(error(home, "review", "next", "--by", "mona"))
    file = home / "r.csv"
    answer(home, "review", "export", "1", "--out", str(file))
    assert isinstance(error(home, "review", "import", "1", str(file), "--by", "mona"), Forbidden)
    answer(home, "review", "record", "1", "--agree-all", "--by", "anna")
    with _open(home).read() as session:
        assert session.get_one(AuditCase, 1).reviewed_by == "Anna"
    assert answer(home, "review", "record", "2", "--agree-all")["review_status"] == "done"


def test_nobody_reviews_their_own_coding(home: Path) -> None:
    with _open(home).write() as session:
        audit = session.get_one(Audit, 1)
        own = claim(codes(SUBMITTED, "99214"), claim_id="C-9", coder_of_record="Anna")
        case = make.case(session, audit, own, assigned_to="anna").id
    assert "is the coding of anna" in str(error(home, "review", "record", str(case), "--agree-all", "--by", "anna"))
