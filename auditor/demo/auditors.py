"""The simulated auditors: they know what the documentation supports, and still err now and then.

What an auditor overlooks or sees wrongly depends on the claim and on her alone, so the order in which cases are
reviewed changes nothing.
"""

from dataclasses import replace
from random import Random

from auditor.demo import world
from auditor.demo.claims_file import allowed_cents
from auditor.demo.coders import Coding
from auditor.domain.claims import Claim, Stage
from auditor.domain.comparison import compare
from auditor.domain.corrections import CorrectCode
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity

STAGE = Stage.SUBMITTED


def review(claim: Claim, truth: Coding, *, auditor: str, seed: int) -> tuple[CodeFinding, ...] | None:
    """One auditor's findings on the submitted codes; None where the record could not be produced."""
    if not truth.documented:
        return None
    random = Random(f"{seed},{auditor},{claim.claim_id}")
    supported = [
        CorrectCode(code_system=c.code_system, code=c.code, modifiers=tuple(filter(None, [c.modifiers])))
        for c in truth.encounter.codes
    ]
    judged = compare(STAGE, claim.lines(STAGE), supported)
    written = [kept for finding in judged if (kept := _judge(random, finding))]
    return tuple(_priced(finding, truth.encounter.payer.multiple) for finding in written)


def _priced(finding: CodeFinding, multiple: float) -> CodeFinding:
    """With what the payer would have allowed for a procedure that was wrong; nothing for one that goes."""
    if finding.outcome is Outcome.AGREE or finding.code_system != "CPT":
        return finding
    right = None if finding.outcome is Outcome.DELETE else finding.correct_code or finding.code_submitted
    return replace(finding, correct_allowed_cents=allowed_cents(right, multiple) if right else 0)


def _judge(random: Random, finding: CodeFinding) -> CodeFinding | None:
    """What this auditor writes down for a finding: the truth, or her own mistake."""
    if finding.outcome is Outcome.AGREE:
        is_diagnosis = finding.code_system == "ICD-10-CM"
        return _refused(finding) if is_diagnosis and random.random() < world.AUDITOR_FALSE_ERRORS else finding
    if random.random() >= world.AUDITOR_MISSES:
        return finding
    return None if finding.outcome is Outcome.ADD else _agreed(finding)


def _agreed(finding: CodeFinding) -> CodeFinding:
    return replace(
        finding,
        outcome=Outcome.AGREE,
        correct_code=None,
        correct_modifiers=None,
        correct_units=None,
        error_type=None,
        severity=None,
    )


def _refused(finding: CodeFinding) -> CodeFinding:
    return replace(finding, outcome=Outcome.DELETE, error_type=ErrorType.UNSUPPORTED, severity=Severity.MATERIAL)
