"""What changed of a claim, in codes, cents and names of fields."""

from dataclasses import replace
from datetime import date

from auditor.domain.claim_changes import claim_changes
from auditor.domain.claims import Document
from tests.domain.judgements import DRAFT, SUBMITTED, claim, codes

THEN = claim(codes(DRAFT, "99214"), codes(SUBMITTED, "99214-25", "I10"), paid_cents=12_800, patient_age=61)


def test_a_claim_that_is_as_it_was_has_no_change() -> None:
    assert claim_changes(THEN, replace(THEN, codes=THEN.codes[::-1])) == ()


def test_codes_that_came_and_went_are_named_by_stage() -> None:
    now = replace(THEN, codes=codes(DRAFT, "99214") + codes(SUBMITTED, "99215-25", "E11.9"))
    assert claim_changes(THEN, now) == (
        "submitted 99214 removed",
        "submitted I10 removed",
        "submitted 99215 added",
        "submitted E11.9 added",
    )


def test_what_changed_of_a_code_is_named() -> None:
    now = replace(THEN, codes=codes(DRAFT, "99214") + codes(SUBMITTED, "99214x2", "I10"))
    assert claim_changes(THEN, now) == ("submitted 99214: modifiers, units",)


def test_amounts_are_told_and_of_a_patient_only_that_something_changed() -> None:
    now = replace(THEN, paid_cents=9_100, patient_age=62, patient_id="P9", documents=(Document(title="Note"),))
    told = claim_changes(THEN, now)
    assert told == ("patient_id", "patient_age", "paid_cents 12800 to 9100", "documents")
    assert "P9" not in str(told)


def test_an_amount_that_was_not_there_is_said_to_be_nothing() -> None:
    now = replace(THEN, allowed_cents=500, served_on=date(2025, 5, 5))
    assert claim_changes(replace(THEN, allowed_cents=None), now) == ("served_on", "allowed_cents nothing to 500")
