from dataclasses import replace

import pytest

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.findings import Outcome
from auditor.domain.people import Role
from auditor.errors import Conflict, Forbidden
from auditor.services import adjudication, case_changes, findings, metrics, seats
from auditor.services.case_changes import Change
from auditor.services.findings import Review
from auditor.storage.cases import AuditCase
from tests import make
from tests.domain.judgements import change
from tests.services.reviewed_twice import give, with_second

AUDITOR, OFFICER = frozenset({Role.AUDITOR}), frozenset({Role.OFFICER})


@pytest.fixture
def disputed(database):
    with database.write() as session:
        plan = make.plan(session, auditors=["anna", "ben", "cleo", "dora"])
        claim = make.claim(coder_of_record="dora")
        case = make.case(session, make.audit(session, plan=plan), claim, assigned_to="anna")
        with_second(session, case)
        give(session, case, {"l1": change("99213", rationale="no history")}, by="anna")
        give(session, case, by="ben")
        return case.id


def waiting(database, name, roles=AUDITOR):
    with database.read() as session:
        return [each.case_id for each in adjudication.disputes(session, name=name, roles=roles)]


def decide(session, case_id, name="cleo", roles=AUDITOR, *, side=0, **given):
    seat = adjudication.seat(session, case_id, name=name, roles=roles, lock=True)
    found = adjudication.sides(session, seat)[side].findings
    review = replace(Review(findings=found, review_pass=ReviewPass.ADJUDICATED), **given)
    return findings.record(session, case_id, review, by=name, at=make.NOON)


def test_only_a_third_person_decides(database, disputed):
    assert waiting(database, "cleo") == [disputed]
    assert waiting(database, "olga", OFFICER) == [disputed]
    for name in ("anna", "ben", "dora", "eve"):
        assert waiting(database, name) == []
        with pytest.raises(Forbidden), database.read() as session:
            adjudication.seat(session, disputed, name=name, roles=AUDITOR)
    assert waiting(database, "anna", OFFICER | AUDITOR) == []


def test_the_sides_do_not_tell_who_was_first(database, disputed):
    orders = set()
    for number in range(12):
        with database.write() as session:
            session.get_one(AuditCase, disputed).audit.seed = f"seed {number}"
        with database.read() as session:
            left, right = adjudication.sides(session, _adjudicator(session, disputed))
        orders.add(left.on("1").outcome)
        assert {left.on("1").outcome, right.on("1").outcome} == {Outcome.AGREE, Outcome.CHANGE}
    assert orders == {Outcome.AGREE, Outcome.CHANGE}


def _adjudicator(session, case_id):
    case = session.get_one(AuditCase, case_id)
    further = seats.further_reviews(session, case_id)
    return seats.Seat(case=case, review_pass=ReviewPass.ADJUDICATED, work=case, name="cleo", further=further)


def test_the_decision_counts_and_closes_the_case_for_both_reviewers(database, disputed):
    with database.write() as session:
        side = next(
            place
            for place, each in enumerate(
                adjudication.sides(
                    session, adjudication.seat(session, disputed, name="cleo", roles=AUDITOR, lock=True)
                )
            )
            if each.on("1").outcome is Outcome.AGREE
        )
        done = decide(session, disputed, side=side)
        assert done.review_status is ReviewStatus.DONE
    assert waiting(database, "cleo") == []
    with database.write() as session:
        case = session.get_one(AuditCase, disputed)
        assert findings.current(session, disputed)[0].outcome is Outcome.CHANGE
        rate = next(
            each for each in metrics.audit_metrics(session, case.audit_id) if each.metric == "claim_error_rate"
        )
        assert rate.numerator == 0
        again = Change(key="k" * 8, revision=1, agree_rest=True)
        for name in ("anna", "ben"):
            seat = seats.seat_of(session, case, name=name)
            with pytest.raises(Conflict, match="was adjudicated"):
                case_changes.apply(session, seat, again, by=name, at=make.NOON)


def test_one_adjudicator_at_a_time(database, disputed):
    with database.write() as session:
        decide(session, disputed, finished=False)
    assert waiting(database, "olga", OFFICER) == []
    with pytest.raises(Conflict, match="decided by cleo"), database.read() as session:
        adjudication.seat(session, disputed, name="olga", roles=OFFICER)


def test_looking_at_a_dispute_takes_no_seat(database, disputed):
    with database.read() as session:
        adjudication.seat(session, disputed, name="cleo", roles=AUDITOR)
    assert waiting(database, "olga", OFFICER) == [disputed]


def test_what_is_decided_about_the_record_counts_and_the_first_answer_is_kept(database, disputed):
    with database.write() as session:
        missing = DocumentationStatus.NOT_PRODUCED
        decide(session, disputed, findings=(), documentation_status=missing)
        case = session.get_one(AuditCase, disputed)
        row = seats.further_reviews(session, disputed)[ReviewPass.ADJUDICATED]
        assert case.documentation_status is missing
        assert row.replaced_documentation is DocumentationStatus.COMPLETE


def test_where_both_agree_there_is_nothing_to_decide(database):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        with_second(session, case)
        give(session, case, by="anna")
        give(session, case, by="ben")
        with pytest.raises(Conflict, match="nothing to decide"):
            adjudication.seat(session, case.id, name="olga", roles=OFFICER)
