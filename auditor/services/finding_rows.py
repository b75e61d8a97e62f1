"""Findings as our tables hold them, and as the rules speak of them. Decides nothing.

They are read as plain columns: an audit has ten thousands of them, and most pages read some.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.claims import Stage
from auditor.domain.codes import normal_modifiers
from auditor.domain.findings import CodeFinding
from auditor.domain.settled_findings import place
from auditor.storage import asking
from auditor.storage.cases import AuditCase, Finding

SETTLED = (ReviewPass.ADJUDICATED, ReviewPass.FIRST)
"""The passes that count before any rebuttal, the first that has findings before the others."""

FINAL = (ReviewPass.REBUTTED, *SETTLED)
"""The passes that count: what was upheld against a finding goes before it."""

_BATCH = 2000
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
_WRITTEN = (Finding.modifiers, Finding.correct_modifiers, *(getattr(Finding, name) for name in _SAME_NAME))
_VERSIONS = (
    select(Finding.review_pass, Finding.id, Finding.version, Finding.withdrawn, *_WRITTEN)
    .where(Finding.case_id == bindparam("case_id"))
    .order_by(Finding.case_id, Finding.version)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """The newest version of a line. A withdrawn one stays readable, and counts for nothing."""

    id: int
    version: int
    withdrawn: bool
    finding: CodeFinding


Newest = Mapping[tuple[Stage, str], Version]
"""The newest version of each line of a review."""

AllNewest = Mapping[ReviewPass, Newest]
"""The same of every review of a case; empty for one that has found nothing."""


def columns_of(finding: CodeFinding) -> dict[str, Any]:
    """A finding as the columns of its row."""
    right = finding.correct_modifiers
    return {
        **{name: getattr(finding, name) for name in _SAME_NAME},
        "modifiers": ",".join(finding.modifiers),
        "correct_modifiers": None if right is None else ",".join(right),
    }


def as_kept(finding: CodeFinding) -> CodeFinding:
    """A finding as it comes back from its row."""
    columns = columns_of(finding)
    return _finding([columns[name] for name in ("modifiers", "correct_modifiers", *_SAME_NAME)])


def rows_to_write(findings: Sequence[CodeFinding], newest: Newest, review_pass: ReviewPass) -> list[dict[str, Any]]:
    """The versions that make a pass's judgement these findings: of lines that differ, and of those withdrawn."""
    kept = {(finding.stage, finding.line) for finding in findings}
    rows = []
    for finding in findings:
        last = newest.get((finding.stage, finding.line))
        if last is None or last.withdrawn or last.finding != finding:
            rows.append(_row(review_pass, finding, last.version + 1 if last else 1, withdrawn=False))
    for line, last in newest.items():
        if line not in kept and not last.withdrawn:
            rows.append(_row(review_pass, last.finding, last.version + 1, withdrawn=True))
    return rows


def _row(review_pass: ReviewPass, finding: CodeFinding, version: int, *, withdrawn: bool) -> dict[str, Any]:
    return {"review_pass": review_pass, "version": version, "withdrawn": withdrawn, **columns_of(finding)}


def newest_versions(session: Session, case_id: int) -> AllNewest:
    """The newest version of each line of a case, withdrawn ones too, by review."""
    newest: dict[ReviewPass, dict[tuple[Stage, str], Row[*tuple[Any, ...]]]] = {each: {} for each in ReviewPass}
    for row in asking.rows(session, _VERSIONS, {"case_id": case_id}):
        newest[row.review_pass][row.stage, row.line] = row
    return {
        review_pass: {
            line: Version(id=row.id, version=row.version, withdrawn=row.withdrawn, finding=_finding(row[4:]))
            for line, row in rows.items()
        }
        for review_pass, rows in newest.items()
    }


def current_versions(session: Session, case_id: int, *, passes: Sequence[ReviewPass] = FINAL) -> list[Version]:
    """The versions of a case that count, in their order."""
    newest = newest_versions(session, case_id)
    for each in passes:
        found = [version for version in newest[each].values() if not version.withdrawn]
        if found:
            return sorted(found, key=lambda version: place(version.finding))
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
    question = select(Finding.case_id, Finding.review_pass, Finding.withdrawn, *_WRITTEN)
    question = question.join(AuditCase, AuditCase.id == Finding.case_id)
    question = question.where(AuditCase.audit_id.in_(list(audit_ids)), Finding.review_pass.in_(passes))
    if before is not None:
        question = question.where(Finding.found_at < before)
    newest: dict[int, dict[ReviewPass, dict[tuple[Stage, str], _Found]]] = defaultdict(lambda: defaultdict(dict))
    for row in session.execute(question.order_by(Finding.case_id, Finding.version)):
        newest[row[0]][row[1]][row.stage, row.line] = row
    return {case_id: _first_standing(found, passes) for case_id, found in newest.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedVersion:
    """One version of a line with its case and pass, and who wrote it when."""

    case_id: int
    review_pass: ReviewPass
    found_by: str
    found_at: datetime
    version: Version


def dated_versions(session: Session, audit_id: int) -> Iterator[DatedVersion]:
    """Every version of every finding of an audit, in the order in which they were written."""
    about = (Finding.case_id, Finding.review_pass, Finding.found_by, Finding.found_at)
    question = select(*about, Finding.id, Finding.version, Finding.withdrawn, *_WRITTEN)
    question = question.join(AuditCase, AuditCase.id == Finding.case_id)
    question = question.where(AuditCase.audit_id == audit_id).order_by(Finding.id)
    for row in session.execute(question.execution_options(yield_per=_BATCH)):
        case_id, review_pass, by, at, number, version, withdrawn, *written = row
        kept = Version(id=number, version=version, withdrawn=withdrawn, finding=_finding(written))
        yield DatedVersion(case_id=case_id, review_pass=review_pass, found_by=by, found_at=at, version=kept)


_Found = Row[*tuple[Any, ...]]


def _first_standing(
    found: Mapping[ReviewPass, Mapping[tuple[Stage, str], _Found]], passes: Sequence[ReviewPass]
) -> tuple[CodeFinding, ...]:
    for each in passes:
        standing = [_finding(row[3:]) for row in found[each].values() if not row[2]] if each in found else []
        if standing:
            return tuple(sorted(standing, key=place))
    return ()


def standing_findings(newest: Newest) -> tuple[CodeFinding, ...]:
    """The findings among newest versions that were not withdrawn, in their order."""
    return tuple(sorted((each.finding for each in newest.values() if not each.withdrawn), key=place))


def _finding(written: Sequence[Any]) -> CodeFinding:
    modifiers, right, *others = written
    return CodeFinding(
        modifiers=normal_modifiers(modifiers),
        correct_modifiers=None if right is None else normal_modifiers(right),
        **dict(zip(_SAME_NAME, others, strict=True)),
    )
