"""Codes that cannot be of a patient of this age or sex."""

from auditor.guidelines.conventions import conventions
from auditor.guidelines.lines import JudgedClaim
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables

_SEXES = {"F": "F", "FEMALE": "F", "2": "F", "M": "M", "MALE": "M", "1": "M"}


def age(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for each code outside the age span that it stands for."""
    known, years = conventions(), claim.claim.patient_age
    listed = [(line, span) for line in claim.diagnoses for span in known.ages if line.code in span.codes]
    listed += [(line, span) for line in claim.procedures for span in known.visit_ages if line.code in span.codes]
    for line, span in listed:
        if years is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_AGE)
        elif not span.least <= years <= span.most:
            detail = f"{line.code} is of patients aged {span.least} to {span.most} years."
            yield Fault(lines=(line,), edition=known.edition, detail=detail)


def sex(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for each diagnosis of organs or states of the other sex."""
    known, written = conventions(), (claim.claim.patient_sex or "").strip().upper()
    for line in claim.diagnoses:
        wanted = next((sex for codes, sex in known.sexes if line.code in codes), None)
        if wanted and written not in _SEXES:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_SEX)
        elif wanted and _SEXES[written] != wanted:
            detail = f"{line.code} is of {'female' if wanted == 'F' else 'male'} patients."
            yield Fault(lines=(line,), edition=known.edition, detail=detail)
