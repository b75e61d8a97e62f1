"""A case as rows of the review file: the codes of every stage with what was found on them. Reads nothing back.

A case that is coded blind shows no code of its claim until the reviewer's own codes are locked: until then it is a
row of stage `blind`, with room for those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.domain.audits import DocumentationStatus, ReviewPass
from auditor.domain.claims import Claim, Stage
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.services.blind_coding import NOTHING, BlindCode, Coding
from auditor.services.review_sheets import SheetColumn

NO_MODIFIERS = "none"
BLIND_STAGE = "blind"


@dataclass(frozen=True, kw_only=True)
class ReviewCase:
    """What a review file needs to know of a case; `coding` is what its reviewer coded blind, if it is such a case.

    `reviewer` is the person whose own file it is, empty in the file of a whole audit.
    """

    case_id: int
    claim: Claim
    documentation_status: DocumentationStatus
    findings: tuple[CodeFinding, ...]
    blind: bool = False
    coding: Coding = NOTHING
    review_pass: ReviewPass = ReviewPass.FIRST
    reviewer: str = ""

    @property
    def hidden(self) -> bool:
        """Whether the codes of the claim must not be shown yet."""
        return self.blind and not self.coding.locked


COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn(name="case_id", width=9, is_number=True, read_only=True),
    SheetColumn(name="claim_id", width=18, read_only=True),
    SheetColumn(name="stage", width=11, read_only=True),
    SheetColumn(name="sequence", width=10, is_number=True, read_only=True),
    SheetColumn(name="code_system", width=13),
    SheetColumn(name="code_submitted", width=16, read_only=True),
    SheetColumn(name="modifiers", width=11, read_only=True),
    SheetColumn(name="units", width=7, is_number=True, read_only=True),
    SheetColumn(name="outcome", width=12, choices=tuple(Outcome)),
    SheetColumn(name="correct_code", width=14),
    SheetColumn(name="correct_modifiers", width=18),
    SheetColumn(name="correct_units", width=14, is_number=True),
    SheetColumn(name="error_type", width=26, choices=tuple(ErrorType)),
    SheetColumn(name="severity", width=11, choices=tuple(Severity)),
    SheetColumn(name="root_cause", width=20),
    SheetColumn(name="rationale", width=48),
    SheetColumn(name="correct_allowed", width=16, is_number=True),
    SheetColumn(name="documentation_status", width=22, choices=tuple(DocumentationStatus)),
    SheetColumn(name="citation", width=24),
    SheetColumn(name="ruling", width=8, is_number=True),
    SheetColumn(name="correct_sequence", width=17, is_number=True),
    SheetColumn(name="reviewer", width=12, read_only=True),
)


def case_rows(case: ReviewCase) -> list[dict[str, str]]:
    """The rows of a case: stages as drafted first, codes in sequence, added codes after those of their stage."""
    rows = _blind_rows(case) if case.hidden else _coded_rows(case)
    rows[0]["documentation_status"] = case.documentation_status.value
    return rows


def _blind_rows(case: ReviewCase) -> list[dict[str, str]]:
    """The reviewer's own codes so far, or one empty row to begin with."""
    return [_row(case, BLIND_STAGE, _own(code), None) for code in case.coding.codes] or [
        _row(case, BLIND_STAGE, {}, None)
    ]


def _own(code: BlindCode) -> dict[str, str]:
    return {
        "code_system": code.code_system,
        "outcome": Outcome.ADD.value,
        "correct_code": code.code,
        "correct_modifiers": ",".join(code.modifiers),
        "correct_units": _number(code.units),
    }


def _coded_rows(case: ReviewCase) -> list[dict[str, str]]:
    found = {(finding.stage, finding.line): finding for finding in case.findings}
    rows = []
    for stage in Stage:
        for line, code in case.claim.lines(stage).items():
            judged = found.pop((stage, line), None)
            coded = {
                "sequence": str(code.sequence),
                "code_system": code.code_system,
                "code_submitted": code.code,
                "modifiers": ",".join(code.modifiers),
                "units": _number(code.units),
            }
            rows.append(_row(case, stage, coded, judged))
        added = [finding for finding in case.findings if (finding.stage, finding.line) in found]
        rows += [_row(case, stage, {"code_system": a.code_system}, a) for a in added if a.stage is stage]
    return rows or [_row(case, Stage.SUBMITTED, {}, None)]  # a claim without codes has a place for missed ones


def cents_text(cents: int | None) -> str:
    """Cents as dollars with two decimals, blank for none.

    >>> cents_text(123456)
    '1234.56'
    """
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _row(case: ReviewCase, stage: str, coded: Mapping[str, str], finding: CodeFinding | None) -> dict[str, str]:
    row = dict.fromkeys((column.name for column in COLUMNS), "")
    row |= {"case_id": str(case.case_id), "claim_id": case.claim.claim_id, "stage": str(stage), **coded}
    row["reviewer"] = case.reviewer
    return row | (_judgement(finding) if finding else {})


def _judgement(finding: CodeFinding) -> dict[str, str]:
    return {
        "outcome": finding.outcome.value,
        "correct_code": finding.correct_code or "",
        "correct_modifiers": _modifiers(finding.correct_modifiers),
        "correct_units": _number(finding.correct_units),
        "error_type": finding.error_type.value if finding.error_type else "",
        "severity": finding.severity.value if finding.severity else "",
        "root_cause": finding.root_cause or "",
        "rationale": finding.rationale or "",
        "correct_allowed": cents_text(finding.correct_allowed_cents),
        "citation": finding.citation or "",
        "ruling": _number(finding.ruling),
        "correct_sequence": _number(finding.correct_sequence),
    }


def _modifiers(modifiers: Sequence[str] | None) -> str:
    if modifiers is None:
        return ""
    return ",".join(modifiers) or NO_MODIFIERS


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
