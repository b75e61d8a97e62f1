from collections import Counter
from fractions import Fraction

import pytest
from sqlalchemy import select

from auditor.domain.audits import DocumentationStatus, ReviewPass
from auditor.errors import BadInput, Conflict
from auditor.services import (
    assignment,
    assignment_notices,
    review_queue,
    seats,
    second_reviews,
    signatures,
    waiting_reviews,
)
from auditor.services.notices import Letterhead
from auditor.services.signatures import Signing
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import OutboxMessage
from auditor.storage.review_work import FurtherReview
from tests import make
from tests.domain.judgements import change, verdict
from tests.services.reviewed_twice import give, with_second

THIRD = Fraction(1, 3)
NAMES = ["anna", "ben", "cleo"]


def drawn(practice, **plan):
    sample = practice.drawn(size=60, auditors=NAMES, second_review_share=THIRD, **plan)
    return sample.audit_id


def second_of(session, audit_id):
    question = select(FurtherReview, AuditCase).join(FurtherReview.case).where(AuditCase.audit_id == audit_id)
    return session.execute(question).all()


def test_the_share_is_chance_from_the_seed_and_goes_to_somebody_else(practice):
    audit_id = drawn(practice)
    with practice.database.read() as session:
        found = second_of(session, audit_id)
        coders = {case.id: case.claim["coder_of_record"] for _, case in found}
        every = session.scalars(select(AuditCase).where(AuditCase.audit_id == audit_id)).all()
        chosen = {
            case.id
            for case in every
            if assignment.by_chance(THIRD, seed=make.SEED, purpose="second", item_id=case.selection.item_id)
        }
    assert {case.id for _, case in found} == chosen
    assert 10 < len(found) < 30
    for second, case in found:
        assert second.assigned_to in set(NAMES) - {case.assigned_to, coders[case.id]}
    load = Counter(second.assigned_to for second, _ in found) + Counter(case.assigned_to for case in every)
    assert max(load.values()) - min(load.values()) <= load.total() // 10


def test_targeted_picks_have_no_second_review(practice):
    audit_id = practice.drawn(size=10, auditors=NAMES, second_review_share=Fraction(1)).audit_id
    with practice.database.read() as session:
        drawn_ids = {case.selection.item_id for case in session.scalars(select(AuditCase))}
    other = next(each for each in practice.claim_ids() if each not in drawn_ids)
    practice.target(audit_id, other)
    practice.extend(audit_id, 5)
    with practice.database.read() as session:
        found = second_of(session, audit_id)
        targeted = [case for _, case in found if case.selection.item_id == other]
    assert len(found) == 15
    assert targeted == []


def test_a_second_review_looks_like_a_first_in_queue_and_mail(practice):
    audit_id = drawn(practice)
    with practice.database.write() as session:
        make.user(session, "ben")
        queue = waiting_reviews.queue(session, by="ben")
        mine = [each.case_id for each in queue.waiting if each.mine]
        second = {case.id for further, case in second_of(session, audit_id) if further.assigned_to == "ben"}
        first = {case.id for case in session.scalars(select(AuditCase).where(AuditCase.assigned_to == "ben"))}
        assert second
        assert mine == sorted(second | first)
        letterhead = Letterhead(practice="P", base_url="http://x", mail_domain="x", time_zone="UTC")
        assignment_notices.queue(session, audit_id, letterhead=letterhead, at=make.NOON)
        assert session.scalars(select(OutboxMessage)).one().content["cases"] == len(second | first)


def test_what_one_finds_the_other_does_not_see(database):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        with_second(session, case)
        give(session, case, {"l1": change("99213")}, by="anna")
    with database.write() as session:
        seen = review_queue.next_case(session, by="ben")
        assert (seen.case_id, seen.findings, seen.revision, seen.done) == (case.id, (), 0, 0)
        held = session.get_one(AuditCase, case.id)
        give(session, held, by="ben")
        assert (held.reviewed_by, held.revision) == ("anna", 1)
        assert review_queue.next_case(session, by="ben") is None
        assert waiting_reviews.queue(session, by="ben").done_count == 1


@pytest.mark.parametrize(
    ("verdicts", "documentation", "differs"),
    [
        ({}, DocumentationStatus.COMPLETE, False),
        ({"l1": change("99213")}, DocumentationStatus.COMPLETE, True),
        ({"l1": verdict("modifier", correct_modifiers=("25",))}, DocumentationStatus.COMPLETE, True),
        ({"l2": verdict("resequence", correct_sequence=1)}, DocumentationStatus.COMPLETE, False),
        ({"add1": {"correct_code": "93000"}}, DocumentationStatus.COMPLETE, True),
        ({}, DocumentationStatus.NOT_PRODUCED, True),
    ],
)
def test_reviews_differ_by_codes_error_and_record_but_not_by_order(database, verdicts, documentation, differs):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        second = with_second(session, case)
        give(session, case, by="anna")
        assert second.differs is None
        give(session, case, verdicts, by="ben", documentation=documentation)
        assert second.differs is differs
        assert case.documentation_status is DocumentationStatus.COMPLETE


def test_nobody_signs_while_a_second_review_or_a_decision_is_open(database):
    with database.write() as session:
        make.user(session, "olga")
        audit = make.audit(session)
        case = make.case(session, audit, make.claim(), assigned_to="anna")
        with_second(session, case)
        give(session, case, by="anna")
    signing = Signing(audit_id=audit.id, signer="olga", meaning="final")
    with pytest.raises(Conflict, match="1 second reviews and 0 adjudications"), database.write() as session:
        signatures.sign_off(session, signing, at=make.NOON)
    with database.write() as session:
        give(session, session.get_one(AuditCase, case.id), {"l1": change("99213")}, by="ben")
    with pytest.raises(Conflict, match="0 second reviews and 1 adjudications"), database.write() as session:
        signatures.sign_off(session, signing, at=make.NOON)


def test_a_second_review_that_is_not_done_can_be_given_to_another(database):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        with_second(session, case, to=None)
        with pytest.raises(BadInput, match="name another auditor"):
            second_reviews.hand_over(session, case.id, to="Anna")
        second_reviews.hand_over(session, case.id, to="ben")
        give(session, case, by="ben")
        with pytest.raises(Conflict, match="is done"):
            second_reviews.hand_over(session, case.id, to="cleo")
        (listed,) = second_reviews.listed(session, case.audit_id)
    assert (listed.second_by, listed.second_done, listed.first_done, listed.differs) == ("ben", True, False, None)


def test_a_review_without_a_second_one_cannot_be_recorded_as_second(database):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        with pytest.raises(Conflict, match="no second review"):
            seats.seat_for(session, case, ReviewPass.SECOND, name="ben")
