"""Short ways to write claims and findings for the tests of scoring."""

import re
from dataclasses import replace
from typing import Any

from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.domain.findings import CodeFinding, Outcome, under_policy
from tests import make

_DIAGNOSIS = re.compile(r"[A-Z]\d\w(\.\w+)?")
DRAFT, HUMAN, SUBMITTED = Stage.AI_DRAFT, Stage.HUMAN, Stage.SUBMITTED


def codes(stage: Stage, *written: str | ClaimCode) -> tuple[ClaimCode, ...]:
    """Codes of a stage in sequence: `99214-25x2` is a code with modifier 25 and two units."""
    return tuple(replace(_code(code), stage=stage, sequence=place) for place, code in enumerate(written, start=1))


def _code(written: str | ClaimCode) -> ClaimCode:
    if isinstance(written, ClaimCode):
        return written
    text, _, units = written.partition("x")
    code, _, modifiers = text.partition("-")
    system = "ICD-10-CM" if _DIAGNOSIS.fullmatch(code) else "CPT"
    return make.code(
        code,
        code_system=system,
        modifiers=tuple(modifiers.split(",")) if modifiers else (),
        units=int(units) if units else 1,
        paid_cents=None,
    )


def claim(*stages: tuple[ClaimCode, ...], **fields: Any) -> Claim:
    """A claim that carries these stages."""
    given: dict[str, Any] = {"coding_source": CodingSource.AI, "paid_cents": None}
    return make.claim(codes=sum(stages, ()), **(given | fields))


def judged(claim: Claim, stage: Stage, **verdicts: dict[str, Any]) -> tuple[CodeFinding, ...]:
    """Findings on a whole stage: agreement except where `l1={...}` says otherwise; `add1={...}` adds a code."""
    found = []
    for line, code in claim.lines(stage).items():
        verdict = {"outcome": Outcome.AGREE} | verdicts.pop(f"l{line}", {})
        found.append(
            CodeFinding(
                stage=stage,
                line=line,
                code_system=code.code_system,
                code_submitted=code.code,
                modifiers=code.modifiers,
                units=code.units,
                **verdict,
            )
        )
    for name, verdict in verdicts.items():
        added = {"code_system": "CPT", "outcome": Outcome.ADD} | verdict
        found.append(CodeFinding(stage=stage, line=name.replace("add", "+"), **added))
    return tuple(under_policy(finding) for finding in found)


def change(correct_code: str, **fields: Any) -> dict[str, Any]:
    """A verdict: another code."""
    return {"outcome": Outcome.CHANGE, "correct_code": correct_code, **fields}


def verdict(outcome: Outcome, **fields: Any) -> dict[str, Any]:
    """A verdict with its fields."""
    return {"outcome": outcome, **fields}
