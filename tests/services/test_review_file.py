"""The review file: out, filled in, back in, all or nothing; both engines."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.claims import Stage
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.domain.settled_findings import settle
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import findings, review_file, review_sheets
from auditor.services.review_file import Imported, RefusedFile
from auditor.services.review_parsing import parse_case
from auditor.services.review_rows import COLUMNS, ReviewCase, case_rows
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import DRAFT, SUBMITTED, change, claim, codes, judged

Rows = list[dict[str, str]]
NAMES = [column.name for column in COLUMNS]
FIXED = [
    "case_id",
    "claim_id",
    "stage",
    "sequence",
    "code_system",
    "code_submitted",
    "modifiers",
    "units",
    "outcome",
    "correct_code",
    "correct_modifiers",
    "correct_units",
    "error_type",
    "severity",
    "root_cause",
    "rationale",
    "correct_allowed",
    "documentation_status",
]


def audit_of_two(session: Session) -> Audit:
    """An audit with two cases, each with a draft (visit, diagnosis) and a submitted stage."""
    audit = make.audit(session)
    for claim_id in ("C-1", "C-2"):
        make.case(session, audit, make.claim(claim_id))
    return audit


def exported(database: Database, audit_id: int, file: Path) -> Rows:
    with database.read() as session:
        review_file.export(session, audit_id, file)
    with file.open(encoding="utf-8", newline="") as read:
        return list(csv.DictReader(read))


def write(file: Path, rows: Rows) -> Path:
    with file.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, NAMES)
        writer.writeheader()
        writer.writerows(rows)
    return file


def bring_in(database: Database, audit_id: int, file: Path) -> Imported:
    sheet = review_sheets.read(file)
    with database.write() as session:
        return review_file.import_sheet(session, audit_id, sheet, by="anna", at=make.NOON)


def refused(database: Database, audit_id: int, file: Path) -> list[tuple[int, str]]:
    """The bad rows of a file that must not have changed anything."""
    with pytest.raises(RefusedFile) as caught:
        bring_in(database, audit_id, file)
    with database.read() as session:
        assert session.scalars(select(Finding)).all() == []
    return [(bad.row, bad.reason) for bad in caught.value.bad]


def test_the_file_has_one_row_a_code_and_the_columns_that_scripts_know(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit = audit_of_two(session)
    rows = exported(database, audit.id, tmp_path / "r.csv")
    assert list(rows[0])[: len(FIXED)] == FIXED
    first = [(row["stage"], row["sequence"], row["code_submitted"], row["documentation_status"]) for row in rows[:4]]
    assert first == [
        ("ai_draft", "1", "99214", "complete"),
        ("ai_draft", "2", "I10", ""),
        ("submitted", "1", "99214", ""),
        ("submitted", "2", "I10", ""),
    ]
    assert len(rows) == 8


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx"])
def test_a_filled_in_file_is_recorded_and_comes_out_the_same_again(
    database: Database, tmp_path: Path, name: str
) -> None:
    with database.write() as session:
        audit = audit_of_two(session)
        case_id = session.scalars(select(AuditCase.id).order_by(AuditCase.number)).first()
    rows = exported(database, audit.id, tmp_path / "out.csv")
    for row in rows[2:4]:
        row["outcome"] = "Agree"
    rows[2] |= {
        "outcome": " Change ",
        "correct_code": "99213",
        "error_type": "Upcoded",
        "correct_allowed": "$90.00",
        "rationale": '=HYPERLINK("x")\nand, "more"',
    }
    added = dict.fromkeys(NAMES, "") | {
        "case_id": rows[0]["case_id"],
        "stage": "submitted",
        "outcome": "add",
        "code_system": "CPT",
        "correct_code": "93000",
    }
    done = bring_in(database, audit.id, write(tmp_path / "in.csv", [*rows, added]))
    assert (done.recorded, done.unchanged, done.versions, done.pending) == (1, 0, 3, 1)
    with database.read() as session:
        found = findings.current(session, case_id or 0)
        assert [(f.line, f.outcome, f.severity) for f in found] == [
            ("1", Outcome.CHANGE, Severity.MATERIAL),
            ("2", Outcome.AGREE, None),
            ("+1", Outcome.ADD, Severity.MATERIAL),
        ]
        assert found[0].correct_allowed_cents == 9_000
        review_file.export(session, audit.id, tmp_path / name)
    once = exported(database, audit.id, tmp_path / "once.csv")
    again = bring_in(database, audit.id, tmp_path / name)
    assert (again.recorded, again.unchanged, again.versions) == (0, 1, 0)
    assert exported(database, audit.id, tmp_path / "twice.csv") == once


def fill(rows: Rows, number: int, **cells: str) -> None:
    """Fill in a row by the number that a spreadsheet shows, and agree with the rest of its stage."""
    wanted = rows[number - 2]
    for row in rows:
        if (row["case_id"], row["stage"]) == (wanted["case_id"], wanted["stage"]):
            row["outcome"] = row["outcome"] or "agree"
    wanted |= cells


BAD: dict[str, tuple[Callable[[Rows], object], int, str]] = {
    "unknown case": (lambda rows: rows[2].update(case_id="999"), 4, "'999' is no case of audit"),
    "no case": (lambda rows: rows[2].update(case_id=""), 4, "case_id is empty"),
    "unknown stage": (lambda rows: rows[2].update(stage="billed"), 4, "stage 'billed' is unknown"),
    "unknown outcome": (lambda rows: fill(rows, 4, outcome="fix"), 4, "outcome 'fix' is unknown"),
    "unknown error type": (
        lambda rows: fill(rows, 4, outcome="delete", error_type="typo"),
        4,
        "error_type 'typo' is unknown",
    ),
    "unknown severity": (
        lambda rows: fill(rows, 4, outcome="delete", severity="bad"),
        4,
        "severity 'bad' is unknown",
    ),
    "unknown documentation": (
        lambda rows: rows[0].update(documentation_status="lost"),
        2,
        "documentation_status 'lost' is unknown",
    ),
    "two documentation statuses": (
        lambda rows: rows[1].update(documentation_status="not_produced"),
        3,
        "a case has one",
    ),
    "change without a code": (lambda rows: fill(rows, 4, outcome="change"), 4, "needs a correct_code"),
    "add without a system": (
        lambda rows: fill(rows, 4, outcome="add", code_submitted="", code_system="", correct_code="93000"),
        4,
        "code_system is needed",
    ),
    "add over a code": (
        lambda rows: fill(rows, 4, outcome="add", correct_code="93000"),
        4,
        "leave its code_submitted",
    ),
    "a gap in a stage": (lambda rows: rows[2].update(outcome="agree"), 5, "has no outcome while others"),
    "judged without outcome": (lambda rows: rows[2].update(correct_code="99213"), 4, "without an outcome"),
    "another code shown": (lambda rows: rows[2].update(code_submitted="99215"), 4, "leave it as it is"),
    "another claim shown": (lambda rows: rows[2].update(claim_id="C-2"), 4, "mixed up while sorting"),
    "unknown line": (lambda rows: rows[2].update(sequence="7"), 4, "has no code '7'"),
    "sequence that is no number": (lambda rows: rows[2].update(sequence="one"), 4, "no whole number"),
    "a row twice": (lambda rows: rows.insert(4, dict(rows[3])), 6, "stands in row 5 already"),
    "modifier of three": (
        lambda rows: fill(rows, 4, outcome="modifier", correct_modifiers="25,ABC"),
        4,
        "'ABC' is no modifier",
    ),
    "units in words": (lambda rows: fill(rows, 4, outcome="units", correct_units="two"), 4, "no whole number"),
    "parts of a cent": (
        lambda rows: fill(rows, 4, outcome="change", correct_code="99213", correct_allowed="1.234"),
        4,
        "parts of a cent",
    ),
    "decimal comma": (
        lambda rows: fill(rows, 4, outcome="change", correct_code="99213", correct_allowed="80,00"),
        4,
        "no amount",
    ),
    "negative amount": (
        lambda rows: fill(rows, 4, outcome="change", correct_code="99213", correct_allowed="-5"),
        4,
        "no amount",
    ),
    "agreement without a record": (
        lambda rows: (fill(rows, 4), rows[0].update(documentation_status="not_produced")),
        4,
        "not produced",
    ),
    "two correct sets": (
        lambda rows: (fill(rows, 2, outcome="change", correct_code="99213"), fill(rows, 4)),
        2,
        "different correct code sets",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_named_and_nothing_is_imported(database: Database, tmp_path: Path, name: str) -> None:
    spoil, number, says = BAD[name]
    with database.write() as session:
        audit = audit_of_two(session)
    rows = exported(database, audit.id, tmp_path / "r.csv")
    for row in rows[6:8]:
        row["outcome"] = "agree"
    spoil(rows)
    bad = refused(database, audit.id, write(tmp_path / "r.csv", rows))
    assert bad[0][0] == number
    assert says in bad[0][1]
    assert "C-1" not in bad[0][1]


def test_every_bad_row_is_named_at_once(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit = audit_of_two(session)
    rows = exported(database, audit.id, tmp_path / "r.csv")
    for row in rows:
        row["outcome"] = "fix"
    bad = refused(database, audit.id, write(tmp_path / "r.csv", rows))
    assert [row for row, _ in bad] == list(range(2, 10))


def test_stages_that_agree_on_the_correct_set_are_recorded_each(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit = make.audit(session)
        both = claim(codes(DRAFT, "99214", "I10"), codes(SUBMITTED, "99213", "I10"))
        case = make.case(session, audit, both)
    rows = exported(database, audit.id, tmp_path / "r.csv")
    for row in rows:
        row["outcome"] = "agree"
    rows[0] |= {"outcome": "change", "correct_code": "99213"}
    assert bring_in(database, audit.id, write(tmp_path / "r.csv", rows)).versions == 4
    with database.read() as session:
        assert [f.stage for f in findings.current(session, case.id)] == [DRAFT, DRAFT, SUBMITTED, SUBMITTED]


def test_a_status_alone_is_imported(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        audit = audit_of_two(session)
    rows = exported(database, audit.id, tmp_path / "r.csv")
    rows[0]["documentation_status"] = "Not Produced"
    rows[4]["documentation_status"] = "requested"
    bring_in(database, audit.id, write(tmp_path / "r.csv", rows))
    with database.read() as session:
        cases = session.scalars(select(AuditCase).order_by(AuditCase.number)).all()
        assert [(case.documentation_status, case.review_status) for case in cases] == [
            (DocumentationStatus.NOT_PRODUCED, ReviewStatus.DONE),
            (DocumentationStatus.REQUESTED, ReviewStatus.PENDING),
        ]


def test_numbers_that_a_spreadsheet_made_of_codes_are_read(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.write() as session:
        audit = make.audit(session)
        case = make.case(session, audit, claim(codes(SUBMITTED, "00100", "99214-25"), claim_id="0042"))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(NAMES)
    cells: list[dict[str, Any]] = [
        {"sequence": 1.0, "code_submitted": 100, "outcome": "change", "correct_code": 140, "correct_allowed": 80.1},
        {"sequence": 2, "code_submitted": 99214.0, "outcome": "modifier", "correct_modifiers": 59},
    ]
    for row in cells:
        given = {"case_id": float(case.id), "claim_id": 42, "stage": "SUBMITTED", **row}
        sheet.append([given.get(name) for name in NAMES])
    book.save(tmp_path / "r.xlsx")
    bring_in(sqlite, audit.id, tmp_path / "r.xlsx")
    with sqlite.read() as session:
        first, second = findings.current(session, case.id)
    assert (first.correct_code, first.correct_allowed_cents, second.correct_modifiers) == ("00140", 8_010, ("59",))


def test_a_date_that_a_spreadsheet_made_is_a_bad_row(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.write() as session:
        audit = make.audit(session)
        case = make.case(session, audit, claim(codes(SUBMITTED, "99214")))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(NAMES)
    given = {
        "case_id": case.id,
        "stage": "submitted",
        "sequence": 1,
        "outcome": "change",
        "correct_code": make.FIRST_ON,
    }
    sheet.append([given.get(name) for name in NAMES])
    book.save(tmp_path / "r.xlsx")
    assert "correct_code holds a date" in refused(sqlite, audit.id, tmp_path / "r.xlsx")[0][1]


def test_codes_that_a_source_numbers_alike_are_told_apart(sqlite: Database, tmp_path: Path) -> None:
    visit = make.code("99214", sequence=1)
    diagnosis = make.code("I10", sequence=1, code_system="ICD-10-CM", paid_cents=None)
    with sqlite.write() as session:
        audit = make.audit(session)
        case = make.case(session, audit, claim((visit, diagnosis)))
    rows = exported(sqlite, audit.id, tmp_path / "r.csv")
    assert [row["sequence"] for row in rows] == ["1", "1"]
    for row in rows:
        row["outcome"] = "agree" if row["code_submitted"] == "99214" else "delete"
    bring_in(sqlite, audit.id, write(tmp_path / "r.csv", rows[::-1]))
    with sqlite.read() as session:
        found = {f.code_submitted: f.outcome for f in findings.current(session, case.id)}
    assert found == {"99214": Outcome.AGREE, "I10": Outcome.DELETE}


def test_a_claim_without_codes_has_a_row_for_missed_ones(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.write() as session:
        audit = make.audit(session)
        make.case(session, audit, claim())
    rows = exported(sqlite, audit.id, tmp_path / "r.csv")
    assert bring_in(sqlite, audit.id, tmp_path / "r.csv").pending == 1
    rows[0] |= {"outcome": "add", "code_system": "CPT", "correct_code": "99213"}
    assert bring_in(sqlite, audit.id, write(tmp_path / "r.csv", rows)).pending == 0


def test_a_signed_audit_takes_no_file(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.write() as session:
        audit = audit_of_two(session)
        audit.state = AuditState.SIGNED
    exported(sqlite, audit.id, tmp_path / "r.csv")
    with pytest.raises(Conflict, match="is signed"):
        bring_in(sqlite, audit.id, tmp_path / "r.csv")


def test_an_audit_that_does_not_exist_is_named(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.read() as session, pytest.raises(NotFound, match="no audit 7"):
        review_file.export(session, 7, tmp_path / "r.csv")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("r.txt", b"", "neither .csv nor .xlsx"),
        ("r.csv", b"", "is empty"),
        ("r.xlsx", b"", "is no XLSX workbook"),
        ("r.csv", b"case_id,stage\n1,submitted\n", "has no column sequence"),
        ("r.csv", "case_id,rationale\n1,é\n".encode("latin-1"), "is not UTF-8"),
        ("r.csv", b'case_id,stage\n"1,submitted\n', "cannot be read as CSV"),
        ("r.xlsx", b"not a zip file", "is no XLSX workbook"),
    ],
)
def test_a_file_that_is_no_review_file_is_refused(
    sqlite: Database, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    with sqlite.write() as session:
        audit = audit_of_two(session)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=says):
        bring_in(sqlite, audit.id, tmp_path / name)


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written_are_named(
    sqlite: Database, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="there is no file"):
        review_sheets.read(tmp_path / "none.csv")
    with sqlite.write() as session:
        audit = audit_of_two(session)
        with pytest.raises(BadInput, match="cannot be written"):
            review_file.export(session, audit.id, tmp_path / "none" / "r.csv")


def test_a_semicolon_file_with_a_byte_order_mark_is_read(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.write() as session:
        audit = audit_of_two(session)
    rows = exported(sqlite, audit.id, tmp_path / "r.csv")
    for row in rows:
        row["outcome"] = "agree"
    lines = [";".join(NAMES), *(";".join(row.values()) for row in rows)]
    (tmp_path / "r.csv").write_text("\r\n".join(lines), encoding="utf-8-sig")
    assert bring_in(sqlite, audit.id, tmp_path / "r.csv").pending == 0


def test_a_workbook_keeps_codes_as_text_and_offers_the_choices(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.write() as session:
        audit = make.audit(session)
        make.case(session, audit, claim(codes(SUBMITTED, "00100"), claim_id="=cmd|' /C calc'!A0"))
        review_file.export(session, audit.id, tmp_path / "r.xlsx")
    sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert sheet.freeze_panes == "D2"
    assert (sheet["F2"].value, sheet["F2"].data_type, sheet["F2"].number_format) == ("00100", "s", "@")
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=cmd|' /C calc'!A0", "s")
    choices = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert "agree,change" in choices["I2:I1048576"]
    assert len(choices) == 4


TEXT = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["=1+1", "'quoted", "+x", "-", "@a", "'=b", "ok"]))


@st.composite
def some_findings(draw: st.DrawFn) -> tuple[CodeFinding, ...]:
    """Findings on one stage without contradictions, of every outcome."""
    outcomes = draw(st.lists(st.sampled_from(sorted(Outcome)), min_size=4, max_size=4))
    verdicts: dict[str, dict[str, Any]] = {}
    for place, outcome in enumerate(outcomes, start=1):
        added = outcome is Outcome.ADD
        verdicts[f"add{place}" if added else f"l{place}"] = {
            "outcome": outcome,
            "correct_code": "00140" if outcome in (Outcome.CHANGE, Outcome.ADD) else None,
            "correct_modifiers": draw(st.sampled_from([(), ("25", "LT")])) if outcome is Outcome.MODIFIER else None,
            "correct_units": 9 if outcome is Outcome.UNITS else None,
            "correct_sequence": draw(st.sampled_from([None, 2])),
            "error_type": None if outcome is Outcome.AGREE else draw(st.sampled_from([None, ErrorType.UNBUNDLED])),
            "severity": None if outcome is Outcome.AGREE else draw(st.sampled_from([None, Severity.VARIANCE])),
            "correct_allowed_cents": draw(st.one_of(st.none(), st.integers(0, 10**9))),
            **{name: draw(TEXT) for name in ("root_cause", "rationale", "citation")},
        }
    return settle(judged(BILLED, SUBMITTED, **verdicts))


BILLED = claim(codes(SUBMITTED, "99214-59", "00100-59", "80053-59x2", "36415-59"))


@settings(max_examples=60, deadline=None)
@given(found=some_findings(), kind=st.sampled_from([".csv", ".xlsx"]))
def test_what_goes_out_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, found: tuple[CodeFinding, ...], kind: str
) -> None:
    file = tmp_path_factory.mktemp("round") / f"r{kind}"
    case = ReviewCase(case_id=5, claim=BILLED, documentation_status=DocumentationStatus.COMPLETE, findings=found)
    rows = case_rows(case)
    review_sheets.write(file, COLUMNS, rows)
    review, bad = parse_case(case, review_sheets.read(file).rows)
    assert bad == []
    assert review is not None
    assert review.findings == found
    assert case_rows(replace(case, findings=review.findings)) == rows


@given(text=st.text())
def test_neutralising_can_be_undone(text: str) -> None:
    assert review_sheets.restored(review_sheets.neutralised(text)) == text
    assert not review_sheets.neutralised(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_the_default_columns_are_those_of_the_row(sqlite: Database) -> None:
    case = ReviewCase(
        case_id=1,
        claim=claim(codes(Stage.HUMAN, "99214")),
        documentation_status=DocumentationStatus.COMPLETE,
        findings=judged(claim(codes(Stage.HUMAN, "99214")), Stage.HUMAN, l1=change("99213")),
    )
    assert [list(row) for row in case_rows(case)] == [NAMES]
