"""Sections of the code systems, by the ranges that their books are divided into, and a claim's part in one of them.

CPT by its sections, HCPCS level II by its letter, ICD-10-CM by chapter; every other system is a section of its own.
"""

from collections.abc import Sequence
from dataclasses import replace

from auditor.domain.claims import Claim, ClaimCode
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.domain.findings import CodeFinding

_CPT = (
    ("00100", "01999", "Anesthesia"),
    ("10004", "69990", "Surgery"),
    ("70010", "79999", "Radiology"),
    ("80047", "89398", "Pathology and laboratory"),
    ("99202", "99499", "Evaluation and management"),
    ("90281", "99607", "Medicine"),
)
_CHAPTERS = (
    ("A00", "B99", "infections"),
    ("C00", "D49", "neoplasms"),
    ("D50", "D89", "blood"),
    ("E00", "E89", "endocrine"),
    ("F01", "F99", "mental"),
    ("G00", "G99", "nervous system"),
    ("H00", "H59", "eye"),
    ("H60", "H95", "ear"),
    ("I00", "I99", "circulatory"),
    ("J00", "J99", "respiratory"),
    ("K00", "K95", "digestive"),
    ("L00", "L99", "skin"),
    ("M00", "M99", "musculoskeletal"),
    ("N00", "N99", "genitourinary"),
    ("O00", "O9A", "pregnancy"),
    ("P00", "P96", "perinatal"),
    ("Q00", "Q99", "congenital"),
    ("R00", "R99", "symptoms"),
    ("S00", "T88", "injuries"),
    ("U00", "U85", "special purposes"),
    ("V00", "Y99", "external causes"),
    ("Z00", "Z99", "factors of health status"),
)
_CPT_LENGTH = 5


def section_of(code_system: str, code: str) -> str:
    """The section that a code belongs to.

    >>> section_of("CPT", "99214"), section_of("HCPCS", "J1100"), section_of("ICD-10-CM", "I25.119")
    ('Evaluation and management', 'HCPCS J', 'Diagnoses: circulatory')
    >>> section_of("CPT", "0509T"), section_of("MS-DRG", "470")
    ('CPT category III', 'MS-DRG')
    """
    family, plain = code_family(code_system), normal_code(code)
    if family == PROCEDURE_FAMILY:
        return _procedure(plain)
    if family == "ICD-10-CM":
        found = next((name for first, last, name in _CHAPTERS if first <= plain[:3] <= last), "other")
        return f"Diagnoses: {found}"
    return family


def _procedure(code: str) -> str:
    if len(code) == _CPT_LENGTH and code.isdigit():
        return next((name for first, last, name in _CPT if first <= code <= last), "Other procedures")
    if code[:1].isalpha():
        return f"HCPCS {code[0]}"
    return {"F": "CPT category II", "T": "CPT category III", "U": "Pathology and laboratory"}.get(
        code[-1:], "Other procedures"
    )


def sections_of(claim: Claim, findings: Sequence[CodeFinding]) -> set[str]:
    """The sections that a claim has codes in, on any stage, or misses codes of."""
    coded = {section_of(code.code_system, code.code) for code in claim.codes}
    missed = {_of_finding(finding) for finding in findings if finding.code_submitted is None}
    return coded | missed


def section_only(
    claim: Claim, findings: Sequence[CodeFinding], section: str
) -> tuple[Claim, tuple[CodeFinding, ...]]:
    """The claim with its codes of one section, and the findings on those; its amounts are those of its lines."""
    part = replace(
        claim,
        codes=tuple(code for code in claim.codes if _is_of(code, section)),
        charge_cents=None,
        allowed_cents=None,
        paid_cents=None,
    )
    names = {
        (stage, line): new
        for stage in claim.stages
        for line, new in zip(
            (line for line, code in claim.lines(stage).items() if _is_of(code, section)),
            part.lines(stage),
            strict=True,
        )
    }
    kept = []
    for finding in findings:
        if finding.code_submitted is None and _of_finding(finding) == section:
            kept.append(finding)
        elif (finding.stage, finding.line) in names:
            kept.append(replace(finding, line=names[finding.stage, finding.line]))
    return part, tuple(kept)


def _is_of(code: ClaimCode, section: str) -> bool:
    return section_of(code.code_system, code.code) == section


def _of_finding(finding: CodeFinding) -> str:
    return section_of(finding.code_system, finding.code_submitted or finding.correct_code or "")
