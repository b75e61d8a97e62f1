"""What the monitors of audited errors read."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, SelectionMethod
from auditor.domain.claims import Stage
from auditor.domain.people import Role
from auditor.services import adjudication, findings
from auditor.services.audited_outcomes import audited_outcomes, coding_outcomes
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import change, judged
from tests.services.reviewed_twice import give, with_second


def reviewed(session: Session, case: AuditCase, *, error: bool = False, hours: int = 0) -> None:
    verdicts = {"l1": change("99213", correct_allowed_cents=9_000)} if error else {}
    review = Review(findings=judged(thaw(case), Stage.SUBMITTED, **verdicts))
    findings.record(session, case.id, review, by="anna", at=make.NOON + timedelta(hours=hours))


def drawn(session: Session, audit: Audit, *claim_ids: str) -> list[AuditCase]:
    return [make.case(session, audit, make.claim(claim_id)) for claim_id in claim_ids]


def test_outcomes_come_in_draw_order_and_not_in_order_of_completion(database: Database) -> None:
    with database.write() as session:
        late = make.audit(session, first_on=date(2026, 1, 1), last_on=date(2026, 1, 31))
        early = make.audit(session)
        (third,) = drawn(session, late, "C-3")
        first, second, _pending = drawn(session, early, "C-1", "C-2", "C-4")
        for hours, case in enumerate((third, second, first)):
            reviewed(session, case, error=case is second, hours=hours)
    with database.read() as session:
        outcomes = audited_outcomes(session)
    assert [(o.case_id, o.error, o.overpaid_cents) for o in outcomes] == [
        (first.id, False, 0),
        (second.id, True, 3_000),
        (third.id, False, 0),
    ]
    assert outcomes[0].stage is Stage.AI_DRAFT
    assert outcomes[0].selection_probability == 59 / 1000


def test_a_look_back_sees_what_was_known_then(database: Database) -> None:
    with database.write() as session:
        first, second = drawn(session, make.audit(session), "C-1", "C-2")
        reviewed(session, first, hours=0)
        reviewed(session, second, hours=2)
        reviewed(session, first, error=True, hours=3)
    with database.read() as session:
        then = audited_outcomes(session, before=make.NOON + timedelta(hours=1))
        now = audited_outcomes(session)
    assert [(o.case_id, o.error) for o in then] == [(first.id, False)]
    assert [(o.case_id, o.error) for o in now] == [(first.id, True), (second.id, False)]


def test_targeted_picks_and_other_sources_stay_out(database: Database) -> None:
    with database.write() as session:
        audit, other = make.audit(session), make.audit(session)
        (case,) = drawn(session, audit, "C-1")
        picked = make.selection(
            session, audit, "C-2", method=SelectionMethod.TARGETED, drawn=None, population=None, reason="complaint"
        )
        for each in (
            case,
            make.case(session, audit, make.claim("C-2"), selection=picked),
            *drawn(session, other, "C-3"),
        ):
            reviewed(session, each)
        source_id = audit.plan.source_id
    with database.read() as session:
        outcomes = audited_outcomes(session, source_id=source_id)
    assert [o.case_id for o in outcomes] == [case.id]


def test_a_missing_record_is_an_error_that_coding_streams_leave_out(database: Database) -> None:
    with database.write() as session:
        (case,) = drawn(session, make.audit(session), "C-1")
        gone = Review(findings=(), documentation_status=DocumentationStatus.NOT_PRODUCED)
        findings.record(session, case.id, gone, by="anna", at=make.NOON)
    with database.read() as session:
        outcomes = audited_outcomes(session)
    assert [(o.error, o.documentation_missing, o.overpaid_cents) for o in outcomes] == [(True, True, 12_000)]
    assert coding_outcomes(outcomes) == ()


def test_a_look_back_sees_records_and_unfinished_reviews_as_they_stood(database: Database) -> None:
    with database.write() as session:
        lost, taken_up = drawn(session, make.audit(session), "C-1", "C-2")
        reviewed(session, lost)
        reviewed(session, taken_up, error=True)
    with database.write() as session:
        gone = Review(findings=(), documentation_status=DocumentationStatus.NOT_PRODUCED)
        findings.record(session, lost.id, gone, by="anna", at=make.NOON + timedelta(hours=2))
        standing = Review(findings=findings.current(session, taken_up.id), finished=False)
        findings.record(session, taken_up.id, standing, by="anna", at=make.NOON + timedelta(hours=2))
    with database.read() as session:
        then = audited_outcomes(session, before=make.NOON + timedelta(hours=1))
        later = audited_outcomes(session, before=make.NOON + timedelta(hours=3))
        now = audited_outcomes(session)
    assert [(o.case_id, o.error, o.documentation_missing) for o in then] == [
        (lost.id, False, False),
        (taken_up.id, True, False),
    ]
    assert {o.reviewed_at for o in then} == {make.NOON}
    assert later == now
    assert [(o.case_id, o.documentation_missing) for o in now] == [(lost.id, True)]


def test_a_look_back_sees_the_record_as_the_first_reviewer_did_until_a_third_person_decided(
    database: Database,
) -> None:
    with database.write() as session:
        plan = make.plan(session, auditors=["anna", "ben", "cleo"])
        case = make.case(session, make.audit(session, plan=plan), make.claim(), assigned_to="anna")
        with_second(session, case)
        give(session, case, by="anna")
        give(session, case, {"l1": change("99213")}, by="ben")
    with database.write() as session:
        adjudication.seat(session, case.id, name="cleo", roles=frozenset({Role.AUDITOR}), lock=True)
        gone = Review(
            findings=(), documentation_status=DocumentationStatus.NOT_PRODUCED, review_pass=ReviewPass.ADJUDICATED
        )
        findings.record(session, case.id, gone, by="cleo", at=make.NOON + timedelta(hours=2))
    with database.read() as session:
        then, now = (audited_outcomes(session, before=make.NOON + timedelta(hours=hours)) for hours in (1, 3))
        assert now == audited_outcomes(session)
    assert [(o.documentation_missing, o.opinions) for o in (*then, *now)] == [
        (False, (False, True)),
        (True, (False, True)),
    ]
