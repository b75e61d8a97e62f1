"""Units and dates that cannot be, whatever any guideline says."""

from auditor.domain.claims import Claim
from auditor.guidelines.lines import JudgedClaim, Line
from auditor.guidelines.protocol import Fault, Verdicts
from auditor.guidelines.tables import CodeTables

EDITION = "calendar and arithmetic"


def judge(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for units below 1, lines outside their claim, and steps of a claim in impossible order."""
    for line in claim.lines:
        what = _line_at_fault(line)
        if what:
            yield Fault(lines=(line,), edition=EDITION, detail=f"{line.code} {what}.")
    for what in _order_at_fault(claim.claim):
        yield Fault(lines=(), claim_id=claim.claim.claim_id, edition=EDITION, detail=f"The claim was {what}.")


def _line_at_fault(line: Line) -> str:
    claim = line.claim
    if line.units is not None and line.units < 1:
        return f"has {line.units} units"
    if line.is_procedure and line.on < claim.served_on:
        return "was served before its claim begins"
    if line.is_procedure and claim.discharged_on and line.on > claim.discharged_on:
        return "was served after the discharge"
    return ""


def _order_at_fault(claim: Claim) -> list[str]:
    steps = (
        (claim.discharged_on, "discharged"),
        (claim.coded_on, "coded"),
        (claim.submitted_on, "submitted"),
        (claim.paid_on, "paid"),
    )
    wrong = [f"{step} before it was served" for on, step in steps if on and on < claim.served_on]
    if claim.paid_on and claim.submitted_on and claim.paid_on < claim.submitted_on:
        wrong.append("paid before it was submitted")
    return wrong
