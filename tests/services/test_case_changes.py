"""A change that is sent again is done once, and the keys that tell so are kept for as long as it may be."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from auditor.services import case_changes, findings, seats
from auditor.services.case_changes import Change
from auditor.storage.review_work import AppliedChange
from tests import make

AGREED = Change(key="agreed-on-all", revision=0, agree_rest=True)


def applied(session, case_id, change, at):
    case = findings.case_of(session, case_id, lock=True)
    return case_changes.apply(session, seats.seat_of(session, case, name="anna"), change, by="anna", at=at)


def test_a_change_that_comes_again_is_done_once(database):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        once = applied(session, case.id, AGREED, make.NOON)
        again = applied(session, case.id, AGREED, make.NOON + timedelta(days=1))
    assert (once.revision, again.revision, again.applied_at) == (1, 1, once.applied_at)


def test_keys_that_nobody_sends_again_go_with_some_later_change(database):
    late = make.NOON + timedelta(days=40)
    with database.write() as session:
        audit = make.audit(session)
        every = [make.case(session, audit, make.claim(claim_id=f"C{each}")).id for each in range(21)]
        clearing = next(each for each in every if each % 20 == 0)
        first, *others = (each for each in every if each != clearing)
        applied(session, first, AGREED, make.NOON)
        applied(session, others[0], replace(AGREED, key="of-a-late-day"), late)
        assert set(session.scalars(select(AppliedChange.key))) == {AGREED.key, "of-a-late-day"}
        applied(session, clearing, replace(AGREED, key="that-clears-up"), late)
        assert set(session.scalars(select(AppliedChange.key))) == {"of-a-late-day", "that-clears-up"}
