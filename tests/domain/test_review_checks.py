"""Findings that contradict themselves, each other or the claim are named."""

from typing import Any

import pytest

from auditor.domain.claims import ClaimCode, Stage
from auditor.domain.findings import CodeFinding, ErrorType, Outcome
from auditor.domain.review_checks import faults
from tests import make
from tests.domain.judgements import DRAFT, SUBMITTED, change, claim, codes, judged, verdict

BILLED = claim(codes(SUBMITTED, "99214-25", "80053x2"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (verdict(Outcome.CHANGE), "needs a correct_code"),
        (change("99214"), "is there already"),
        (verdict(Outcome.DELETE, correct_code="99213"), "does not go with another correct_code"),
        (verdict(Outcome.AGREE, correct_code="99213"), "does not go with another correct_code"),
        (verdict(Outcome.AGREE, correct_modifiers=("24",)), "write `modifier`"),
        (verdict(Outcome.AGREE, correct_units=2), "write `units`"),
        (verdict(Outcome.AGREE, error_type=ErrorType.UPCODED), "does not go with an error_type"),
        (verdict(Outcome.MODIFIER), "needs correct_modifiers"),
        (verdict(Outcome.MODIFIER, correct_modifiers=("25",)), "needs correct_modifiers"),
        (verdict(Outcome.UNITS), "needs correct_units"),
        (verdict(Outcome.UNITS, correct_units=1), "needs correct_units"),
        (verdict(Outcome.UNITS, correct_units=0), "1 or more"),
        (change("99213", correct_allowed_cents=-1), "below 0"),
    ],
)
def test_a_finding_that_contradicts_itself_is_named(wrong: dict[str, Any], says: str) -> None:
    found = faults(BILLED, judged(BILLED, SUBMITTED, l1=wrong))
    assert [fault.line for fault in found] == ["1"] * len(found)
    assert says in found[0].reason


def test_a_finding_on_a_code_that_is_not_there_is_named() -> None:
    ghost = CodeFinding(stage=SUBMITTED, line="9", code_system="CPT", outcome=Outcome.AGREE)
    assert "has no code 9" in faults(BILLED, (*judged(BILLED, SUBMITTED), ghost))[0].reason


def test_a_code_that_is_there_cannot_be_added() -> None:
    added = CodeFinding(stage=SUBMITTED, line="1", code_system="CPT", outcome=Outcome.ADD, correct_code="93000")
    assert "code_submitted empty" in faults(BILLED, (added, *judged(BILLED, SUBMITTED)[1:]))[0].reason


def test_silence_is_not_agreement_unless_the_review_goes_on() -> None:
    half = judged(BILLED, SUBMITTED)[:1]
    assert [fault.line for fault in faults(BILLED, half)] == ["2"]
    assert faults(BILLED, half, finished=False) == []


def test_a_code_judged_twice_is_named() -> None:
    twice = judged(BILLED, SUBMITTED)
    assert "judged twice" in faults(BILLED, (*twice, twice[0]))[0].reason


def test_two_stages_with_different_correct_sets_are_named() -> None:
    both = claim(codes(DRAFT, "99214"), codes(SUBMITTED, "99213"))
    different = judged(both, DRAFT) + judged(both, SUBMITTED)
    reason = faults(both, different)[0].reason
    assert "different correct code sets" in reason
    assert "99213 by submitted alone and 99214 by ai_draft alone is right" in reason
    assert "leave the rows of ai_draft empty" in reason
    assert faults(both, judged(both, DRAFT, l1=change("99213")) + judged(both, SUBMITTED)) == []


def test_codes_numbered_alike_are_told_apart() -> None:
    def numbered(code: str, system: str) -> ClaimCode:
        return make.code(code, code_system=system, sequence=1)

    alike = claim((numbered("99214", "CPT"), numbered("I10", "ICD-10-CM")))
    assert list(alike.lines(Stage.SUBMITTED)) == ["1", "1b"]
    assert faults(alike, judged(alike, SUBMITTED)) == []
