"""Findings as our tables hold them, and as the rules speak of them. Decides nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarResult, Select, select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.claims import Stage
from auditor.domain.codes import normal_modifiers
from auditor.domain.findings import CodeFinding
from auditor.storage.cases import AuditCase, Finding

_LINE = re.compile(r"(\+?)(\d+)(.*)")
_STAGES = list(Stage)
_SAME_NAME = (
    "stage",
    "line",
    "code_system",
    "outcome",
    "code_submitted",
    "units",
    "correct_code",
    "correct_units",
    "correct_sequence",
    "error_type",
    "severity",
    "root_cause",
    "citation",
    "rationale",
    "correct_allowed_cents",
)


def to_finding(row: Finding) -> CodeFinding:
    """A stored version as a finding."""
    right = row.correct_modifiers
    return CodeFinding(
        **{name: getattr(row, name) for name in _SAME_NAME},
        modifiers=normal_modifiers(row.modifiers),
        correct_modifiers=None if right is None else normal_modifiers(right),
    )


def columns_of(finding: CodeFinding) -> dict[str, Any]:
    """A finding as the columns of its row."""
    right = finding.correct_modifiers
    return {
        **{name: getattr(finding, name) for name in _SAME_NAME},
        "modifiers": ",".join(finding.modifiers),
        "correct_modifiers": None if right is None else ",".join(right),
    }


def place(finding: CodeFinding) -> tuple[int, bool, int, str]:
    """Where a finding stands: by stage, codes in sequence, added ones last."""
    found = _LINE.fullmatch(finding.line)
    if not found:
        raise ValueError(f"{finding.line!r} is not a line")
    return (_STAGES.index(finding.stage), bool(found[1]), int(found[2]), found[3])


def newest_versions(session: Session, case_id: int, review_pass: ReviewPass) -> dict[tuple[Stage, str], Finding]:
    """The newest version of each line of a case, withdrawn ones too."""
    question = select(Finding).where(Finding.case_id == case_id, Finding.review_pass == review_pass)
    return {(row.stage, row.line): row for row in _in_order(session, question)}


def findings_of_audits(
    session: Session, audit_ids: Iterable[int], *, before: datetime | None = None
) -> Mapping[int, tuple[CodeFinding, ...]]:
    """The findings that count, by case: the adjudicator's where there are any, else the first reviewer's.

    `before` asks for what had been found earlier than a moment.
    """
    question = select(Finding).join(AuditCase, AuditCase.id == Finding.case_id)
    question = question.where(AuditCase.audit_id.in_(list(audit_ids)))
    question = question.where(Finding.review_pass != ReviewPass.SECOND)
    if before is not None:
        question = question.where(Finding.found_at < before)
    newest: dict[tuple[int, ReviewPass], dict[tuple[Stage, str], Finding]] = defaultdict(dict)
    for row in _in_order(session, question):
        newest[row.case_id, row.review_pass][row.stage, row.line] = row
    standing = {key: standing_findings(rows.values()) for key, rows in newest.items()}
    cases = {case_id for case_id, _ in standing}
    return {
        case_id: standing.get((case_id, ReviewPass.ADJUDICATED)) or standing.get((case_id, ReviewPass.FIRST), ())
        for case_id in cases
    }


def standing_findings(rows: Iterable[Finding]) -> tuple[CodeFinding, ...]:
    """The findings among newest versions that were not withdrawn, in their order."""
    return tuple(sorted((to_finding(row) for row in rows if not row.withdrawn), key=place))


def _in_order(session: Session, question: Select[Finding]) -> ScalarResult[Finding]:
    return session.scalars(question.order_by(Finding.case_id, Finding.version))
