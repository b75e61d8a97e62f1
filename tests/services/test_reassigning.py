"""Cases go to those who are there, certified and not the coder; and to somebody else when one leaves."""

from datetime import date

import pytest
from sqlalchemy import func, select

from auditor.domain.audits import ReviewPass, ReviewStatus
from auditor.domain.claims import Stage
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, Forbidden
from auditor.services import (
    absences,
    audit_troubles,
    blind_coding,
    credentials,
    findings,
    people,
    reassigning,
    reviewers,
    seats,
    waiting_reviews,
)
from auditor.services.assignment import Work
from auditor.services.blind_coding import BlindCode
from auditor.services.cases import thaw
from auditor.services.credentials import Certificate
from auditor.services.findings import Review
from auditor.services.reassigning import Reassignment
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import judged
from tests.services.reviewed_twice import with_second

WHO = {"by": "olga", "at": make.NOON}


def audit(session, *, cases=4, **plan):
    """An audit whose cases are anna's; the first claim was coded by ben, every second is of ORTHO."""
    for name in ("anna", "ben", "carla"):
        make.user(session, name, roles=(Role.AUDITOR,))
    made = make.audit(session, plan=make.plan(session, auditors=["anna", "ben", "carla"], **plan))
    for number in range(cases):
        claim = make.claim(
            f"C-{number}",
            coder_of_record="Ben" if number == 0 else None,
            specialty="ORTHO" if number % 2 else "CARD",
        )
        make.case(session, made, claim, assigned_to="anna")
    return made


def load(session):
    rows = session.execute(select(AuditCase.assigned_to, func.count()).group_by(AuditCase.assigned_to))
    return {row[0]: row[1] for row in rows}


def test_who_is_away_disabled_or_not_certified_gets_no_case(database: Database) -> None:
    with database.write() as session:
        made = audit(session, credentials={"ORTHO": "CCS", "": "CPC"})
        for name, title, until in (("anna", "CPC", None), ("ben", "CPC", date(2026, 1, 14)), ("carla", "CCS", None)):
            credentials.hold(session, name, Certificate(title=title, expires_on=until), **WHO)
        there = reviewers.of_plan(session, made.plan, on=date(2026, 1, 15))
        assert there.names == ("anna", "ben", "carla")
        card, ortho = (Work(coder=None, specialty=specialty) for specialty in ("CARD", "ORTHO"))
        assert [name for name in there.names if there.may(name, card)] == ["anna"]
        assert [name for name in there.names if there.may(name, ortho)] == ["carla"]
        absences.add(session, "anna", (date(2026, 1, 15), date(2026, 1, 15)), **WHO)
        people.disable(session, name="carla", **WHO)
        assert reviewers.of_plan(session, made.plan, on=date(2026, 1, 15)).names == ("ben",)
        assert reviewers.of_plan(session, made.plan, on=date(2026, 1, 16)).names == ("anna", "ben")


def test_the_cases_of_somebody_who_leaves_are_shared_out_and_nobody_gets_their_own_coding(database: Database) -> None:
    with database.write() as session:
        made = audit(session, cases=5)
        people.disable(session, name="anna", **WHO)
        [trouble] = [each for each in audit_troubles.troubles(session, on=date(2026, 1, 15)) if "left" in each.key]
        assert "--from" in trouble.next_step
        moved = reassigning.reassign(session, Reassignment(audit_id=made.id, source="anna"), **WHO)
        assert sorted(moved.to.values()) == [2, 3]
        assert load(session) == moved.to
        first = session.scalar(select(AuditCase).where(AuditCase.number == 1))
        assert first is not None
        assert first.assigned_to == "carla"
        assert [each for each in audit_troubles.troubles(session, on=date(2026, 1, 15)) if "left" in each.key] == []


def test_cases_that_are_done_stay_with_whoever_did_them(database: Database) -> None:
    with database.write() as session:
        made = audit(session)
        done = session.scalars(select(AuditCase).where(AuditCase.number == 2)).one()
        done.review_status = ReviewStatus.DONE
        moved = reassigning.reassign(session, Reassignment(audit_id=made.id, source="anna", to="carla"), **WHO)
        assert moved.to == {"carla": 3}
        assert done.assigned_to == "anna"
        with pytest.raises(BadInput, match="done already"):
            reassigning.reassign(session, Reassignment(audit_id=made.id, numbers=(2,), to="carla"), **WHO)


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"numbers": (1,), "to": "ben"}, Forbidden, "may not review case 1"),
        ({"source": "ben"}, Conflict, "has no case of ben"),
        ({}, Conflict, "without an auditor"),
        ({"source": "anna", "to": "olga"}, Forbidden, "takes the role auditor"),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_changes(database: Database, asked, error, sentence) -> None:
    with database.write() as session:
        made = audit(session)
        make.user(session, "olga", roles=(Role.OFFICER,))
        with pytest.raises(error, match=sentence):
            reassigning.reassign(session, Reassignment(audit_id=made.id, **asked), **WHO)
        assert load(session) == {"anna": 4}


