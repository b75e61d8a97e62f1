"""Codes that are not valid on their day: deleted, not yet in effect, or not billable because more digits exist."""

from datetime import date

from auditor.guidelines.lines import BY_DISCHARGE, DIAGNOSES, INPATIENT_PROCEDURES, JudgedClaim, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeState, CodeTables, GuidelineKind, Spell

_KINDS = {DIAGNOSES: GuidelineKind.ICD10CM, INPATIENT_PROCEDURES: GuidelineKind.ICD10PCS}
_WITHOUT_DATES = frozenset({"MS-DRG", "APR-DRG", "REVENUE"})  # groups and centres, which no claim's coder chooses


def judge(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault for each code that its edition does not hold valid on its day."""
    for line in claim.lines:
        if line.system in _WITHOUT_DATES:
            continue
        on = judged_on(line)
        if on is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_DISCHARGE)
        elif line.system in _KINDS:
            yield from _listed(line, tables, _KINDS[line.system], on)
        elif line.is_procedure and line.code[:1].isalpha():
            yield from _listed(line, tables, GuidelineKind.HCPCS, on)
        elif line.is_procedure:
            yield from _by_fee_schedule(line, tables, on)
        else:
            yield Gap(claim_id=line.claim_id, reason=Reason.UNKNOWN_CODE_SYSTEM)


def judged_on(line: Line) -> date | None:
    """The day that decides: of service, and of discharge for ICD codes of stays; None where a stay has none."""
    stay = (line.claim.claim_type or "").strip().lower() in BY_DISCHARGE
    return line.claim.discharged_on if stay and line.system in _KINDS else line.on


def _listed(line: Line, tables: CodeTables, kind: GuidelineKind, on: date) -> Verdicts:
    edition = tables.edition(kind, on)
    system = "HCPCS" if kind is GuidelineKind.HCPCS else line.system
    term = tables.term(system, line.code, on=on)
    if edition is None:
        yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
    elif term is None and not edition.complete:
        yield Gap(claim_id=line.claim_id, reason=Reason.INCOMPLETE_EDITION)
    elif term is None:
        yield _fault(line, edition, f"is not a code of {line.system}")
    elif term.state is not CodeState.VALID:
        yield _fault(line, term, f"is {term.state}")


def _by_fee_schedule(line: Line, tables: CodeTables, on: date) -> Verdicts:
    """CPT has no public list; what the fee schedule knew on another day and does not know on this one has moved."""
    edition = tables.edition(GuidelineKind.PFS, on)
    known = tables.fees.get(line.code, ())
    if edition is None or not known:
        yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION if known else Reason.UNKNOWN_CODE_SYSTEM)
    elif tables.fee(line.code, on=on) is None:
        ended = all(each.last_on < on for each in known)
        yield _fault(line, edition, f"is {CodeState.ENDED if ended else CodeState.NOT_YET}")


def _fault(line: Line, source: Spell, what: str) -> Fault:
    return Fault(lines=(line,), edition=source.edition, detail=f"{line.code} {what} on {judged_on(line)}.")
