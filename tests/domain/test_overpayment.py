"""What was paid beside what the auditor allows."""

from typing import Any

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import Claim
from auditor.domain.findings import CodeFinding, Outcome, Severity
from auditor.domain.overpayment import PaymentDifference, payment_difference
from auditor.domain.scoring import score_case
from tests import make
from tests.domain.judgements import DRAFT, SUBMITTED, change, claim, codes, judged, verdict

COMPLETE = DocumentationStatus.COMPLETE


def line(code: str, paid: int | None, allowed: int | None = None) -> Any:
    return make.code(code, paid_cents=paid, allowed_cents=allowed)


def difference(
    of: Claim, findings: tuple[CodeFinding, ...], documentation: DocumentationStatus = COMPLETE
) -> PaymentDifference | None:
    score = score_case(of, findings, documentation)
    assert score is not None
    return payment_difference(of, score)


def test_a_line_is_overpaid_by_what_exceeds_its_correct_amount() -> None:
    billed = claim(codes(SUBMITTED, line("99215", 18_000), line("93000", 2_000)), paid_cents=20_000)
    found = judged(billed, SUBMITTED, l1=change("99214", correct_allowed_cents=13_000))
    assert difference(billed, found) == PaymentDifference(paid_cents=20_000, overpaid_cents=5_000)


def test_the_patients_share_is_left_out() -> None:
    billed = claim(codes(SUBMITTED, line("99215", 8_000, 10_000)))
    found = judged(billed, SUBMITTED, l1=change("99214", correct_allowed_cents=6_000))
    assert difference(billed, found) == PaymentDifference(paid_cents=8_000, overpaid_cents=3_200)


def test_a_deleted_line_is_overpaid_whole_and_a_missed_one_is_owed() -> None:
    billed = claim(codes(SUBMITTED, line("99214", 12_000), line("36415", 300)))
    found = judged(
        billed,
        SUBMITTED,
        l2=verdict(Outcome.DELETE),
        add1={"correct_code": "93000", "correct_allowed_cents": 2_000},
    )
    assert difference(billed, found) == PaymentDifference(paid_cents=12_300, overpaid_cents=300 - 2_000)


def test_a_material_finding_without_a_price_leaves_the_case_unpriced() -> None:
    billed = claim(codes(SUBMITTED, line("99215", 18_000)))
    assert difference(billed, judged(billed, SUBMITTED, l1=change("99214"))) == PaymentDifference(
        paid_cents=18_000, overpaid_cents=None
    )
    mild = judged(billed, SUBMITTED, l1=change("99214", severity=Severity.VARIANCE))
    assert difference(billed, mild) == PaymentDifference(paid_cents=18_000, overpaid_cents=0)


def test_without_a_record_the_whole_payment_is_overpaid() -> None:
    billed = claim(codes(SUBMITTED, line("99214", 12_000)), paid_cents=11_500)
    assert difference(billed, (), DocumentationStatus.NOT_PRODUCED) == PaymentDifference(
        paid_cents=11_500, overpaid_cents=11_500
    )


def test_a_diagnosis_line_without_an_amount_changes_no_dollars() -> None:
    billed = claim(codes(SUBMITTED, line("99214", 12_000), "I10"))
    assert difference(billed, judged(billed, SUBMITTED, l2=change("I11.9"))) == PaymentDifference(
        paid_cents=12_000, overpaid_cents=0
    )


def test_a_claim_with_one_amount_for_all_lines_needs_the_price_of_every_payable_line() -> None:
    billed = claim(codes(SUBMITTED, line("99215", None), line("93000", None), "I10"), paid_cents=20_000)
    one = judged(billed, SUBMITTED, l1=change("99214", correct_allowed_cents=13_000))
    assert difference(billed, one) == PaymentDifference(paid_cents=20_000, overpaid_cents=None)
    both = judged(
        billed,
        SUBMITTED,
        l1=change("99214", correct_allowed_cents=13_000),
        l2=verdict(Outcome.AGREE, correct_allowed_cents=2_000),
    )
    assert difference(billed, both) == PaymentDifference(paid_cents=20_000, overpaid_cents=5_000)
    assert difference(billed, judged(billed, SUBMITTED)) == PaymentDifference(paid_cents=20_000, overpaid_cents=0)


def test_a_price_found_on_the_draft_holds_for_what_was_submitted() -> None:
    lines = (line("99215", 18_000),)
    both = claim(codes(DRAFT, *lines), codes(SUBMITTED, *lines))
    found = judged(both, DRAFT, l1=change("99214", correct_allowed_cents=13_000))
    assert difference(both, found) == PaymentDifference(paid_cents=18_000, overpaid_cents=5_000)


def test_before_billing_the_allowed_amount_stands_for_what_would_be_paid() -> None:
    draft = claim(codes(DRAFT, line("99215", None, 18_000)))
    found = judged(draft, DRAFT, l1=change("99214", correct_allowed_cents=13_000))
    assert difference(draft, found) == PaymentDifference(paid_cents=18_000, overpaid_cents=5_000)


def test_a_claim_without_amounts_has_no_dollars() -> None:
    billed = claim(codes(SUBMITTED, line("99214", None)))
    assert difference(billed, judged(billed, SUBMITTED)) is None
