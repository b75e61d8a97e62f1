"""Scores every stage of a reviewed claim against the auditor's one correct code set.

Where the auditor judged a stage line by line, those findings decide about errors; other stages are compared with
the set. Codes are always counted by comparison, so that one definition holds for all stages. A draft is scored on the
code families that drafts of its source can hold.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.domain.codes import code_family
from auditor.domain.comparison import compare
from auditor.domain.corrections import CorrectCode, code_key, correct_set, stage_preference
from auditor.domain.findings import OVERCODED, UNDERCODED, CodeFinding, ErrorType, Outcome, Severity


@dataclass(frozen=True, kw_only=True)
class StageScore:
    """What one stage got right. `correct` counts the auditor's codes, `matched` those of them that it holds.

    Errors, over- and undercoding look at material findings only. `explicit` tells that the auditor judged this
    stage line by line; else its findings come from comparison.
    """

    stage: Stage
    findings: tuple[CodeFinding, ...]
    assigned: int
    correct: int
    matched: int
    explicit: bool
    is_error: bool
    overcoded: bool
    undercoded: bool

    def count(self, *outcomes: Outcome) -> int:
        """How many findings have one of these outcomes."""
        return sum(finding.outcome in outcomes for finding in self.findings)

    @property
    def missed(self) -> int:
        """Codes of the auditor's that the stage lacks altogether."""
        return self.count(Outcome.ADD)

    @property
    def extra(self) -> int:
        """Codes of the stage that should not be there."""
        return self.count(Outcome.DELETE)

    @property
    def changed(self) -> int:
        """Codes of the stage that should be another code."""
        return self.count(Outcome.CHANGE)

    @property
    def overturned(self) -> int:
        """Codes of the stage with any verdict but agreement."""
        return sum(finding.outcome not in (Outcome.AGREE, Outcome.ADD) for finding in self.findings)


@dataclass(frozen=True, kw_only=True)
class CaseScore:
    """A reviewed case: the correct code set, the stage it was read from, and the score of each stage."""

    documentation: DocumentationStatus
    reviewed_stage: Stage
    correct_codes: tuple[CorrectCode, ...]
    stages: Mapping[Stage, StageScore]

    @property
    def documentation_missing(self) -> bool:
        """Whether the record was not produced: an error of the claim, not one of its coding."""
        return self.documentation is DocumentationStatus.NOT_PRODUCED


def score_case(claim: Claim, findings: Sequence[CodeFinding], documentation: DocumentationStatus) -> CaseScore | None:
    """The score of a case, or None while it is pending: documents requested, or nothing found yet."""
    if documentation is DocumentationStatus.REQUESTED:
        return None
    if documentation is DocumentationStatus.NOT_PRODUCED:
        return _unsupported(claim)
    if not findings and claim.codes:
        return None
    judged = {finding.stage for finding in findings}
    reviewed = reviewed_stage(claim.coding_source, judged or set(claim.stages))
    correct = correct_set(claim, reviewed, findings)
    present = set(claim.stages) | judged | {reviewed}
    scores = {stage: _score(claim, stage, correct, findings) for stage in Stage if stage in present}
    return CaseScore(documentation=documentation, reviewed_stage=reviewed, correct_codes=correct, stages=scores)


def reviewed_stage(arm: CodingSource, candidates: set[Stage]) -> Stage:
    """The stage whose findings give the correct set, its modifiers and its units."""
    return next((stage for stage in stage_preference(arm) if stage in candidates), Stage.SUBMITTED)


def own_stage(arm: CodingSource, present: Sequence[Stage] | Mapping[Stage, object]) -> Stage:
    """The stage that shows what an arm did: the AI's draft, the human's coding, else what was submitted."""
    own = {CodingSource.AI: Stage.AI_DRAFT, CodingSource.HUMAN: Stage.HUMAN}.get(arm, Stage.SUBMITTED)
    return own if own in present else reviewed_stage(arm, set(present))


def _score(claim: Claim, stage: Stage, correct: Sequence[CorrectCode], findings: Sequence[CodeFinding]) -> StageScore:
    assigned, own = claim.lines(stage), tuple(finding for finding in findings if finding.stage is stage)
    correct = [code for code in correct if claim.can_hold(stage, code.key[0])]
    judged = tuple(each for each in own if _counts(claim, each)) or compare(stage, assigned, correct)
    errors = {finding.error_type for finding in judged if finding.is_error}
    held = Counter(map(code_key, assigned.values())) & Counter(code.key for code in correct)
    return StageScore(
        stage=stage,
        findings=judged,
        assigned=len(assigned),
        correct=len(correct),
        matched=held.total(),
        explicit=bool(own),
        is_error=any(finding.is_error for finding in judged),
        overcoded=bool(errors & OVERCODED),
        undercoded=bool(errors & UNDERCODED),
    )


def _counts(claim: Claim, finding: CodeFinding) -> bool:
    """Whether a finding speaks of codes that its stage can hold; a code that stands there counts whatever it is."""
    return finding.code_submitted is not None or claim.can_hold(finding.stage, code_family(finding.code_system))


def _unsupported(claim: Claim) -> CaseScore:
    """The score without a record: nothing that was coded is supported, and nothing is allowed."""
    reviewed = reviewed_stage(claim.coding_source, set(claim.stages))
    scores = {}
    for stage in claim.stages or (reviewed,):
        lines = claim.lines(stage)
        scores[stage] = StageScore(
            stage=stage,
            findings=tuple(_no_documentation(stage, line, code) for line, code in lines.items()),
            assigned=len(lines),
            correct=0,
            matched=0,
            explicit=False,
            is_error=True,
            overcoded=True,
            undercoded=False,
        )
    return CaseScore(
        documentation=DocumentationStatus.NOT_PRODUCED, reviewed_stage=reviewed, correct_codes=(), stages=scores
    )


def _no_documentation(stage: Stage, line: str, code: ClaimCode) -> CodeFinding:
    return CodeFinding(
        stage=stage,
        line=line,
        code_system=code.code_system,
        outcome=Outcome.DELETE,
        code_submitted=code.code,
        modifiers=code.modifiers,
        units=code.units,
        error_type=ErrorType.NO_DOCUMENTATION,
        severity=Severity.MATERIAL,
        correct_allowed_cents=0,
    )
