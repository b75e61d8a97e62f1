"""What a review comes to as a whole, and whether two reviews of one claim come to the same.

Two reviews differ when they end at other codes, modifiers or units, at another answer to whether the claim is in
error, or at another answer to whether there is a record. Order, wording, root causes and dollars are no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import Claim
from auditor.domain.corrections import CorrectCode
from auditor.domain.findings import CodeFinding
from auditor.domain.scoring import own_stage, score_case

CodeLabel = tuple[str, str, tuple[str, ...], int]


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """The codes that a reviewer holds to be right, whether the claim is in error, and whether it has a record.

    `codes` is empty and `in_error` true where the record was not produced.
    """

    codes: tuple[CodeLabel, ...]
    in_error: bool
    has_record: bool

    @property
    def code_set(self) -> tuple[tuple[str, str], ...]:
        """The codes alone, without modifiers and units."""
        return tuple(sorted((family, code) for family, code, _, _ in self.codes))


def opinion(claim: Claim, findings: Sequence[CodeFinding], documentation: DocumentationStatus) -> Opinion | None:
    """What a finished review comes to; None while it is pending."""
    score = score_case(claim, findings, documentation)
    if score is None:
        return None
    own = score.stages.get(own_stage(claim.coding_source, score.stages))
    return Opinion(
        codes=tuple(sorted(map(_label, score.correct_codes))),
        in_error=own is not None and own.is_error,
        has_record=not score.documentation_missing,
    )


def _label(code: CorrectCode) -> CodeLabel:
    return (*code.key, tuple(sorted(code.modifiers)), code.units or 1)
