"""The part of a claim that a drawn line stands for, where lines and not claims were drawn."""

from collections.abc import Sequence
from dataclasses import replace

from auditor.domain.claims import Claim
from auditor.domain.findings import CodeFinding


def line_only(
    claim: Claim, findings: Sequence[CodeFinding], line_number: int
) -> tuple[Claim, tuple[CodeFinding, ...]]:
    """The claim with the codes of one line, and the findings on those; its amounts are those of the line."""
    kept = tuple(code for code in claim.codes if code.line_number == line_number)
    part = replace(claim, codes=kept, charge_cents=None, allowed_cents=None, paid_cents=None)
    names = {
        (stage, line): new
        for stage in claim.stages
        for line, new in zip(
            (line for line, code in claim.lines(stage).items() if code.line_number == line_number),
            part.lines(stage),
            strict=True,
        )
    }
    on_line = [finding for finding in findings if (finding.stage, finding.line) in names]
    return part, tuple(replace(each, line=names[each.stage, each.line]) for each in on_line)
