"""Findings are versioned, logged and refused where they contradict; both engines."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.claims import Stage
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import findings
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from tests import make
from tests.domain.judgements import change, judged, verdict

LATER = make.NOON + timedelta(hours=1)
UPCODED = {"l1": change("99213", rationale="two stable problems")}


def new_case(session: Session, **fields: object) -> AuditCase:
    return make.case(session, make.audit(session), make.claim(), **fields)


def agreed(case: AuditCase, **verdicts: dict[str, object]) -> tuple[CodeFinding, ...]:
    return judged(thaw(case), Stage.SUBMITTED, **verdicts)


def test_a_review_stores_one_version_of_each_line_and_finishes_the_case(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        recorded = findings.record(
            session, case.id, Review(findings=agreed(case, **UPCODED)), by="anna", at=make.NOON
        )
    assert (recorded.versions, recorded.revision, recorded.review_status) == (2, 1, ReviewStatus.DONE)
    with database.read() as session:
        stored = session.scalars(select(Finding).order_by(Finding.line)).all()
        assert [(row.line, row.version, row.outcome) for row in stored] == [
            ("1", 1, Outcome.CHANGE),
            ("2", 1, Outcome.AGREE),
        ]
        assert (stored[0].error_type, stored[0].severity) == (ErrorType.UPCODED, Severity.MATERIAL)
        assert (stored[0].found_by, stored[0].found_at) == ("anna", make.NOON)
        reviewed = session.get_one(AuditCase, case.id)
        assert (reviewed.reviewed_by, reviewed.reviewed_at) == ("anna", make.NOON)


def test_what_was_recorded_comes_back_as_it_was(database: Database) -> None:
    full = change(
        "99213",
        correct_modifiers=("25", "LT"),
        correct_units=2,
        correct_sequence=3,
        root_cause="template",
        citation="CPT 2025 MDM table",
        rationale="zwei stabile Probleme ü",
        correct_allowed_cents=9_000,
    )
    with database.write() as session:
        case = new_case(session)
        given = agreed(case, l1=full, l2=verdict(Outcome.DELETE), add1={"correct_code": "93000"})
        findings.record(session, case.id, Review(findings=given), by="anna", at=make.NOON)
    with database.read() as session:
        assert findings.current(session, case.id) == given


def test_a_correction_is_a_new_version_and_the_old_one_stays(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        added = agreed(case, **UPCODED, add1={"correct_code": "93000"})
        findings.record(session, case.id, Review(findings=added), by="anna", at=make.NOON)
    with database.write() as session:
        corrected = Review(findings=agreed(case), reason="second look")
        recorded = findings.record(session, case.id, corrected, by="bert", at=LATER)
    assert recorded.versions == 2
    with database.read() as session:
        rows = session.scalars(select(Finding).order_by(Finding.line, Finding.version)).all()
        seen = [(row.line, row.version, row.withdrawn, row.found_by) for row in rows]
        assert sorted(seen) == [
            ("+1", 1, False, "anna"),
            ("+1", 2, True, "bert"),
            ("1", 1, False, "anna"),
            ("1", 2, False, "bert"),
            ("2", 1, False, "anna"),
        ]
        assert [finding.outcome for finding in findings.current(session, case.id)] == [Outcome.AGREE] * 2
        assert session.get_one(AuditCase, case.id).reviewed_at == make.NOON


def test_recording_the_same_again_changes_and_logs_nothing(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        findings.record(session, case.id, Review(findings=agreed(case)), by="anna", at=make.NOON)
    with database.write() as session:
        again = findings.record(session, case.id, Review(findings=agreed(case)), by="bert", at=LATER)
    assert (again.versions, again.revision) == (0, 1)
    with database.read() as session:
        assert len(session.scalars(select(LogEntry)).all()) == 1


def test_the_log_holds_numbers_and_digests_and_no_text(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        given = Review(findings=agreed(case, **UPCODED), reason="said the auditor")
        findings.record(session, case.id, given, by="anna", at=make.NOON)
    with database.read() as session:
        entry = session.scalars(select(LogEntry)).one()
        assert entry.kind == "case.reviewed"
        for secret in ("two stable", "said the", "C-1", "99213", "P-1"):
            assert secret not in entry.body


def test_the_second_of_two_reviewers_at_once_is_told(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        findings.record(session, case.id, Review(findings=agreed(case), revision=0), by="anna", at=make.NOON)
    other = Review(findings=agreed(case, **UPCODED), revision=0)
    with database.write() as session, pytest.raises(Conflict, match="changed by someone else"):
        findings.record(session, case.id, other, by="bert", at=LATER)


def test_two_reviewers_at_the_same_moment_are_one_after_the_other(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
    given = Review(findings=agreed(case), revision=0)
    told: list[str] = []

    def second() -> None:
        try:
            with database.write() as session:
                findings.record(session, case.id, given, by="bert", at=LATER)
        except Conflict as error:
            told.append(str(error))

    other = Thread(target=second)
    with database.write() as session:
        findings.record(session, case.id, given, by="anna", at=make.NOON)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(30)
    assert ["changed by someone else" in sentence for sentence in told] == [True]
    with database.read() as session:
        assert {row.found_by for row in session.scalars(select(Finding))} == {"anna"}


def test_a_signed_audit_refuses_findings_until_it_is_reopened(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        case.audit.state = AuditState.SIGNED
        session.flush()
        with pytest.raises(Conflict, match="reopen it with `auditor audit reopen"):
            findings.record(session, case.id, Review(findings=agreed(case)), by="anna", at=make.NOON)


def test_a_review_that_goes_on_is_kept_and_leaves_the_case_pending(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        half = Review(findings=agreed(case)[:1], finished=False)
        recorded = findings.record(session, case.id, half, by="anna", at=make.NOON)
    assert (recorded.versions, recorded.review_status) == (1, ReviewStatus.PENDING)


def test_requested_documents_leave_the_case_pending_whatever_was_found(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        asked = Review(findings=agreed(case), documentation_status=DocumentationStatus.REQUESTED)
        recorded = findings.record(session, case.id, asked, by="anna", at=make.NOON)
        assert recorded.review_status is ReviewStatus.PENDING
        arrived = replace(asked, documentation_status=DocumentationStatus.COMPLETE)
        recorded = findings.record(session, case.id, arrived, by="anna", at=LATER)
    assert (recorded.review_status, recorded.versions) == (ReviewStatus.DONE, 0)


def test_a_record_that_was_not_produced_finishes_the_case_without_findings(database: Database) -> None:
    missing = DocumentationStatus.NOT_PRODUCED
    with database.write() as session:
        case = new_case(session)
        recorded = findings.record(
            session, case.id, Review(findings=(), documentation_status=missing), by="anna", at=make.NOON
        )
        assert recorded.review_status is ReviewStatus.DONE
        agreeing = Review(findings=agreed(case), documentation_status=missing)
        with pytest.raises(BadInput, match="not produced"):
            findings.record(session, case.id, agreeing, by="anna", at=make.NOON)


def test_a_contradiction_is_refused_and_nothing_is_kept(database: Database) -> None:
    with database.write() as session:
        case = new_case(session)
        with pytest.raises(BadInput, match="has no outcome"):
            findings.record(session, case.id, Review(findings=agreed(case)[:1]), by="anna", at=make.NOON)
        with pytest.raises(BadInput, match="no finding in this review"):
            findings.record(session, case.id, Review(findings=()), by="anna", at=make.NOON)
        assert session.scalars(select(Finding)).all() == []


def test_a_case_that_does_not_exist_is_named(sqlite: Database) -> None:
    with sqlite.write() as session, pytest.raises(NotFound, match="no case 99"):
        findings.record(session, 99, Review(findings=()), by="anna", at=make.NOON)
