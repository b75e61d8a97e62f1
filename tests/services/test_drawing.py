import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from auditor.domain.audits import AuditState
from auditor.domain.plans import Objective, Period, SamplingUnit
from auditor.errors import AuditorError, BadInput, Conflict
from auditor.services import assignment, audits, cases
from auditor.services.assignment import Reviewers, Work
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.log import LogEntry
from auditor.storage.plans import Source
from tests import make
from tests.practice import YEAR

EVERYTHING = (SamplingFrame, SampleRound, Selection, AuditCase)


def nothing_written(practice, audit_id):
    with practice.database.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in EVERYTHING]
        return counts == [0, 0, 0, 0] and session.get(Audit, audit_id).state is AuditState.OPEN


def events(practice, kind):
    with practice.database.read() as session:
        rows = session.scalars(select(LogEntry).where(LogEntry.kind == kind).order_by(LogEntry.number))
        return [(row.number, json.loads(row.body)) for row in rows]


def test_anyone_can_draw_the_same_sample_with_ten_lines_of_hashlib(practice):
    sample = practice.drawn(stratify=["coding_source"], size=40)
    for stratum in sample.strata:
        tickets = {}
        for claim_id in practice.claim_ids(f"coding_source = '{stratum.name}'"):
            text = f"{sample.seed},{claim_id}".encode()
            tickets[hashlib.sha256(text).hexdigest()] = claim_id
        smallest = [tickets[ticket] for ticket in sorted(tickets)[: stratum.drawn]]
        drawn = [each for each in sample.selections if each.stratum == stratum.name]
        assert [each.claim_id for each in drawn] == smallest
        assert {each.selection_probability for each in drawn} == {stratum.drawn / stratum.claims}


def test_the_seed_is_committed_before_the_frame_is_known_and_revealed_by_the_draw(practice):
    sample = practice.drawn()
    (opened_number, opened), (drawn_number, drawn) = (
        events(practice, "audit.opened")[0],
        events(practice, "audit.drawn")[0],
    )
    assert opened_number < drawn_number
    assert opened["seed_sha256"] == hashlib.sha256(drawn["seed"].encode()).hexdigest() == sample.seed_sha256
    assert "seed" not in opened
    assert sample.seed_source == "committed"


def test_a_seed_typed_by_hand_is_marked_and_its_commitment_stays_in_the_log(practice):
    sample = practice.draw(practice.open(), seed="31")
    assert (sample.seed, sample.seed_source) == ("31", "supplied")
    assert sample.seed_sha256 == hashlib.sha256(b"31").hexdigest()
    assert events(practice, "audit.opened")[0][1]["seed_sha256"] == hashlib.sha256(make.SEED.encode()).hexdigest()


def test_cases_hold_a_frozen_copy_of_each_drawn_claim_and_of_no_other(practice):
    sample = practice.drawn(size=12)
    with practice.database.read() as session:
        copies = [cases.thaw(case) for case in session.scalars(select(AuditCase).order_by(AuditCase.number))]
    assert [copy.claim_id for copy in copies] == [each.claim_id for each in sample.selections]
    assert all(copy.codes for copy in copies)


def test_draw_order_counts_from_one_by_ticket(practice):
    selections = practice.drawn(size=20, stratify=["payer"]).selections
    assert [each.draw_order for each in selections] == list(range(1, 21))
    assert sorted(selections, key=lambda each: each.ticket) == list(selections)


def test_the_log_names_no_claim(practice):
    sample = practice.drawn()
    with practice.database.read() as session:
        bodies = " ".join(session.scalars(select(LogEntry.body)))
    assert not any(each.claim_id in bodies for each in sample.selections)


def test_cases_are_shared_evenly_and_nobody_audits_their_own_coding(practice):
    practice.drawn(size=60, auditors=["Anna", "ben", "carla"])
    with practice.database.read() as session:
        rows = session.execute(select(AuditCase.assigned_to, AuditCase.claim)).all()
    load = {name: sum(assigned == name for assigned, _ in rows) for name in ("Anna", "ben", "carla")}
    assert max(load.values()) - min(load.values()) <= 1
    assert all(assigned.lower() != claim["coder_of_record"] for assigned, claim in rows)


def test_a_claim_that_every_auditor_coded_has_no_auditor():
    work = [Work(coder=coder, specialty=None) for coder in ("anna", None)]
    assert assignment.assign(work, Reviewers(names=("anna",)), load={}) == [None, "anna"]


