"""Diagnoses that an Excludes1 note keeps apart: both at once cannot be, unless the conditions are unrelated."""

from auditor.guidelines.conventions import conventions
from auditor.guidelines.lines import JudgedClaim
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables


def judge(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for each pair of diagnoses of one claim that a note excludes."""
    known = conventions()
    if claim.diagnoses and claim.claim.served_on < known.first_on:
        yield Gap(claim_id=claim.claim.claim_id, reason=Reason.NO_EDITION)
        return
    for line in claim.diagnoses:
        notes = [excluded for codes, excluded in known.excludes1 if line.code in codes]
        for other in claim.diagnoses:
            if any(other.code in excluded for excluded in notes):
                detail = f"{line.code} carries an Excludes1 note for {other.code}."
                yield Fault(lines=(line, other), edition=known.edition, detail=detail)
