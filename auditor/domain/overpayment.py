"""What a claim was paid beside what the auditor allows: the dollars of a reviewed case.

A correct allowed amount is compared with the allowed amount of its line and carried over to what was paid, so
that the patient's share is left out. A material finding without a price leaves the case unpriced: unknown is
not zero. Knows no fee schedule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.domain.claims import Claim, ClaimCode, Stage
from auditor.domain.codes import PROCEDURE_FAMILY, code_family
from auditor.domain.findings import CodeFinding, Outcome, Severity
from auditor.domain.scoring import CaseScore

_PAYABLE = frozenset({PROCEDURE_FAMILY, "MS-DRG"})


@dataclass(frozen=True, kw_only=True)
class PaymentDifference:
    """`overpaid_cents` is paid minus correct, below zero when underpaid; None where a finding has no price."""

    paid_cents: int
    overpaid_cents: int | None


def billed_stage(claim: Claim, score: CaseScore) -> Stage:
    """The stage that was, or will be, paid."""
    return Stage.SUBMITTED if Stage.SUBMITTED in claim.stages else score.reviewed_stage


def payment_difference(claim: Claim, score: CaseScore) -> PaymentDifference | None:
    """Paid and overpaid cents of a claim; None when the claim carries no amount at all."""
    stage = billed_stage(claim, score)
    lines = claim.lines(stage)
    by_payment = claim.paid_cents is not None or any(code.paid_cents is not None for code in lines.values())
    total = _total(claim, list(lines.values()), by_payment=by_payment)
    if total is None:
        return None
    if score.documentation_missing:
        return PaymentDifference(paid_cents=total, overpaid_cents=total)
    findings = score.stages[stage].findings
    if any(_amount(code, by_payment=by_payment) is not None for code in lines.values()):
        parts = [_line_difference(finding, lines.get(finding.line), by_payment=by_payment) for finding in findings]
        known = [part for part in parts if part is not None]
        return PaymentDifference(paid_cents=total, overpaid_cents=sum(known) if len(known) == len(parts) else None)
    allowed = claim.allowed_cents if by_payment else None
    return PaymentDifference(paid_cents=total, overpaid_cents=_claim_difference(findings, total, allowed))


def _total(claim: Claim, lines: Sequence[ClaimCode], *, by_payment: bool) -> int | None:
    whole = claim.paid_cents if by_payment else claim.allowed_cents
    if whole is not None:
        return whole
    amounts = [amount for code in lines if (amount := _amount(code, by_payment=by_payment)) is not None]
    return sum(amounts) if amounts else None


def _amount(code: ClaimCode, *, by_payment: bool) -> int | None:
    return code.paid_cents if by_payment else code.allowed_cents


def _line_difference(finding: CodeFinding, code: ClaimCode | None, *, by_payment: bool) -> int | None:
    if code is None:
        return -(finding.correct_allowed_cents or 0)  # a missed code without a price was not paid: nothing to return
    paid = _amount(code, by_payment=by_payment)
    if finding.outcome is Outcome.AGREE or paid is None:
        return 0
    if finding.correct_allowed_cents is not None:
        return paid - _payable(finding.correct_allowed_cents, paid, code.allowed_cents if by_payment else None)
    if finding.outcome is Outcome.DELETE:
        return paid
    return 0 if finding.severity is Severity.VARIANCE or paid == 0 else None


def _claim_difference(findings: Sequence[CodeFinding], total: int, allowed: int | None) -> int | None:
    """The difference where only the claim as a whole has an amount."""
    if not any(finding.is_error for finding in findings):
        return 0
    kept = [finding for finding in findings if finding.outcome is not Outcome.DELETE]
    if not kept:
        return total
    payable = [finding for finding in kept if code_family(finding.code_system) in _PAYABLE] or kept
    prices = [finding.correct_allowed_cents for finding in payable if finding.correct_allowed_cents is not None]
    if len(prices) < len(payable):
        return None
    return total - _payable(sum(prices), total, allowed)


def _payable(correct_allowed: int, paid: int, allowed: int | None) -> int:
    """What would have been paid on the correct allowed amount: the payer's share of it stays the same."""
    if not allowed:
        return correct_allowed
    return (2 * correct_allowed * paid + allowed) // (2 * allowed)
