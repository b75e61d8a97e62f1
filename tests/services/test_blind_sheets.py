"""Cases coded blind in the review file: no code leaves before the reviewer's own are locked; both engines."""

import csv
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.errors import Conflict
from auditor.services import blind_coding, findings, review_file, seats
from auditor.services.blind_coding import BlindCode
from auditor.services.findings import Review
from auditor.services.review_file import RefusedFile
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import SUBMITTED, judged
from tests.services.test_review_file import NAMES, Rows, bring_in, exported, write

OWN = {"outcome": "add", "code_system": "cpt", "correct_code": "99213", "correct_modifiers": "25,LT"}


def audit_with_a_blind_case(session: Session) -> tuple[int, AuditCase]:
    """An audit of two cases, the second of them coded blind."""
    audit = make.audit(session)
    make.case(session, audit, make.claim("C-1"))
    return audit.id, make.case(session, audit, make.claim("C-2"), blind=True)


def of_case(rows: Rows, case: AuditCase) -> Rows:
    return [row for row in rows if row["case_id"] == str(case.id)]


def test_a_blind_case_is_coded_by_file_locked_and_then_judged_by_file(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit_id, case = audit_with_a_blind_case(session)
    rows = exported(database, audit_id, tmp_path / "r.csv")
    (empty,) = of_case(rows, case)
    assert (empty["stage"], empty["code_submitted"], empty["documentation_status"]) == ("blind", "", "complete")
    untouched = bring_in(database, audit_id, tmp_path / "r.csv")
    assert (untouched.blind_locked, untouched.recorded) == (0, 0)

    second = {**empty, "outcome": "", "code_system": "ICD-10-CM", "correct_code": "i10", "documentation_status": ""}
    own = [{**empty, **OWN}, second]
    done = bring_in(database, audit_id, write(tmp_path / "own.csv", own))
    assert (done.blind_locked, done.recorded, done.pending) == (1, 0, 2)
    with database.read() as session:
        coding = blind_coding.of_seat(session, seats.seat_for(session, case, ReviewPass.FIRST, name="anna"))
    assert coding.locked
    assert coding.codes == (
        BlindCode(code_system="CPT", code="99213", modifiers=("25", "LT")),
        BlindCode(code_system="ICD-10-CM", code="I10"),
    )
    again = bring_in(database, audit_id, write(tmp_path / "own.csv", own))
    assert (again.blind_locked, again.recorded) == (0, 0)

    rows = of_case(exported(database, audit_id, tmp_path / "r.csv"), case)
    assert [row["code_submitted"] for row in rows] == ["99214", "I10", "99214", "I10"]
    for row in rows:
        row["outcome"] = "agree"
    assert bring_in(database, audit_id, write(tmp_path / "r.csv", rows)).recorded == 1


def test_codes_kept_on_the_page_come_out_with_the_file(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit_id, case = audit_with_a_blind_case(session)
        kept = [BlindCode(code_system="CPT", code="93000", units=2)]
        blind_coding.save(
            session, seats.seat_for(session, case, ReviewPass.FIRST, name="anna"), kept, by="anna", at=make.NOON
        )
    (row,) = of_case(exported(database, audit_id, tmp_path / "r.csv"), case)
    assert (row["outcome"], row["code_system"], row["correct_code"], row["correct_units"]) == (
        "add",
        "CPT",
        "93000",
        "2",
    )
    assert bring_in(database, audit_id, tmp_path / "r.csv").blind_locked == 1


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"outcome": "agree"}, "is not judged yet"),
        (OWN | {"error_type": "upcoded"}, "is not judged yet"),
        (OWN | {"code_system": ""}, "write both"),
        (OWN | {"correct_modifiers": "25,ABC"}, "is no modifier"),
        ({"stage": "submitted", "sequence": "1", "outcome": "agree"}, "is coded blind first"),
    ],
)
def test_what_is_no_blind_coding_is_a_bad_row_and_locks_nothing(
    database: Database, tmp_path: Path, cells: dict[str, str], says: str
) -> None:
    with database.write() as session:
        audit_id, case = audit_with_a_blind_case(session)
    rows = exported(database, audit_id, tmp_path / "r.csv")
    of_case(rows, case)[0].update(cells)
    with pytest.raises(RefusedFile, match=says):
        bring_in(database, audit_id, write(tmp_path / "r.csv", rows))
    with database.read() as session:
        assert (
            blind_coding.of_seat(session, seats.seat_for(session, case, ReviewPass.FIRST, name="anna"))
            == blind_coding.NOTHING
        )


def test_locked_codes_and_those_of_someone_else_are_not_written_over(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit_id, case = audit_with_a_blind_case(session)
        blind_coding.save(
            session,
            seats.seat_for(session, case, ReviewPass.FIRST, name="bert"),
            [BlindCode(code_system="CPT", code="93000")],
            by="bert",
            at=make.NOON,
        )
    row = dict.fromkeys(NAMES, "") | {"case_id": str(case.id), "stage": "blind"} | OWN
    with pytest.raises(RefusedFile, match="by someone else"):
        bring_in(database, audit_id, write(tmp_path / "r.csv", [row]))
    with database.write() as session:
        held = findings.case_of(session, case.id)
        blind_coding.lock(
            session,
            seats.seat_for(session, held, ReviewPass.FIRST, name="bert"),
            [BlindCode(code_system="CPT", code="93000")],
            by="bert",
            at=make.NOON,
        )
    with pytest.raises(RefusedFile, match="is locked"):
        bring_in(database, audit_id, write(tmp_path / "r.csv", [row]))
    row["case_id"] = str(case.id - 1)
    with pytest.raises(RefusedFile, match="is not coded blind"):
        bring_in(database, audit_id, write(tmp_path / "r.csv", [row]))


def test_a_blind_case_without_a_record_is_done_without_being_shown(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit_id, case = audit_with_a_blind_case(session)
    rows = exported(database, audit_id, tmp_path / "r.csv")
    of_case(rows, case)[0]["documentation_status"] = "not_produced"
    bring_in(database, audit_id, write(tmp_path / "r.csv", rows))
    with database.read() as session:
        done = findings.case_of(session, case.id)
        assert (done.review_status, done.documentation_status) == (
            ReviewStatus.DONE,
            DocumentationStatus.NOT_PRODUCED,
        )
        review_file.export(session, audit_id, tmp_path / "again.csv")
    with (tmp_path / "again.csv").open(encoding="utf-8") as file:
        assert [row["code_submitted"] for row in of_case(list(csv.DictReader(file)), case)] == [""]


def test_no_finding_reaches_a_blind_case_before_its_coding_is_locked(database: Database) -> None:
    with database.write() as session:
        _, case = audit_with_a_blind_case(session)
    agreed = Review(findings=judged(make.claim("C-2"), SUBMITTED))
    with database.write() as session, pytest.raises(Conflict, match="auditor review blind"):
        findings.record(session, case.id, agreed, by="anna", at=make.NOON)
    with database.write() as session:
        own = [BlindCode(code_system="CPT", code="93000")]
        blind_coding.lock(
            session,
            seats.seat_for(session, findings.case_of(session, case.id), ReviewPass.FIRST, name="anna"),
            own,
            by="anna",
            at=make.NOON,
        )
        assert findings.record(session, case.id, agreed, by="anna", at=make.NOON).versions == 2
