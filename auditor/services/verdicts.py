"""Verdicts on single lines of a case, put together with what stands into the whole judgement that is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.domain.claims import Claim, ClaimCode, Stage
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.errors import BadInput


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a reviewer says of one line; `line` is None for a missed code, whose system is named."""

    outcome: Outcome
    line: str | None = None
    code_system: str | None = None
    correct_code: str | None = None
    correct_modifiers: tuple[str, ...] | None = None
    correct_units: int | None = None
    correct_sequence: int | None = None
    correct_allowed_cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class Why:
    """What holds for every verdict of one recording but agreement."""

    error_type: ErrorType | None = None
    severity: Severity | None = None
    root_cause: str | None = None
    citation: str | None = None
    ruling: int | None = None
    rationale: str | None = None


def judge(
    claim: Claim, stage: Stage, standing: Sequence[CodeFinding], verdicts: Sequence[Verdict], why: Why
) -> tuple[CodeFinding, ...]:
    """The findings on a stage after these verdicts; what stands on other lines, and other stages, is kept."""
    lines = claim.lines(stage)
    found = {(finding.stage, finding.line): finding for finding in standing}
    added = sum(1 for at, line in found if at is stage and line.startswith("+"))
    for verdict in verdicts:
        if verdict.line is None:
            added += 1
            line = f"+{added}"
        elif verdict.line in lines:
            line = verdict.line
        else:
            raise BadInput(f"there is no code {verdict.line!r} in this case: its codes are {', '.join(lines)}")
        found[stage, line] = _explained(_finding(lines, stage, line, verdict), why)
    return tuple(found.values())


def agreement(claim: Claim, stage: Stage, judged: Sequence[str | None]) -> list[Verdict]:
    """Agreement with every line of a stage that is not among those judged otherwise."""
    return [Verdict(outcome=Outcome.AGREE, line=line) for line in claim.lines(stage) if line not in judged]


def _finding(lines: Mapping[str, ClaimCode], stage: Stage, line: str, verdict: Verdict) -> CodeFinding:
    code = lines.get(line)
    return CodeFinding(
        stage=stage,
        line=line,
        code_system=code.code_system if code else (verdict.code_system or ""),
        outcome=verdict.outcome,
        code_submitted=code.code if code else None,
        modifiers=code.modifiers if code else (),
        units=code.units if code else None,
        correct_code=verdict.correct_code,
        correct_modifiers=verdict.correct_modifiers,
        correct_units=verdict.correct_units,
        correct_sequence=verdict.correct_sequence,
        correct_allowed_cents=verdict.correct_allowed_cents,
    )


def _explained(finding: CodeFinding, why: Why) -> CodeFinding:
    if finding.outcome is Outcome.AGREE:
        return finding
    return replace(
        finding,
        error_type=why.error_type,
        severity=why.severity,
        root_cause=why.root_cause,
        citation=why.citation,
        ruling=why.ruling,
        rationale=why.rationale,
    )
