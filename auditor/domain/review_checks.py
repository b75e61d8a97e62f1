"""What makes a set of findings on a case complete and free of contradictions. Each fault is one sentence."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from auditor.domain.claims import Claim, Stage
from auditor.domain.codes import normal_code
from auditor.domain.corrections import correct_set, only_in, same_codes
from auditor.domain.findings import CodeFinding, Outcome
from auditor.domain.scoring import reviewed_stage


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with the finding of one line; `line` is None where the stage or the case is meant."""

    stage: Stage | None
    line: str | None
    reason: str


def faults(claim: Claim, findings: Sequence[CodeFinding], *, finished: bool = True) -> list[Fault]:
    """Everything that keeps these findings from being recorded; a review that is not finished may have gaps."""
    lines = {stage: claim.lines(stage) for stage in {finding.stage for finding in findings}}
    found = [fault for finding in findings for fault in _finding_faults(lines, finding)]
    found += _repeated(findings)
    if finished:
        found += _gaps(claim, findings)
    if finished and not found:
        found += _contradictions(claim, findings)
    return found


def _finding_faults(lines: Mapping[Stage, Collection[str]], finding: CodeFinding) -> list[Fault]:
    present = finding.line in lines[finding.stage]
    if present and finding.outcome is Outcome.ADD:
        return [_fault(finding, "`add` is for a code that is missing: leave its code_submitted empty")]
    if not present and finding.outcome is not Outcome.ADD:
        return [_fault(finding, f"stage {finding.stage} has no code {finding.line}")]
    reasons = (rule(finding) for rule in _RULES)
    return [_fault(finding, reason) for reason in reasons if reason]


def _fault(finding: CodeFinding, reason: str) -> Fault:
    return Fault(stage=finding.stage, line=finding.line, reason=reason)


def _needs_code(finding: CodeFinding) -> str | None:
    if finding.outcome in (Outcome.CHANGE, Outcome.ADD) and not finding.correct_code:
        return f"`{finding.outcome}` needs a correct_code"
    return None


def _needs_other_code(finding: CodeFinding) -> str | None:
    if finding.outcome is Outcome.CHANGE and normal_code(finding.correct_code or "") == normal_code(
        finding.code_submitted or ""
    ):
        return "`change` names the code that is there already: write `agree`, `modifier` or `units`"
    return None


def _refuses_code(finding: CodeFinding) -> str | None:
    if finding.outcome in (Outcome.CHANGE, Outcome.ADD) or not finding.correct_code:
        return None
    if finding.outcome is not Outcome.DELETE and normal_code(finding.correct_code) == normal_code(
        finding.code_submitted or ""
    ):
        return None
    return f"`{finding.outcome}` does not go with another correct_code: write `change`, or leave it empty"


def _needs_modifiers(finding: CodeFinding) -> str | None:
    right = finding.correct_modifiers
    differ = right is not None and sorted(right) != sorted(finding.modifiers)
    if finding.outcome is Outcome.MODIFIER and not differ:
        return "`modifier` needs correct_modifiers that differ from the submitted ones (`none` for no modifier)"
    if finding.outcome is Outcome.AGREE and differ:
        return "`agree` does not go with other correct_modifiers: write `modifier`"
    return None


def _needs_units(finding: CodeFinding) -> str | None:
    right = finding.correct_units
    if right is not None and right < 1:
        return "correct_units must be 1 or more: write `delete` where nothing is right"
    if finding.outcome is Outcome.UNITS and (right is None or right == finding.units):
        return "`units` needs correct_units that differ from the submitted ones"
    if finding.outcome is Outcome.AGREE and right not in (None, finding.units):
        return "`agree` does not go with other correct_units: write `units`"
    return None


def _agrees_without_error(finding: CodeFinding) -> str | None:
    if finding.outcome is Outcome.AGREE and (finding.error_type or finding.severity):
        return "`agree` does not go with an error_type or a severity"
    return None


def _allows_no_negative(finding: CodeFinding) -> str | None:
    if (finding.correct_allowed_cents or 0) < 0:
        return "correct_allowed must not be below 0"
    return None


_RULES: tuple[Callable[[CodeFinding], str | None], ...] = (
    _needs_code,
    _needs_other_code,
    _refuses_code,
    _needs_modifiers,
    _needs_units,
    _agrees_without_error,
    _allows_no_negative,
)


def _repeated(findings: Sequence[CodeFinding]) -> list[Fault]:
    seen: set[tuple[Stage, str]] = set()
    found = []
    for finding in findings:
        if (finding.stage, finding.line) in seen:
            found.append(_fault(finding, f"code {finding.line} of stage {finding.stage} is judged twice"))
        seen.add((finding.stage, finding.line))
    return found


def _gaps(claim: Claim, findings: Sequence[CodeFinding]) -> list[Fault]:
    """A stage is judged whole or not at all: silence is not agreement."""
    judged = {(finding.stage, finding.line) for finding in findings}
    return [
        Fault(
            stage=stage,
            line=line,
            reason=f"code {line} of stage {stage} has no outcome while others of the stage have: give every code"
            " one, or agree with all others at once (`--agree-all`)",
        )
        for stage in Stage
        for line in claim.lines(stage)
        if stage in {finding.stage for finding in findings} and (stage, line) not in judged
    ]


def _contradictions(claim: Claim, findings: Sequence[CodeFinding]) -> list[Fault]:
    stages = {finding.stage for finding in findings}
    if len(stages) < 2:
        return []
    first = reviewed_stage(claim.coding_source, stages)
    believed = correct_set(claim, first, findings)
    found = []
    for stage in Stage:
        other = correct_set(claim, stage, findings) if stage in stages - {first} else believed
        if not same_codes(believed, other):
            sides = ((first, only_in(believed, other)), (stage, only_in(other, believed)))
            apart = " and ".join(f"{', '.join(codes)} by {side} alone" for side, codes in sides if codes)
            reason = (
                f"stages {first} and {stage} lead to different correct code sets, and one claim has one: {apart} is"
                f" right; judge them alike, or leave the rows of {stage} empty, since it is compared by itself"
            )
            found.append(Fault(stage=stage, line=None, reason=reason))
    return found