def test_a_case_without_an_auditor_is_offered_to_all_unless_certificates_are_asked_for(database: Database) -> None:
    with database.write() as session:
        made = audit(session, cases=2)
        for case in session.scalars(select(AuditCase)):
            case.assigned_to = None
        assert waiting_reviews.queue(session, by="carla").waiting_count == 2
        made.plan.credentials = {"": "CPC"}
        session.flush()
        assert waiting_reviews.queue(session, by="carla").waiting_count == 0
        keys = [each.key for each in audit_troubles.troubles(session, on=date(2026, 1, 15))]
        assert keys == ["unassigned"]


def test_the_cases_of_somebody_who_left_are_one_trouble_however_many_audits_they_are_in(database: Database) -> None:
    with database.write() as session:
        first = audit(session, cases=3)
        second = make.audit(session, plan=first.plan)
        for number in range(2):
            make.case(session, second, make.claim(f"D-{number}"), assigned_to="anna")
        assert list(audit_troubles.troubles(session, on=date(2026, 1, 15))) == []
        people.disable(session, name="anna", **WHO)
        (told,) = audit_troubles.troubles(session, on=date(2026, 1, 15))
    assert told.key == "left"
    assert told.headline == "Cases of 2 audits belong to somebody who left"
    assert told.sentence == (
        f"5 cases (3 of audit {first.id}, 2 of audit {second.id}) wait for anna, disabled since."
    )
    assert told.next_step == f"auditor audit reassign {first.id} --from anna, and likewise of the others"


def test_second_reviews_of_somebody_who_left_begun_or_not_are_told_of_and_go_to_others(database: Database) -> None:
    with database.write() as session:
        made = audit(session, cases=3)
        ones = session.scalars(select(AuditCase).order_by(AuditCase.number)).all()
        for case, name in zip(ones, ("ben", "carla", "carla"), strict=True):
            case.assigned_to = name
        begun, fresh = (with_second(session, case, to="anna") for case in ones[1:])
        found = judged(thaw(ones[1]), Stage.SUBMITTED)
        review = Review(findings=found, review_pass=ReviewPass.SECOND, finished=False)
        findings.record(session, ones[1].id, review, by="anna", at=make.NOON)
        people.disable(session, name="anna", **WHO)
        (told,) = audit_troubles.troubles(session, on=date(2026, 1, 15))
        assert told.sentence == f"2 cases (2 of audit {made.id}) wait for anna, disabled since."
        assert told.next_step == f"auditor audit reassign {made.id} --from anna"
        assert reassigning.holders(session, made.id) == {"anna": 2, "ben": 1, "carla": 2}
        moved = reassigning.reassign(session, Reassignment(audit_id=made.id, source="anna"), **WHO)
        assert (moved.to, moved.left) == ({"ben": 2}, 0)
        assert (begun.assigned_to, fresh.assigned_to) == ("ben", "ben")
        assert findings.current(session, ones[1].id, ReviewPass.SECOND) == found
        assert list(audit_troubles.troubles(session, on=date(2026, 1, 15))) == []
        with pytest.raises(Conflict, match="has no case of anna"):
            reassigning.reassign(session, Reassignment(audit_id=made.id, source="anna"), **WHO)


@pytest.mark.parametrize("review_pass", [ReviewPass.FIRST, ReviewPass.SECOND])
def test_whoever_takes_over_a_case_codes_it_blind_anew(database: Database, review_pass) -> None:
    with database.write() as session:
        made = audit(session, cases=2)
        case = session.scalars(select(AuditCase).where(AuditCase.number == 2)).one()
        case.blind = True
        if review_pass is ReviewPass.SECOND:
            case.assigned_to = "ben"
            with_second(session, case, to="anna")
        own = BlindCode(code_system="CPT", code="99205")
        seat = seats.seat_of(session, case, name="anna")
        assert seat.review_pass is review_pass
        blind_coding.save(session, seat, [own], by="anna", at=make.NOON)
        people.disable(session, name="anna", **WHO)
        reassigning.reassign(session, Reassignment(audit_id=made.id, source="anna", to="carla"), **WHO)
        taken = seats.seat_of(session, case, name="carla")
        assert (taken.review_pass, blind_coding.of_seat(session, taken).codes) == (review_pass, ())
        other = BlindCode(code_system="CPT", code="99213")
        assert blind_coding.lock(session, taken, [other], by="carla", at=make.NOON).codes == (other,)
