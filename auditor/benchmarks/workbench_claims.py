"""The claims of the load on the workbench and what was found on them, as their rows are kept. Nobody's claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from sqlalchemy import Dialect

from auditor.benchmarks import workbench_codes
from auditor.benchmarks.workbench_audits import AT
from auditor.benchmarks.workbench_rows import kept, table_of
from auditor.domain.audits import DocumentationStatus, ReviewPass
from auditor.domain.claims import Claim, ClaimCode, CodingSource, Document, Stage
from auditor.domain.findings import Outcome
from auditor.services import cases
from auditor.storage.cases import AuditCase, Finding

CODES = 22
TEMPLATES = 200
SERVED_ON = date(2025, 11, 3)
_NOTE = "HPI\nSeen for follow-up of hypertension. Reports exertion without chest pain.\n\nA/P\nContinue.\n" * 20


@dataclass(frozen=True, kw_only=True)
class Template:
    """A claim as its cases and findings keep it, in values of the engine."""

    case: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]


def templates(random: Random, dialect: Dialect) -> list[Template]:
    found = []
    for number in range(TEMPLATES):
        claim = _claim(random, number)
        frozen = cases.freeze(claim)
        case = {
            "coding_source": claim.coding_source,
            "model_version": claim.model_version,
            "claim": frozen.claim,
            "protected": frozen.protected,
            "claim_sha256": frozen.sha256,
            "blind": False,
            "documentation_status": DocumentationStatus.COMPLETE,
        }
        findings = [_finding(line, code, random) for line, code in claim.lines(Stage.SUBMITTED).items()]
        found.append(
            Template(
                case=kept(table_of(AuditCase), case, dialect),
                findings=[kept(table_of(Finding), each, dialect) for each in findings],
            )
        )
    return found


def _claim(random: Random, number: int) -> Claim:
    codes = tuple(_code(random, place) for place in range(1, CODES + 1))
    source = (CodingSource.AI, CodingSource.HUMAN)[number % 2]
    return Claim(
        claim_id=f"B-{number}",
        coding_source=source,
        served_on=SERVED_ON,
        patient_age=61,
        patient_sex="F",
        specialty="CARD",
        model_version="3.1" if source is CodingSource.AI else None,
        codes=codes,
        documents=(Document(title="Progress note", text=_NOTE),),
    )


def _code(random: Random, place: int) -> ClaimCode:
    """Procedures in the first half of a claim, diagnoses in the second."""
    if place > CODES // 2:
        code = workbench_codes.diagnosis(random)
        return ClaimCode(stage=Stage.SUBMITTED, sequence=place, code_system="ICD-10-CM", code=code)
    allowed = random.randrange(2_000, 40_000)
    return ClaimCode(
        stage=Stage.SUBMITTED,
        sequence=place,
        code_system="CPT",
        code=str(random.randrange(90_000, 99_999)),
        units=1,
        allowed_cents=allowed,
        paid_cents=allowed * 4 // 5,
    )


def _finding(line: str, code: ClaimCode, random: Random) -> dict[str, Any]:
    changed = random.random() < 0.02
    return {
        "review_pass": ReviewPass.FIRST,
        "stage": Stage.SUBMITTED,
        "line": line,
        "version": 1,
        "withdrawn": False,
        "code_system": code.code_system,
        "code_submitted": code.code,
        "modifiers": "",
        "units": code.units,
        "outcome": Outcome.DELETE if changed else Outcome.AGREE,
        "error_type": "unsupported" if changed else None,
        "severity": "material" if changed else None,
        "found_at": AT,
    }
