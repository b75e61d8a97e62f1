"""An auditor's judgement of one code, and the severity policy that decides what counts as an error."""

from dataclasses import dataclass, replace
from enum import StrEnum

from auditor.domain.claims import Stage
from auditor.domain.em_levels import level_difference


class Outcome(StrEnum):
    """What the auditor decided about one code."""

    AGREE = "agree"
    CHANGE = "change"
    ADD = "add"
    DELETE = "delete"
    RESEQUENCE = "resequence"
    MODIFIER = "modifier"
    UNITS = "units"


class ErrorType(StrEnum):
    """In which way a code was wrong."""

    UPCODED = "upcoded"
    UNDERCODED = "undercoded"
    UNBUNDLED = "unbundled"
    MISSED = "missed"
    UNSUPPORTED = "unsupported"
    UNSPECIFIED = "unspecified"
    SEQUENCING = "sequencing"
    MODIFIER = "modifier"
    POINTER = "pointer"
    MEDICAL_NECESSITY = "medical_necessity"
    INSUFFICIENT_DOCUMENTATION = "insufficient_documentation"
    NO_DOCUMENTATION = "no_documentation"


class Severity(StrEnum):
    """An error is a finding that is material under the policy; a variance is recorded and not counted."""

    MATERIAL = "material"
    VARIANCE = "variance"


OVERCODED = frozenset(
    {
        ErrorType.UPCODED,
        ErrorType.UNBUNDLED,
        ErrorType.UNSUPPORTED,
        ErrorType.MEDICAL_NECESSITY,
        ErrorType.INSUFFICIENT_DOCUMENTATION,
        ErrorType.NO_DOCUMENTATION,
    }
)
UNDERCODED = frozenset({ErrorType.UNDERCODED, ErrorType.MISSED})

# The default policy, fixed before an audit begins: what changes neither payment nor meaning is a variance.
VARIANCES = frozenset({ErrorType.SEQUENCING, ErrorType.UNSPECIFIED, ErrorType.POINTER})

_USUAL_ERROR = {
    Outcome.CHANGE: ErrorType.UNSUPPORTED,
    Outcome.ADD: ErrorType.MISSED,
    Outcome.DELETE: ErrorType.UNSUPPORTED,
    Outcome.RESEQUENCE: ErrorType.SEQUENCING,
    Outcome.MODIFIER: ErrorType.MODIFIER,
    Outcome.UNITS: ErrorType.UPCODED,
}


def usual_error(outcome: Outcome) -> ErrorType | None:
    """The error type that an outcome stands for when the auditor names none.

    >>> usual_error(Outcome.ADD).value
    'missed'
    >>> usual_error(Outcome.AGREE) is None
    True
    """
    return _USUAL_ERROR.get(outcome)


def usual_severity(error_type: ErrorType) -> Severity:
    """The severity of an error type under the default policy.

    >>> usual_severity(ErrorType.SEQUENCING).value
    'variance'
    """
    return Severity.VARIANCE if error_type in VARIANCES else Severity.MATERIAL


@dataclass(frozen=True, kw_only=True)
class CodeFinding:
    """One finding on one code of one stage. `line` is the code's sequence, or `+1`, `+2` ... for added codes.

    None in a `correct_` field means that the submitted value stands; no modifiers at all is the empty tuple.
    `ruling` is the number of the ruling that was followed.
    """

    stage: Stage
    line: str
    code_system: str
    outcome: Outcome
    code_submitted: str | None = None
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    correct_code: str | None = None
    correct_modifiers: tuple[str, ...] | None = None
    correct_units: int | None = None
    correct_sequence: int | None = None
    error_type: ErrorType | None = None
    severity: Severity | None = None
    root_cause: str | None = None
    citation: str | None = None
    ruling: int | None = None
    rationale: str | None = None
    correct_allowed_cents: int | None = None

    @property
    def is_error(self) -> bool:
        """Whether this finding counts in the error rate."""
        return self.outcome is not Outcome.AGREE and self.severity is Severity.MATERIAL


def implied_error(finding: CodeFinding) -> ErrorType | None:
    """The error type that a finding stands for when the auditor names none: levels and units go up or down.

    >>> implied_error(CodeFinding(stage=Stage.SUBMITTED, line="1", code_system="CPT", outcome=Outcome.CHANGE,
    ...     code_submitted="99213", correct_code="99214")).value
    'undercoded'
    """
    excess: int | None = None
    if finding.outcome is Outcome.CHANGE:
        excess = level_difference(finding.code_submitted or "", finding.correct_code or "")
    elif finding.outcome is Outcome.UNITS:
        excess = (finding.units or 1) - (finding.correct_units or 1)
    if not excess:
        return usual_error(finding.outcome)
    return ErrorType.UPCODED if excess > 0 else ErrorType.UNDERCODED


def under_policy(finding: CodeFinding) -> CodeFinding:
    """The finding with the error type and severity that the default policy gives where the auditor gave none."""
    if finding.outcome is Outcome.AGREE:
        return finding
    error_type = finding.error_type or implied_error(finding)
    severity = finding.severity or (usual_severity(error_type) if error_type else None)
    return replace(finding, error_type=error_type, severity=severity)
