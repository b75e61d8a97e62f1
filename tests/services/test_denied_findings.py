import pytest
from sqlalchemy import select, update

from auditor.domain.denials import RootCause
from auditor.domain.findings import ErrorType
from auditor.errors import BadInput
from auditor.services import denied_findings, denied_words
from auditor.storage.cases import AuditCase
from auditor.storage.plans import Source
from tests import make
from tests.domain.judgements import change
from tests.services.samples import review

REMITS = '[remits]\ntable = "remits"\n'
WRONG = {"l1": change("99212", error_type=ErrorType.UPCODED)}


@pytest.fixture
def audited(practice):
    """Six reviewed claims, of which the first three were denied and the first two are wrong."""
    sample = practice.drawn(size=6)
    ids = [each.claim_id for each in sample.selections]
    practice.sql("CREATE TABLE remits (claim_id TEXT, decided_on TEXT, group_code TEXT, carc TEXT)")
    for claim_id, group, carc in (
        (ids[0], "CO", "50"),
        (ids[1], "CO", "50"),
        (ids[1], "CO", "97"),
        (ids[2], "CO", " 97"),
        (ids[3], "PR", "1"),
        (ids[4], "CO", "45"),
    ):
        practice.sql(f"INSERT INTO remits VALUES ('{claim_id}', '2025-07-01', '{group}', '{carc}')")
    with practice.database.write() as session:
        session.execute(update(Source).values(mapping=make.MAPPING + REMITS))
        cases = {case.selection.claim_id: case for case in session.scalars(select(AuditCase))}
        for place, claim_id in enumerate(ids):
            review(session, cases[claim_id], WRONG if place < 2 else None, by="zoe")
    return sample.audit_id


def test_denials_point_back_to_what_auditors_found(practice, audited):
    found = denied_findings.of_audit(practice.database, audited, environment={})
    assert (found.denied.cases, found.denied.wrong) == (3, 2)
    assert (found.others.cases, found.others.wrong) == (3, 0)
    assert [(each.carc, each.cause, each.share.cases, each.share.wrong) for each in found.reasons] == [
        ("50", RootCause.DOCUMENTATION, 2, 2),
        ("97", RootCause.CODING, 2, 1),
    ]
    assert found.reasons[0].errors == {ErrorType.UPCODED: 2}
    assert found.reasons[0].case_numbers == (1, 2)
    assert found.denied.low == pytest.approx(0.0943, abs=1e-4)  # Clopper and Pearson, 2 of 3


def test_the_sentence_says_both_shares(practice, audited):
    found = denied_findings.of_audit(practice.database, audited, environment={})
    said = denied_words.sentence(found).replace("\u00a0", " ")
    assert said.startswith("3 of 6 reviewed claims were denied; 2 (66.7 %, 9.4 % to 99.2 %) of them were in error")


def test_a_source_without_remittances_is_told_what_its_mapping_lacks(practice):
    sample = practice.drawn(size=3)
    with pytest.raises(BadInput, match=r"tells no remittances: name a \[remits\] section"):
        denied_findings.of_audit(practice.database, sample.audit_id, environment={})
