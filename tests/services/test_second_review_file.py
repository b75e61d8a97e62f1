"""A reviewer's own review file: second reviews go out and come back without the first one's answers; both engines."""

from pathlib import Path

import pytest
from sqlalchemy import select

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import adjudication, blind_coding, findings, review_file, review_sheets, seats
from auditor.services.findings import Review
from auditor.services.review_file import Imported, RefusedFile
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from auditor.storage.review_work import FurtherReview
from tests import make
from tests.domain.judgements import SUBMITTED, change, judged
from tests.services.reviewed_twice import give, with_second
from tests.services.test_review_file import Rows, exported, write

WHY = "the first reviewer's words"


@pytest.fixture
def audit(database: Database) -> int:
    """Cases 1 and 2 of anna, case 3 of ben; ben reviews case 1 again, which anna has judged, cleo case 3."""
    with database.write() as session:
        made = make.audit(session)
        to = {"C-1": "anna", "C-2": "anna", "C-3": "ben"}
        first, _, third = (make.case(session, made, make.claim(each), assigned_to=name) for each, name in to.items())
        with_second(session, first)
        with_second(session, third, to="cleo")
        give(session, first, {"l1": change("99213", rationale=WHY)}, by="anna")
        return made.id


def own_file(database: Database, audit: int, file: Path, by: str = "ben") -> Rows:
    with database.read() as session:
        review_file.export(session, audit, file, reviewer=by)
    return review_sheets_rows(file)


def review_sheets_rows(file: Path) -> Rows:
    return [dict(row.cells) for row in review_sheets.read(file).rows]


def bring_in(database: Database, audit: int, file: Path, by: str = "ben") -> Imported:
    with database.write() as session:
        return review_file.import_sheet(session, audit, review_sheets.read(file), by=by, at=make.NOON)


def agreed(rows: Rows) -> Rows:
    return [row | {"outcome": "agree"} if row["stage"] == "submitted" else row for row in rows]


def found(database: Database) -> list[tuple[int, str, str, str]]:
    with database.read() as session:
        question = select(Finding).order_by(Finding.case_id, Finding.review_pass, Finding.id)
        return [(f.case_id, f.review_pass.value, f.found_by, f.outcome.value) for f in session.scalars(question)]


@pytest.mark.parametrize("name", ["own.csv", "own.xlsx"])
def test_a_reviewers_own_file_holds_their_cases_and_no_answer_of_the_first(database, audit, tmp_path, name):
    rows = own_file(database, audit, tmp_path / name)
    assert {(row["case_id"], row["reviewer"]) for row in rows} == {("1", "ben"), ("3", "ben")}
    assert {row["outcome"] for row in rows} == {""}
    if name.endswith("csv"):
        assert WHY not in (tmp_path / name).read_text()
    first, third = ([set(row) for row in rows if row["case_id"] == case] for case in "13")
    assert first == third  # nothing tells which of them is the second review


def test_what_comes_back_is_recorded_as_the_review_that_is_theirs(database, audit, tmp_path):
    before = [each for each in found(database) if each[1] == "first"]
    file = write(tmp_path / "own.csv", agreed(own_file(database, audit, tmp_path / "own.csv")))
    done = bring_in(database, audit, file)
    assert (done.recorded, done.versions, done.pending, done.reviewer) == (2, 4, 0, "ben")
    assert found(database) == [*before, *[(1, "second", "ben", "agree")] * 2, *[(3, "first", "ben", "agree")] * 2]
    with database.read() as session:
        second = session.scalars(select(FurtherReview).where(FurtherReview.case_id == 1)).one()
        assert (second.review_status, second.reviewed_by, second.differs) == (ReviewStatus.DONE, "ben", True)
    assert bring_in(database, audit, file).unchanged == 2
    again = own_file(database, audit, tmp_path / "again.csv")
    assert [row["outcome"] for row in again if row["stage"] == "submitted"] == ["agree"] * 4


