from dataclasses import replace

import pytest
from sqlalchemy import text

from auditor.errors import Conflict
from auditor.services import cases
from auditor.storage.cases import AuditCase
from tests import make


def test_a_frozen_claim_thaws_to_the_claim_that_it_was(database):
    claim = make.claim(codes=(make.code(evidence="MDM moderate", modifiers=("25",)),), ai_confidence=0.91)
    with database.write() as session:
        make.case(session, make.audit(session), claim)
    with database.read() as session:
        assert cases.thaw(session.query(AuditCase).one()) == claim


def test_nothing_that_tells_of_a_patient_lies_open(database):
    claim = make.claim(patient_id="MRN-4711", codes=(make.code(evidence="walks with MRN-4711"),))
    with database.write() as session:
        make.case(session, make.audit(session), claim)
    with database.read() as session:
        row = session.execute(text("SELECT claim, protected FROM audit_cases")).one()
    assert all(word not in f"{row}" for word in ("MRN-4711", "lisinopril", "patient"))


def test_a_digest_does_not_depend_on_the_order_in_which_codes_arrive():
    claim = make.claim()
    assert cases.freeze(claim) == cases.freeze(replace(claim, codes=claim.codes[::-1]))


def test_a_copy_that_was_edited_in_the_table_is_refused(database):
    with database.write() as session:
        made = make.case(session, make.audit(session), make.claim())
        made.claim = made.claim | {"paid_cents": 1}
    with database.read() as session, pytest.raises(Conflict, match="no longer matches its digest"):
        cases.thaw(session.query(AuditCase).one())


def test_a_copy_that_is_edited_after_it_was_thawed_is_refused_all_the_same(database):
    with database.write() as session:
        made = make.case(session, make.audit(session), make.claim())
        assert cases.thaw(made) is cases.thaw(made)
        made.claim = made.claim | {"paid_cents": 1}
        with pytest.raises(Conflict, match="no longer matches its digest"):
            cases.thaw(made)
