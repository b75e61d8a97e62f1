"""Findings in the one form in which they are kept, so that the same judgement is always the same record."""

import re
from collections.abc import Sequence
from dataclasses import replace

from auditor.domain.claims import Stage
from auditor.domain.codes import normal_code
from auditor.domain.findings import CodeFinding, Outcome, under_policy

_LINE = re.compile(r"(\+?)(\d+)(.*)")
_STAGES = list(Stage)
_OWN_CODE = (Outcome.CHANGE, Outcome.ADD, Outcome.DELETE)


def place(finding: CodeFinding) -> tuple[int, bool, int, str]:
    """Where a finding stands: by stage, codes in sequence, added ones last."""
    found = _LINE.fullmatch(finding.line)
    if not found:
        raise ValueError(f"{finding.line!r} is not a line")
    return (_STAGES.index(finding.stage), bool(found[1]), int(found[2]), found[3])


def settle(findings: Sequence[CodeFinding]) -> tuple[CodeFinding, ...]:
    """Findings as they are kept: ordered, with error type and severity, added codes numbered from 1 per stage.

    Text loses what no file can carry (control characters, blanks around it), so that what is exported and imported
    again is the same; what only repeats the submitted code says nothing, and goes too.
    """
    added: dict[Stage, int] = {}
    settled = []
    for finding in sorted(findings, key=place):
        if finding.line.startswith("+"):
            added[finding.stage] = added.get(finding.stage, 0) + 1
            finding = replace(finding, line=f"+{added[finding.stage]}")
        settled.append(under_policy(_without_repetition(_cleaned(finding))))
    return tuple(settled)


def _cleaned(finding: CodeFinding) -> CodeFinding:
    if finding.root_cause is finding.citation is finding.rationale is None:
        return finding
    return replace(
        finding,
        root_cause=_carried(finding.root_cause),
        citation=_carried(finding.citation),
        rationale=_carried(finding.rationale),
    )


def _carried(text: str | None) -> str | None:
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign.isprintable() or sign == "\n").strip() or None


def _without_repetition(finding: CodeFinding) -> CodeFinding:
    same_code = normal_code(finding.correct_code or "") == normal_code(finding.code_submitted or "")
    if same_code and finding.outcome not in _OWN_CODE:
        finding = replace(finding, correct_code=None)
    if finding.outcome is not Outcome.AGREE:
        return finding
    if sorted(finding.correct_modifiers or ()) == sorted(finding.modifiers):
        finding = replace(finding, correct_modifiers=None)
    return replace(finding, correct_units=None) if finding.correct_units == finding.units else finding