def test_one_bad_row_keeps_the_whole_file_out(database, audit, tmp_path):
    rows = agreed(own_file(database, audit, tmp_path / "own.csv"))
    rows[-1]["outcome"] = "wrong"
    before = found(database)
    with pytest.raises(RefusedFile, match=f"row {len(rows) + 1}: outcome 'wrong' is unknown"):
        bring_in(database, audit, write(tmp_path / "own.csv", rows))
    assert found(database) == before


def test_a_file_goes_in_for_the_person_whose_it_is_and_for_their_cases_only(database, audit, tmp_path):
    rows = agreed(own_file(database, audit, tmp_path / "own.csv"))
    with pytest.raises(BadInput, match="a file of ben's own reviews: import it with --by ben"):
        bring_in(database, audit, tmp_path / "own.csv", by="anna")
    with pytest.raises(RefusedFile, match="case_id '2' is no case of audit 1 that ben reviews"):
        bring_in(database, audit, write(tmp_path / "o.csv", [*rows, rows[0] | {"case_id": "2", "reviewer": ""}]))
    with pytest.raises(BadInput, match="rows of several exports"):
        bring_in(database, audit, write(tmp_path / "o.csv", [*rows, rows[0] | {"reviewer": "cleo"}]))
    with pytest.raises(NotFound, match="audit 1 has no case of dora"):
        own_file(database, audit, tmp_path / "own.csv", by="dora")


def test_the_file_of_a_whole_audit_is_no_second_review(database, audit, tmp_path):
    rows = exported(database, audit, tmp_path / "all.csv")
    rows = [row if row["outcome"] else agreed([row])[0] for row in rows]
    before = found(database)
    with pytest.raises(RefusedFile, match="export your own with `auditor review export 1 --by NAME`"):
        bring_in(database, audit, write(tmp_path / "all.csv", rows))
    assert found(database) == before
    others = write(tmp_path / "all.csv", [row for row in rows if row["case_id"] != "1"])
    assert bring_in(database, audit, others).recorded == 2  # cases 2 and 3, first reviews both


def test_a_second_review_is_coded_blind_by_its_own_file(database, audit, tmp_path):
    with database.write() as session:
        case = session.get_one(AuditCase, 1)
        case.blind = True
        seat = seats.seat_for(session, case, ReviewPass.FIRST, name="anna")
        codes = (blind_coding.BlindCode(code_system="CPT", code="99205"),)
        blind_coding.lock(session, seat, codes, by="anna", at=make.NOON)
    (empty,) = [row for row in own_file(database, audit, tmp_path / "own.csv") if row["case_id"] == "1"]
    assert (empty["stage"], empty["code_submitted"], empty["correct_code"]) == ("blind", "", "")
    own = empty | {"outcome": "add", "code_system": "CPT", "correct_code": "99213"}
    assert bring_in(database, audit, write(tmp_path / "own.csv", [own])).blind_locked == 1
    with database.read() as session:
        seat = seats.seat_of(session, session.get_one(AuditCase, 1), name="ben")
        assert [code.code for code in blind_coding.of_seat(session, seat).codes] == ["99213"]
    shown = [row for row in own_file(database, audit, tmp_path / "own.csv") if row["case_id"] == "1"]
    assert [row["outcome"] for row in shown] == [""] * 4


def test_what_was_adjudicated_is_not_changed_by_file(database, audit, tmp_path):
    file = write(tmp_path / "own.csv", agreed(own_file(database, audit, tmp_path / "own.csv")))
    bring_in(database, audit, file)
    with database.write() as session:
        make.user(session, "olga")
        seat = adjudication.seat(session, 1, name="olga", roles=frozenset({Role.OFFICER}), lock=True)
        review = Review(
            findings=judged(make.claim(), SUBMITTED),
            documentation_status=DocumentationStatus.COMPLETE,
            review_pass=seat.review_pass,
        )
        findings.record(session, 1, review, by="olga", at=make.NOON)
    assert bring_in(database, audit, file).unchanged == 2
    rows = review_sheets_rows(file)
    rows[2] |= {"outcome": "change", "correct_code": "99212"}
    with pytest.raises(Conflict, match="case 1 was adjudicated"):
        bring_in(database, audit, write(file, rows))
