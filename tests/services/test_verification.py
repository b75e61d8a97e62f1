import hashlib

import pytest
from sqlalchemy import select

from auditor.services import cases
from auditor.storage.audits import Selection
from auditor.storage.cases import AuditCase
from tests import make


@pytest.fixture
def sample(practice):
    return practice.drawn(size=20, stratify=["coding_source"])


def bucket(claim_id):
    return hashlib.sha256(f"{make.SEED},{claim_id}".encode()).hexdigest()[:2]


def test_claims_that_nobody_touched_verify_as_identical(practice, sample):
    found = practice.verify(sample.audit_id)
    assert found.identical
    assert (found.strata, found.changed, found.vanished, found.left_sample) == ((), (), (), ())


def test_an_extended_audit_with_picks_verifies_too(practice, sample):
    practice.target(
        sample.audit_id, next(i for i in practice.claim_ids() if i not in {s.claim_id for s in sample.selections})
    )
    practice.extend(sample.audit_id, 15)
    assert practice.verify(sample.audit_id).identical


def test_a_drawn_claim_whose_cents_changed_is_named_with_stratum_and_bucket(practice, sample):
    touched = sample.selections[4]
    practice.sql(f"UPDATE claims SET paid_cents = 1 WHERE claim_id = '{touched.claim_id}'")
    found = practice.verify(sample.audit_id)
    assert not found.identical
    assert [(each.case, each.claim_id) for each in found.changed] == [(5, touched.claim_id)]
    assert [field.split()[0] for field in found.changed[0].fields] == ["paid_cents"]
    assert [(s.name, s.buckets, s.members_changed) for s in found.strata] == [
        (touched.stratum, (bucket(touched.claim_id),), False)
    ]


def test_a_code_changed_since_shows_on_its_claim_though_the_frame_is_the_same(practice, sample):
    touched = sample.selections[0]
    practice.sql(f"UPDATE codes SET code = '99215' WHERE claim_id = '{touched.claim_id}' AND sequence = 1")
    found = practice.verify(sample.audit_id)
    assert (found.frame_identical, found.identical) == (True, False)
    assert [each.case for each in found.changed] == [1]
    assert found.changed[0].fields[-1].endswith("99215 added")


def test_a_claim_that_vanished_is_named_and_what_would_be_drawn_in_its_place(practice, sample):
    gone = sample.selections[2]
    practice.sql(f"DELETE FROM claims WHERE claim_id = '{gone.claim_id}'")
    found = practice.verify(sample.audit_id)
    assert [each.claim_id for each in found.vanished] == [gone.claim_id]
    assert [each.claim_id for each in found.left_sample] == [gone.claim_id]
    assert len(found.joined_sample) == 1
    assert (found.claims_then, found.claims_now) == (300, 299)


def test_a_claim_that_was_not_drawn_shows_in_its_bucket(practice, sample):
    drawn = {each.claim_id for each in sample.selections}
    other = next(claim_id for claim_id in practice.claim_ids() if claim_id not in drawn)
    practice.sql(f"DELETE FROM claims WHERE claim_id = '{other}'")
    found = practice.verify(sample.audit_id)
    assert [stratum.buckets for stratum in found.strata] == [(bucket(other),)]
    assert (found.changed, found.vanished, found.left_sample) == ((), (), ())


def test_a_whole_stratum_that_is_gone_is_said(practice, sample):
    practice.sql("DELETE FROM claims WHERE coding_source = 'human'")
    found = practice.verify(sample.audit_id)
    assert [(s.name, s.claims_then, s.claims_now) for s in found.strata] == [("human", 100, 0)]


def test_our_own_tables_changed_behind_our_back_are_said(practice, sample):
    with practice.database.write() as session:
        case = session.scalar(select(AuditCase).where(AuditCase.number == 3))
        case.claim = case.claim | {"paid_cents": 5}
        session.scalar(select(Selection).where(Selection.draw_order == 7)).ticket = "0" * 64
    found = practice.verify(sample.audit_id)
    assert (found.broken_copies, found.wrong_tickets, found.identical) == ((3,), (7,), False)


def test_the_frozen_copy_stays_when_the_claim_changes(practice, sample):
    touched = sample.selections[0].claim_id
    practice.sql(f"UPDATE claims SET payer = 'Nobody' WHERE claim_id = '{touched}'")
    with practice.database.read() as session:
        case = session.scalar(select(AuditCase).where(AuditCase.number == 1))
        assert cases.thaw(case).payer != "Nobody"