def test_the_blind_share_can_be_recomputed_and_is_near_what_was_asked(practice):
    sample = practice.drawn(size=200, blind_share=Fraction(1, 4))
    with practice.database.read() as session:
        blind = {case.claim["claim_id"]: case.blind for case in session.scalars(select(AuditCase))}
    for claim_id, is_blind in blind.items():
        number = int(hashlib.sha256(f"{sample.seed},blind,{claim_id}".encode()).hexdigest(), 16)
        assert is_blind is (number < 2**254)
    assert 30 <= sum(blind.values()) <= 70


def test_lines_are_drawn_as_units_of_their_own(practice):
    sample = practice.drawn(size=30, unit=SamplingUnit.LINE)
    assert sample.frame["claims"] == 450
    for each in sample.selections:
        ticket = hashlib.sha256(f"{sample.seed},{each.claim_id}#{each.line_number}".encode()).hexdigest()
        assert each.ticket == ticket


def test_a_sample_larger_than_its_frame_takes_everything_and_says_so(practice):
    sample = practice.drawn(size=5000)
    assert sample.sample_size == 300
    assert "5,000 units are needed and the frame has 300: all of them are taken" in sample.notes


def test_a_stratum_smaller_than_its_share_is_taken_whole_and_said(practice):
    practice.sql("UPDATE claims SET specialty = 'RARE' WHERE claim_id = 'C0000007'")
    sample = practice.drawn(size=60, stratify=["specialty"])
    assert {s.name: s.drawn for s in sample.strata}["RARE"] == 1
    assert sum(s.drawn for s in sample.strata) == 60
    assert "taken whole, being small: RARE" in sample.notes


def test_an_objective_sizes_its_sample_for_the_frame_it_finds(practice):
    sample = practice.drawn(objective=Objective.DISCOVERY)
    size = sample.derivation["size"]
    assert sample.sample_size == size["sample_size"] == 54
    assert size["inputs"]["population"] == 300
    assert size["formula"]


def test_a_period_without_claims_is_said_and_leaves_nothing(practice):
    period = Period(first_on=YEAR.first_on.replace(year=2019), last_on=YEAR.last_on.replace(year=2019))
    audit_id = practice.open(period=period)
    with pytest.raises(Conflict, match="covers no claim from 2019-01-01 to 2019-12-31"):
        practice.draw(audit_id)
    assert nothing_written(practice, audit_id)


def test_two_claims_with_one_id_are_refused_and_leave_nothing(practice):
    practice.sql("INSERT INTO claims SELECT * FROM claims WHERE claim_id = 'C0000009'")
    audit_id = practice.open()
    with pytest.raises(BadInput, match="id"):
        practice.draw(audit_id)
    assert nothing_written(practice, audit_id)


def test_a_source_that_is_gone_is_said_and_leaves_nothing(practice):
    audit_id = practice.open()
    practice.file.unlink()
    with pytest.raises(AuditorError, match=r"claims\.sqlite"):
        practice.draw(audit_id)
    assert nothing_written(practice, audit_id)


def test_a_source_that_fails_after_the_draw_leaves_nothing(practice):
    failing = "SELECT claim_id, 'note' AS title, abs(-9223372036854775808 + (claim_id IS NULL)) AS text FROM claims"
    with practice.database.write() as session:
        source = session.scalar(select(Source))
        source.mapping = f'{make.MAPPING}[documents]\nsql = "{failing}"\n'
    audit_id = practice.open()
    with pytest.raises(AuditorError, match="claims"):
        practice.draw(audit_id)
    assert nothing_written(practice, audit_id)


def test_an_audit_is_drawn_once_even_by_two_people_at_the_same_moment(practice):
    audit_id = practice.open(size=10)

    def attempt(_):
        try:
            return practice.draw(audit_id).sample_size
        except Conflict as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        results = set(pool.map(attempt, range(2)))
    assert results == {
        10,
        f"audit {audit_id} is drawn already: extend it with `auditor audit extend {audit_id} --by N`",
    }


def test_an_audit_opens_only_of_an_approved_plan_over_a_period_that_runs_forward(practice):
    with pytest.raises(Conflict, match="is not approved"):
        practice.open(approved_at=None)
    with pytest.raises(BadInput, match="ends before it begins"):
        practice.open(period=Period(first_on=YEAR.last_on, last_on=YEAR.first_on))


def test_an_abandoned_audit_stays_and_is_said_to_whoever_audits_the_same_days(practice):
    from auditor.services import standings

    first = practice.drawn(size=5).audit_id
    with practice.database.write() as session:
        audits.abandon(session, audit_id=first, reason="wrong payer", by="olga", at=make.NOON)
    second = practice.open()
    with practice.database.read() as session:
        (other,) = standings.standing(session, second).overlaps
    assert (other.audit_id, other.state, other.abandon_reason) == (first, AuditState.ABANDONED, "wrong payer")
    with pytest.raises(Conflict, match="was abandoned"):
        practice.extend(first, 1)
