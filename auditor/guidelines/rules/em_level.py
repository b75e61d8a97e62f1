"""Visit levels against the total time and the decision making that the claim's data carry."""

from auditor.domain.em_levels import em_level
from auditor.guidelines.em_evidence import VisitEvidence, levels, read_evidence, supports
from auditor.guidelines.lines import JudgedClaim, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables

EDITION = "CPT E/M guidelines 2021/2023"


def too_high(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for each visit whose level neither time nor decision making reaches."""
    for line in claim.procedures:
        level = levels().get(line.code)
        if level is None:
            continue
        supported = supports(read_evidence(line.written.evidence), level) if line.on >= level.first_on else None
        if supported is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EVIDENCE)
        elif not supported:
            detail = f"{line.code} is reached neither by the total time nor by the decision making on record."
            yield Fault(lines=(line,), edition=EDITION, detail=detail)


def too_low(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for each visit of whose family a higher level is supported."""
    for line in claim.procedures:
        level = levels().get(line.code)
        if level is None:
            continue
        evidence = read_evidence(line.written.evidence)
        higher = _highest(line, evidence)
        if line.on < level.first_on or (evidence.minutes is None and evidence.decision_making is None):
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EVIDENCE)
        elif higher != line.code:
            detail = f"{line.code}, where the time or decision making on record supports {higher}."
            yield Fault(lines=(line,), edition=EDITION, detail=detail)


def _highest(line: Line, evidence: VisitEvidence) -> str:
    """The highest code of the line's family that the evidence supports; its own where none above is."""
    own = em_level(line.code)
    if own is None:
        raise ValueError(f"{line.code} has needs and no family")
    family, rank = own
    ranked = {found[1]: code for code in levels() if (found := em_level(code)) and found[0] == family}
    above = [each for each in ranked if each > rank and supports(evidence, levels()[ranked[each]])]
    return ranked[max(above)] if above else line.code
