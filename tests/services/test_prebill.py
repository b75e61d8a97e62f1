"""Prebill: selected on arrival by a ticket that nobody can foresee, held, released, and drawn again at the end."""

import hashlib
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from auditor.domain.audits import AuditState
from auditor.domain.plans import Timing
from auditor.errors import BadInput, Conflict
from auditor.services import audit_troubles, audits, bill_holds, prebill, samples, waiting_reviews
from auditor.services.prebill import Look
from auditor.storage.cases import AuditCase
from tests import make
from tests.practice import YEAR

RATE = Fraction(1, 5)
WHO = {"by": "olga", "at": make.NOON}


def arrive(practice, number, on):
    return prebill.take_arrivals(practice.database, Look(audit_id=number, on=on), **WHO, environment={})


def opened(practice, **plan):
    given = {"timing": Timing.PREBILL, "prebill_rate": RATE, "hold_days": 5, "auditors": ["anna"]}
    return practice.open(**(given | plan))


def low(claim_id):
    return int(hashlib.sha256(f"{make.SEED},{claim_id}".encode()).hexdigest(), 16) < RATE * 2**256


def selected(practice, number):
    with practice.database.read() as session:
        return {case.selection.claim_id for case in session.query(AuditCase).filter_by(audit_id=number)}


def test_a_claim_is_selected_on_arrival_when_its_ticket_lies_below_the_rate(practice):
    number = opened(practice)
    practice.sql("UPDATE claims SET served_on = '2026-01-05' WHERE rowid % 2 = 0")
    early = arrive(practice, number, date(2025, 7, 1))
    practice.sql("UPDATE claims SET served_on = '2025-06-05' WHERE served_on = '2026-01-05'")
    late = arrive(practice, number, date(2025, 12, 31))
    again = arrive(practice, number, date(2025, 12, 31))
    assert early.selected > 0 < late.selected
    assert (again.selected, again.closed) == (0, False)
    assert selected(practice, number) == {each for each in practice.claim_ids() if low(each)}


def test_the_seed_stays_secret_until_the_period_is_over_and_then_the_draw_is_reproduced(practice):
    number = opened(practice, stratify=["specialty"])
    arrive(practice, number, date(2025, 6, 1))
    with practice.database.read() as session:
        assert audits.numbered(session, number).state is AuditState.OPEN
        with pytest.raises(Conflict, match="not drawn yet"):
            samples.sample(session, number)
        assert waiting_reviews.queue(session, by="anna").waiting_count > 0
    closed = arrive(practice, number, date(2026, 1, 1))
    assert closed.closed
    verified = practice.verify(number)
    assert verified.identical
    with practice.database.read() as session:
        sample = samples.sample(session, number)
    counts = {each.name: (each.drawn, each.claims) for each in sample.strata}
    for each in sample.selections:
        drawn, claims = counts[each.stratum]
        assert each.selection_probability == drawn / claims
    assert sample.algorithm == prebill.ALGORITHM
    assert sorted(each.draw_order for each in sample.selections) == list(range(1, len(sample.selections) + 1))


def test_a_claim_that_leaves_the_frame_counts_in_no_estimate(practice):
    number = opened(practice)
    arrive(practice, number, date(2025, 6, 1))
    gone = min(selected(practice, number))
    practice.sql(f"UPDATE claims SET served_on = '2027-01-01' WHERE claim_id = '{gone}'")
    arrive(practice, number, date(2026, 1, 1))
    with practice.database.read() as session:
        found = {each.claim_id: each for each in samples.sample(session, number).selections}
    assert (found[gone].method, found[gone].reason) == ("targeted", prebill.LEFT)
    assert practice.verify(number).seed_matches


def test_bills_are_held_until_their_day_and_released_once(practice):
    number = opened(practice)
    arrive(practice, number, date(2025, 6, 1))
    with practice.database.write() as session:
        bills = bill_holds.listed(session, number, on=date(2026, 1, 21))
        assert {bill.due_on for bill in bills} == {date(2026, 1, 20)}
        assert all(bill.late for bill in bills)
        keys = [each.key for each in audit_troubles.troubles(session, on=date(2026, 1, 21))]
        assert f"held:{number}" in keys
        with pytest.raises(Conflict, match="may be released"):
            bill_holds.release(session, number, **WHO)
        first = bill_holds.release(session, number, numbers=(1,), **WHO)
        with pytest.raises(BadInput, match="nothing was released"):
            bill_holds.release(session, number, numbers=(1,), **WHO)
        rest = bill_holds.release(session, number, by="olga", at=datetime(2026, 1, 20, 12, tzinfo=UTC))
        assert sorted([*first, *rest]) == [bill.case for bill in sorted(bills, key=lambda bill: bill.case)]


def test_a_prebill_audit_is_not_drawn_by_hand_and_others_take_no_arrivals(practice):
    number = opened(practice)
    with pytest.raises(Conflict, match="selects claims as they arrive"):
        practice.draw(number)
    other = practice.open(period=YEAR)
    with pytest.raises(Conflict, match="is not prebill"):
        arrive(practice, other, date(2025, 6, 1))
