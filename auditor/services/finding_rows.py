"""Findings as our tables hold them, and as the rules speak of them. Decides nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarResult, Select, bindparam, select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.claims import Stage
from auditor.domain.codes import normal_modifiers
from auditor.domain.findings import CodeFinding
from auditor.domain.settled_findings import place
from auditor.storage.cases import AuditCase, Finding

SETTLED = (ReviewPass.ADJUDICATED, ReviewPass.FIRST)
"""The passes that count before any rebuttal, the first that has findings before the others."""

FINAL = (ReviewPass.REBUTTED, *SETTLED)
"""The passes that count: what was upheld against a finding goes before it."""

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
    "ruling",
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


def newest_versions(session: Session, case_id: int, review_pass: ReviewPass) -> dict[tuple[Stage, str], Finding]:
    """The newest version of each line of a case, withdrawn ones too."""
    rows = session.scalars(_VERSIONS, {"case_id": case_id, "review_pass": review_pass})
    return {(row.stage, row.line): row for row in rows}


def current_rows(session: Session, case_id: int, *, passes: Sequence[ReviewPass] = FINAL) -> list[Finding]:
    """The findings of a case that count, as they are stored, in their order."""
    for each in passes:
        rows = [row for row in newest_versions(session, case_id, each).values() if not row.withdrawn]
        if rows:
            return sorted(rows, key=lambda row: place(to_finding(row)))
    return []


def findings_of_audits(
    session: Session,
    audit_ids: Iterable[int],
    *,
    passes: Sequence[ReviewPass] = FINAL,
    before: datetime | None = None,
) -> Mapping[int, tuple[CodeFinding, ...]]:
    """The findings that count, by case: those of the first of `passes` that has any.

    `before` asks for what had been found earlier than a moment.
    """
    question = select(Finding).join(AuditCase, AuditCase.id == Finding.case_id)
    question = question.where(AuditCase.audit_id.in_(list(audit_ids)), Finding.review_pass.in_(passes))
    if before is not None:
        question = question.where(Finding.found_at < before)
    newest: dict[int, dict[ReviewPass, dict[tuple[Stage, str], Finding]]] = defaultdict(lambda: defaultdict(dict))
    for row in _in_order(session, question):
        newest[row.case_id][row.review_pass][row.stage, row.line] = row
    return {case_id: _first_standing(found, passes) for case_id, found in newest.items()}


def _first_standing(
    found: Mapping[ReviewPass, Mapping[tuple[Stage, str], Finding]], passes: Sequence[ReviewPass]
) -> tuple[CodeFinding, ...]:
    standing = (standing_findings(found[each].values()) for each in passes if each in found)
    return next((findings for findings in standing if findings), ())


def standing_findings(rows: Iterable[Finding]) -> tuple[CodeFinding, ...]:
    """The findings among newest versions that were not withdrawn, in their order."""
    return tuple(sorted((to_finding(row) for row in rows if not row.withdrawn), key=place))


def _in_order(session: Session, question: Select[Finding]) -> ScalarResult[Finding]:
    return session.scalars(question.order_by(Finding.case_id, Finding.version))


_VERSIONS = (
    select(Finding)
    .where(Finding.case_id == bindparam("case_id"), Finding.review_pass == bindparam("review_pass"))
    .order_by(Finding.case_id, Finding.version)
)
