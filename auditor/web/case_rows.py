"""What a case page shows of a case: its codes with their verdicts, and never who or what coded it."""

import json
from dataclasses import dataclass

from auditor.domain.claims import ClaimCode
from auditor.domain.findings import CodeFinding, Outcome, Severity
from auditor.reports.document import Tone
from auditor.services.review_queue import CaseInHand
from auditor.services.review_rows import NO_MODIFIERS

_SEVERITIES = {Severity.MATERIAL: Tone.ALARM, Severity.VARIANCE: Tone.WATCH}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One code of a case page. `kept` is its finding as JSON for the page's script, `null` without one."""

    line: str
    code_system: str
    code: str
    modifiers: str
    units: int | None
    pointer: str | None
    poa: str | None
    allowed_cents: int | None
    missed: bool
    finding: CodeFinding | None
    correct: str
    tone: Tone
    kept: str


def rows(case: CaseInHand) -> list[Row]:
    """The codes under review in their order, then those that the reviewer added."""
    found = {finding.line: finding for finding in case.findings}
    listed = [_row(line, code, found.get(line)) for line, code in case.lines.items()]
    return listed + [_missed(finding) for line, finding in found.items() if line not in case.lines]


def _row(line: str, code: ClaimCode, finding: CodeFinding | None) -> Row:
    return Row(
        line=line,
        code_system=code.code_system,
        code=code.code,
        modifiers=",".join(code.modifiers),
        units=code.units,
        pointer=code.pointer,
        poa=code.poa,
        allowed_cents=code.allowed_cents,
        missed=False,
        finding=finding,
        correct=_correct(finding),
        tone=_tone(finding),
        kept=_kept(finding),
    )


def _missed(finding: CodeFinding) -> Row:
    return Row(
        line=finding.line,
        code_system=finding.code_system,
        code=finding.correct_code or "",
        modifiers=",".join(finding.correct_modifiers or ()),
        units=finding.correct_units,
        pointer=None,
        poa=None,
        allowed_cents=None,
        missed=True,
        finding=finding,
        correct="",
        tone=_tone(finding),
        kept=_kept(finding),
    )


def _correct(finding: CodeFinding | None) -> str:
    """What is right in place of the submitted code; empty where that stands."""
    if finding is None or finding.outcome in (Outcome.AGREE, Outcome.DELETE):
        return ""
    parts = [finding.correct_code or ""]
    if finding.correct_modifiers is not None:
        parts.append(f"modifiers {','.join(finding.correct_modifiers) or NO_MODIFIERS}")
    if finding.correct_units is not None:
        parts.append(f"units {finding.correct_units}")
    if finding.correct_sequence is not None:
        parts.append(f"place {finding.correct_sequence}")
    return " ".join(part for part in parts if part)


def _tone(finding: CodeFinding | None) -> Tone:
    if finding is None:
        return Tone.UNDECIDED
    return _SEVERITIES.get(finding.severity, Tone.QUIET) if finding.severity else Tone.QUIET


def _kept(finding: CodeFinding | None) -> str:
    if finding is None:
        return "null"
    right, cents = finding.correct_modifiers, finding.correct_allowed_cents
    return json.dumps(
        {
            "line": finding.line,
            "outcome": finding.outcome,
            "code_system": finding.code_system,
            "correct_code": finding.correct_code,
            "correct_modifiers": None if right is None else ",".join(right) or NO_MODIFIERS,
            "correct_units": finding.correct_units,
            "correct_sequence": finding.correct_sequence,
            "correct_allowed": None if cents is None else f"{cents / 100:.2f}",
            "error_type": finding.error_type,
            "severity": finding.severity,
            "root_cause": finding.root_cause,
            "citation": finding.citation,
            "rationale": finding.rationale,
        }
    )
