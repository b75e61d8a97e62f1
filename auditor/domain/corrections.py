"""The auditor's one correct code set of a case, read from the findings on one stage, and compared with another.

Findings on a stage say what was wrong there; the other stages of the claim are judged by comparing their codes
with the set that follows. Knows no severity policy beyond the default, and no price list.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.domain.codes import code_family, normal_code, written_code
from auditor.domain.findings import CodeFinding, Outcome

_SPREAD = 1_000_000  # an added code without a place of its own comes last


@dataclass(frozen=True, kw_only=True)
class CorrectCode:
    """One code of the auditor's set. `allowed_cents` is None where the auditor named no amount."""

    code_system: str
    code: str
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    allowed_cents: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two codes the same code: family and code as compared."""
        return code_family(self.code_system), normal_code(self.code)


def code_key(code: ClaimCode) -> tuple[str, str]:
    """The key of a claim's code: see `CorrectCode.key`."""
    return code_family(code.code_system), normal_code(code.code)


def stage_preference(arm: CodingSource) -> tuple[Stage, ...]:
    """The stages in the order in which they are believed for modifiers, units and dollars: what was billed first."""
    if arm is CodingSource.HUMAN:
        return Stage.SUBMITTED, Stage.HUMAN, Stage.AI_DRAFT
    return Stage.SUBMITTED, Stage.AI_DRAFT, Stage.HUMAN


def correct_set(claim: Claim, stage: Stage, findings: Sequence[CodeFinding]) -> tuple[CorrectCode, ...]:
    """The correct code set that the findings on one stage stand for; every code of the stage has one."""
    by_line = {finding.line: finding for finding in findings if finding.stage is stage}
    placed: list[tuple[int, CorrectCode]] = []
    for line, code in claim.lines(stage).items():
        finding = by_line.pop(line, None)
        if finding is None:
            raise ValueError(f"code {line} of stage {stage} has no finding")
        if finding.outcome is not Outcome.DELETE:
            placed.append((finding.correct_sequence or code.sequence, _corrected(code, finding)))
    for finding in by_line.values():
        placed.append((finding.correct_sequence or _SPREAD, _added(finding)))
    return tuple(correct for _, correct in sorted(placed, key=lambda item: item[0]))


def same_codes(one: Sequence[CorrectCode], other: Sequence[CorrectCode]) -> bool:
    """Whether two sets hold the same codes as often, whatever their order, modifiers and units."""
    return Counter(code.key for code in one) == Counter(code.key for code in other)


def only_in(one: Sequence[CorrectCode], other: Sequence[CorrectCode]) -> list[str]:
    """The codes that the first set holds and the second does not, or not as often, as people write them."""
    left = Counter(code.key for code in one) - Counter(code.key for code in other)
    written = {code.key: written_code(code.code_system, code.code) for code in one}
    return [written[key] for key in left.elements()]


def _corrected(code: ClaimCode, finding: CodeFinding) -> CorrectCode:
    return CorrectCode(
        code_system=code.code_system,
        code=(finding.correct_code or code.code) if finding.outcome is Outcome.CHANGE else code.code,
        modifiers=code.modifiers if finding.correct_modifiers is None else finding.correct_modifiers,
        units=code.units if finding.correct_units is None else finding.correct_units,
        allowed_cents=finding.correct_allowed_cents,
    )


def _added(finding: CodeFinding) -> CorrectCode:
    if finding.correct_code is None:
        raise ValueError(f"added code {finding.line} names no code")
    return CorrectCode(
        code_system=finding.code_system,
        code=finding.correct_code,
        modifiers=finding.correct_modifiers or (),
        units=finding.correct_units,
        allowed_cents=finding.correct_allowed_cents,
    )
