"""Whoever changes findings in the database, past the program, is found out by the event log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.findings import Outcome
from auditor.services import finding_ties, findings
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.storage.audits import Audit
from auditor.storage.cases import Finding
from auditor.storage.database import Database
from auditor.storage.log import AuditMark
from tests import make
from tests.domain.judgements import SUBMITTED, change, judged

LATER = make.NOON + timedelta(hours=1)


def reviewed(database: Database) -> None:
    """Two cases, one of them corrected once, then judged by a second reviewer."""
    with database.write() as session:
        audit = make.audit(session)
        first, other = (make.case(session, audit, make.claim(claim_id=name)) for name in ("C1", "C2"))
        for case in (first, other):
            found = judged(thaw(case), SUBMITTED, l1=change("99213", rationale="two stable problems"))
            findings.record(session, case.id, Review(findings=found), by="anna", at=make.NOON)
        corrected = Review(findings=judged(thaw(first), SUBMITTED), reason="second look")
        findings.record(session, first.id, corrected, by="anna", at=LATER)


def problems(database: Database) -> list[str]:
    with database.read() as session:
        return [each.problem for each in finding_ties.problems(session)]


def test_findings_that_only_the_program_wrote_are_as_recorded(database: Database) -> None:
    reviewed(database)
    assert problems(database) == []


def _of(session: Session, version: int, case: int = 1) -> int:
    """A stored version of line 1 of a case."""
    cases = list(session.scalars(select(Finding.case_id).distinct().order_by(Finding.case_id)))
    question = select(Finding.id).where(
        Finding.case_id == cases[case - 1], Finding.line == "1", Finding.version == version
    )
    return session.scalars(question).one()


def _changed(session: Session) -> None:
    newest = _of(session, 1, case=2)
    session.execute(
        update(Finding).where(Finding.id == newest).values(outcome=Outcome.AGREE, correct_code=None, severity=None)
    )


def _old_version_changed(session: Session) -> None:
    session.execute(update(Finding).where(Finding.id == _of(session, 1)).values(correct_code="99212"))


def _rationale_changed(session: Session) -> None:
    session.execute(update(Finding).where(Finding.id == _of(session, 1, case=2)).values(rationale="one problem"))


def _signed_by_another(session: Session) -> None:
    session.execute(update(Finding).where(Finding.id == _of(session, 2)).values(found_by="ben"))


def _deleted(session: Session) -> None:
    session.execute(delete(Finding).where(Finding.id == _of(session, 2)))


def _added(session: Session) -> None:
    row = session.get_one(Finding, _of(session, 1, case=2))
    columns = {column.key: getattr(row, column.key) for column in Finding.__table__.columns if column.key != "id"}
    session.execute(insert(Finding).values(**{**columns, "version": 2, "outcome": Outcome.AGREE}))


@pytest.mark.parametrize(
    ("tamper", "case"),
    [
        (_changed, 2),
        (_old_version_changed, 1),
        (_rationale_changed, 2),
        (_signed_by_another, 1),
        (_deleted, 1),
        (_added, 2),
    ],
)
def test_whatever_is_changed_in_the_database_is_named_with_its_case(
    database: Database, tamper: Callable[[Session], None], case: int
) -> None:
    reviewed(database)
    with database.write() as session:
        tamper(session)
    (problem,) = problems(database)
    assert f"case {case} of audit 1 (first review) are not those that entry" in problem
    assert problem.endswith("changed since, outside of the program")


def test_findings_of_a_review_that_the_log_does_not_know_are_named(database: Database) -> None:
    reviewed(database)
    with database.write() as session:
        session.execute(update(Finding).where(Finding.id == _of(session, 1)).values(review_pass=ReviewPass.SECOND))
    told = problems(database)
    assert "case 1 of audit 1 (second review) has findings that no entry of the log recorded" in told
    assert any("case 1 of audit 1 (first review) are not those" in each for each in told)


def test_entries_that_are_hidden_from_their_audit_hide_no_finding(database: Database) -> None:
    reviewed(database)
    with database.write() as session:
        session.execute(delete(AuditMark))
    assert len(problems(database)) == 2


def test_only_the_audits_asked_for_are_looked_at(database: Database) -> None:
    reviewed(database)
    with database.write() as session:
        _changed(session)
    with database.read() as session:
        audit = session.scalar(select(func.max(Audit.id)))
        assert list(finding_ties.problems(session, audit_ids=[])) == []
        assert len(list(finding_ties.problems(session, audit_ids=[audit]))) == 1
