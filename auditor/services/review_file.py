"""The review file of an audit: out as CSV or XLSX, and back in, all of it or nothing.

One row a code of a case. A file that holds one bad row changes nothing; every bad row is named with its reason,
by row and case number, never by claim.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from auditor.domain.audits import AuditState, ReviewPass, ReviewStatus
from auditor.errors import BadInput, Conflict
from auditor.services import audits, cases, findings, review_sheets
from auditor.services.finding_rows import findings_of_audits
from auditor.services.findings import Review
from auditor.services.review_parsing import BadRow, parse_case
from auditor.services.review_rows import COLUMNS, ReviewCase, case_rows
from auditor.services.review_sheets import Sheet, SheetRow
from auditor.storage.cases import AuditCase

_NEEDED = ("case_id", "stage", "sequence", "code_submitted", "outcome", "correct_code")
_SHOWN = 20


class RefusedFile(BadInput):
    """A review file that was not imported, with its bad rows."""

    def __init__(self, name: str, bad: Sequence[BadRow]) -> None:
        self.bad = tuple(bad)
        lines = [f"row {each.row}: {each.reason}" for each in self.bad[:_SHOWN]]
        if len(self.bad) > _SHOWN:
            lines.append(f"and {len(self.bad) - _SHOWN} more")
        rows = f"{len(self.bad)} bad row{'s' if len(self.bad) > 1 else ''}"
        super().__init__("\n".join([f"nothing of {name} was imported, it has {rows}:", *lines]))


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What an export wrote."""

    audit_id: int
    file: str
    cases: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import came to: cases recorded and left as they were, new versions of findings, cases still pending."""

    audit_id: int
    recorded: int
    unchanged: int
    versions: int
    pending: int


def export(session: Session, audit_id: int, path: Path) -> Exported:
    """Write the review file of an audit, with what has been found so far."""
    audits.numbered(session, audit_id)
    known = _review_cases(session, audit_id)
    rows = [row for case in known.values() for row in case_rows(case)]
    review_sheets.write(path, COLUMNS, rows)
    return Exported(audit_id=audit_id, file=str(path), cases=len(known), rows=len(rows))


def import_sheet(session: Session, audit_id: int, sheet: Sheet, *, by: str, at: datetime) -> Imported:
    """Record every review of a filled-in file; RefusedFile names its bad rows, and then nothing was recorded."""
    audit = audits.numbered(session, audit_id)
    if audit.state is not AuditState.DRAWN:
        raise Conflict(
            f"audit {audit_id} is {audit.state}: a review file goes into a drawn audit"
            f" (a signed one is reopened with `auditor audit reopen {audit_id}`)"
        )
    reviews = _reviews(session, audit_id, sheet)
    recorded = [findings.record(session, case_id, review, by=by, at=at) for case_id, review in reviews.items()]
    changed = [each for each in recorded if each.versions]
    pending = select(AuditCase.id).where(
        AuditCase.audit_id == audit_id, AuditCase.review_status == ReviewStatus.PENDING
    )
    return Imported(
        audit_id=audit_id,
        recorded=len(changed),
        unchanged=len(recorded) - len(changed),
        versions=sum(each.versions for each in recorded),
        pending=len(session.scalars(pending).all()),
    )


def _reviews(session: Session, audit_id: int, sheet: Sheet) -> dict[int, Review]:
    if missing := [name for name in _NEEDED if name not in sheet.header]:
        raise BadInput(f"{sheet.name} has no column {missing[0]}: keep the head of the exported file")
    known = _review_cases(session, audit_id)
    grouped, bad = _grouped(sheet.rows, known, audit_id)
    reviews = {}
    for case_id, of_case in grouped.items():
        review, found = parse_case(known[case_id], of_case)
        bad += found
        if review:
            reviews[case_id] = review
    if bad:
        raise RefusedFile(sheet.name, sorted(bad, key=lambda each: each.row))
    return reviews


def _grouped(
    rows: Sequence[SheetRow], known: Mapping[int, ReviewCase], audit_id: int
) -> tuple[dict[int, list[SheetRow]], list[BadRow]]:
    grouped: dict[int, list[SheetRow]] = defaultdict(list)
    bad = []
    for row in rows:
        text = row.cells.get("case_id", "")
        if text.isdecimal() and int(text) in known:
            grouped[int(text)].append(row)
        elif text:
            bad.append(BadRow(row=row.number, reason=f"case_id {text[:20]!r} is no case of audit {audit_id}"))
        else:
            bad.append(BadRow(row=row.number, reason="case_id is empty: write the case that this row belongs to"))
    return grouped, bad


def _review_cases(session: Session, audit_id: int) -> dict[int, ReviewCase]:
    found = findings_of_audits(session, [audit_id], passes=(ReviewPass.FIRST,))
    question = (
        select(AuditCase)
        .where(AuditCase.audit_id == audit_id)
        .options(defer(AuditCase.protected))
        .order_by(AuditCase.number)
    )
    return {
        case.id: ReviewCase(
            case_id=case.id,
            claim=cases.coded(case),
            documentation_status=case.documentation_status,
            findings=found.get(case.id, ()),
        )
        for case in session.scalars(question)
    }
