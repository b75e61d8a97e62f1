"""What a case page shows of a case: its codes with their verdicts, and never who or what coded it."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from auditor.domain.claims import ClaimCode
from auditor.domain.findings import CodeFinding, Outcome, Severity
from auditor.guidelines.tables import CodeState
from auditor.reports.document import Tone
from auditor.services.case_evidence import Evidence
from auditor.services.guidelines.code_search import FoundCode
from auditor.services.review_queue import CodesInHand
from auditor.services.review_rows import NO_MODIFIERS

_SEVERITIES = {Severity.MATERIAL: Tone.ALARM, Severity.VARIANCE: Tone.WATCH}


@dataclass(frozen=True, kw_only=True)
class SideVerdict:
    """What one of two reviews says of a code, where a third person decides."""

    name: str
    finding: CodeFinding | None
    correct: str
    tone: Tone
    kept: str


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
    term: FoundCode | None = None
    right_term: FoundCode | None = None
    evidence: Evidence | None = None
    sides: tuple[SideVerdict, ...] = ()

    @property
    def warning(self) -> str:
        """What the code list says against the code on the day of service; empty where it stands."""
        wrong = self.term and self.term.state not in (None, CodeState.VALID)
        return str(self.term.state) if self.term and wrong else ""


Terms = Mapping[tuple[str, str], FoundCode]


def rows(case: CodesInHand, terms: Terms) -> list[Row]:
    """The codes under review in their order, then those that the reviewer added; `terms` has their titles."""
    found = {finding.line: finding for finding in case.findings}
    listed = [
        row_of(line, code, found.get(line), terms, case.evidence.get(line)) for line, code in case.lines.items()
    ]
    return listed + [missed(finding, terms) for line, finding in found.items() if line not in case.lines]


def side_verdict(side: str, finding: CodeFinding | None) -> SideVerdict:
    """A finding of one of two reviews as the page shows it."""
    return SideVerdict(name=side, finding=finding, correct=correct(finding), tone=tone(finding), kept=kept(finding))


def row_of(line: str, code: ClaimCode, finding: CodeFinding | None, terms: Terms, evidence: Evidence | None) -> Row:
    """A code of the claim with what was found on it."""
    return Row(
        evidence=evidence,
        term=terms.get((code.code_system, code.code)),
        right_term=_right_term(finding, terms),
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
        correct=correct(finding),
        tone=tone(finding),
        kept=kept(finding),
    )


def missed(finding: CodeFinding, terms: Terms) -> Row:
    """A code that the reviewer added."""
    return Row(
        term=_right_term(finding, terms),
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
        tone=tone(finding),
        kept=kept(finding),
    )


def _right_term(finding: CodeFinding | None, terms: Terms) -> FoundCode | None:
    return terms.get((finding.code_system, finding.correct_code or "")) if finding else None


def correct(finding: CodeFinding | None) -> str:
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


def tone(finding: CodeFinding | None) -> Tone:
    """How a verdict stands out: by its severity."""
    if finding is None:
        return Tone.UNDECIDED
    return _SEVERITIES.get(finding.severity, Tone.QUIET) if finding.severity else Tone.QUIET


def kept(finding: CodeFinding | None) -> str:
    """A finding as JSON for the page's script."""
    if finding is None:
        return "null"
    right, cents = finding.correct_modifiers, finding.correct_allowed_cents
    return msgspec.json.encode(
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
            "ruling": finding.ruling,
            "rationale": finding.rationale,
        }
    ).decode()
