import pytest
from sqlalchemy import select

from auditor.domain.audits import SelectionMethod
from auditor.errors import BadInput, Conflict
from auditor.storage.cases import AuditCase
from tests import make

LATE_ARRIVAL = (
    "INSERT INTO claims SELECT 'X' || claim_id, coding_source, served_on, payer, specialty, model_version,"
    " coded_on, paid_cents, coder_of_record FROM claims LIMIT 1"
)


def chosen(sample):
    return {each.claim_id for each in sample.selections if each.method is SelectionMethod.PROBABILITY}


def test_a_larger_draw_extends_a_smaller_one(practice):
    first = practice.drawn(size=30, stratify=["coding_source", "payer"])
    grown = practice.extend(first.audit_id, 25)
    assert chosen(first) < chosen(grown)
    assert (grown.round, grown.sample_size) == (2, 55)
    at_once = practice.drawn(size=55, stratify=["coding_source", "payer"])
    assert chosen(grown) == chosen(at_once)


def test_probabilities_are_those_of_the_whole_sample(practice):
    grown = practice.extend(practice.drawn(size=30).audit_id, 20)
    assert {each.selection_probability for each in grown.selections} == {50 / 300}


def test_draw_order_begins_anew_in_each_round(practice):
    grown = practice.extend(practice.drawn(size=3).audit_id, 2)
    assert [(each.round, each.draw_order) for each in grown.selections] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    assert [each.case for each in grown.selections] == [1, 2, 3, 4, 5]


def test_no_more_is_drawn_than_the_frame_has(practice):
    audit_id = practice.drawn(size=290).audit_id
    grown = practice.extend(audit_id, 25)
    assert grown.sample_size == 300
    assert "only 10 units were left in the frame: all of them are taken" in grown.notes
    with pytest.raises(Conflict, match="has drawn all 300 units of its frame"):
        practice.extend(audit_id, 1)


@pytest.mark.parametrize(
    "change",
    [
        LATE_ARRIVAL,
        "DELETE FROM claims WHERE claim_id = 'C0000150'",
        "UPDATE claims SET claim_id = 'another' WHERE claim_id = 'C0000150'",
    ],
)
def test_a_sample_grows_from_its_own_frame_only(practice, change):
    audit_id = practice.drawn(size=30).audit_id
    practice.sql(change)
    with pytest.raises(Conflict, match="no longer holds the frame of audit"):
        practice.extend(audit_id, 5)


def test_cents_that_moved_since_do_not_stop_an_extension(practice):
    first = practice.drawn(size=30)
    practice.sql("UPDATE claims SET paid_cents = paid_cents + 100")
    assert practice.extend(first.audit_id, 5).sample_size == 35


def test_an_extension_after_findings_says_what_it_costs(practice):
    audit_id = practice.drawn(size=30).audit_id
    assert practice.extend(audit_id, 5).notes == ()
    with practice.database.write() as session:
        make.finding(session, session.scalar(select(AuditCase).limit(1)))
    assert any("loses its confidence" in note for note in practice.extend(audit_id, 5).notes)


def test_picked_claims_are_cases_and_feed_no_estimate(practice):
    first = practice.drawn(size=10)
    picked = next(each for each in practice.claim_ids() if each not in chosen(first))
    sample = practice.target(first.audit_id, picked)
    last = sample.selections[-1]
    assert (last.claim_id, last.case, last.method, last.selection_probability) == (picked, 11, "targeted", None)
    assert (sample.sample_size, sum(stratum.drawn for stratum in sample.strata)) == (10, 10)


def test_a_picked_claim_that_chance_draws_later_keeps_its_case_and_counts(practice):
    first = practice.drawn(size=10)
    twenty = practice.drawn(size=20)
    picked = sorted(chosen(twenty) - chosen(first))[0]
    practice.target(first.audit_id, picked)
    grown = practice.extend(first.audit_id, 10)
    assert chosen(grown) == chosen(twenty)
    (kept,) = [each for each in grown.selections if each.claim_id == picked]
    assert (kept.case, kept.round, kept.method, kept.selection_probability) == (11, 2, "probability", 20 / 300)
    assert len(grown.selections) == 20


def test_picks_that_are_unknown_or_in_the_audit_already_are_refused_together(practice):
    first = practice.drawn(size=10)
    drawn = first.selections[3].claim_id
    with pytest.raises(BadInput, match="already in audit 1, as case 4"):
        practice.target(first.audit_id, drawn)
    with pytest.raises(BadInput, match="no claim with the id named at place 1"):
        practice.target(first.audit_id, "NOBODY")
    with practice.database.read() as session:
        assert len(session.scalars(select(AuditCase)).all()) == 10
