"""The review file of an audit: out as CSV or XLSX, and back in, all of it or nothing.

One row a code of a case. A file that holds one bad row changes nothing; every bad row is named with its reason,
by row and case number, never by claim. Of a case that is coded blind the file shows no code before the reviewer's
own are locked; importing those locks them, and the next export holds the codes to judge.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from auditor.domain.audits import ReviewPass, ReviewStatus
from auditor.errors import BadInput, Conflict
from auditor.services import audits, blind_coding, blind_sheets, cases, findings, review_sheets, seats
from auditor.services.blind_coding import NOTHING, BlindCode
from auditor.services.finding_rows import findings_of_audits
from auditor.services.findings import Review
from auditor.services.review_parsing import BadRow, parse_case
from auditor.services.review_rows import COLUMNS, ReviewCase, case_rows
from auditor.services.review_sheets import Sheet, SheetRow
from auditor.storage.cases import AuditCase

_NEEDED = ("case_id", "stage", "sequence", "code_submitted", "outcome", "correct_code")
_SHOWN = 20
_HIDDEN = "case {case} is coded blind first: write your own codes in rows of stage `blind`, and export again"


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
    """What an export wrote; `blind` counts the cases whose codes are not shown yet."""

    audit_id: int
    file: str
    cases: int
    rows: int
    blind: int


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import came to: cases recorded and left as they were, new versions of findings, cases still pending.

    `blind_locked` counts the cases whose blind coding was taken in and locked: the next export shows their codes.
    """

    audit_id: int
    recorded: int
    blind_locked: int
    unchanged: int
    versions: int
    pending: int


def export(session: Session, audit_id: int, path: Path) -> Exported:
    """Write the review file of an audit, with what has been found so far."""
    audits.numbered(session, audit_id)
    known = _review_cases(session, audit_id)
    rows = [row for case in known.values() for row in case_rows(case)]
    review_sheets.write(path, COLUMNS, rows)
    hidden = sum(case.hidden for case in known.values())
    return Exported(audit_id=audit_id, file=str(path), cases=len(known), rows=len(rows), blind=hidden)


def import_sheet(session: Session, audit_id: int, sheet: Sheet, *, by: str, at: datetime) -> Imported:
    """Record every review of a filled-in file; RefusedFile names its bad rows, and then nothing was recorded."""
    audit = audits.numbered(session, audit_id)
    if not audits.is_under_review(audit):
        raise Conflict(
            f"audit {audit_id} is {audit.state}: a review file goes into a drawn audit"
            f" (a signed one is reopened with `auditor audit reopen {audit_id}`)"
        )
    filled = _filled(session, audit_id, sheet, by=by)
    for case_id, codes in filled.codings.items():
        seat = seats.seat_for(session, findings.case_of(session, case_id, lock=True), ReviewPass.FIRST, name=by)
        blind_coding.lock(session, seat, codes, by=by, at=at)
    recorded = [findings.record(session, case_id, review, by=by, at=at) for case_id, review in filled.reviews.items()]
    changed = [each for each in recorded if each.versions]
    pending = select(AuditCase.id).where(
        AuditCase.audit_id == audit_id, AuditCase.review_status == ReviewStatus.PENDING
    )
    return Imported(
        audit_id=audit_id,
        recorded=len(changed),
        blind_locked=len(filled.codings),
        unchanged=len(recorded) - len(changed),
        versions=sum(each.versions for each in recorded),
        pending=len(session.scalars(pending).all()),
    )


@dataclass(frozen=True, kw_only=True)
class _Filled:
    """What a file says: judgements, and codes of their own for cases that are coded blind."""

    reviews: dict[int, Review] = field(default_factory=dict)
    codings: dict[int, tuple[BlindCode, ...]] = field(default_factory=dict)


def _filled(session: Session, audit_id: int, sheet: Sheet, *, by: str) -> _Filled:
    if missing := [name for name in _NEEDED if name not in sheet.header]:
        raise BadInput(f"{sheet.name} has no column {missing[0]}: keep the head of the exported file")
    known = _review_cases(session, audit_id)
    grouped, bad = _grouped(sheet.rows, known, audit_id)
    filled = _Filled()
    for case_id, of_case in grouped.items():
        bad += _take(filled, known[case_id], of_case, by=by)
    if bad:
        raise RefusedFile(sheet.name, sorted(bad, key=lambda each: each.row))
    return filled


def _take(filled: _Filled, case: ReviewCase, rows: Sequence[SheetRow], *, by: str) -> list[BadRow]:
    """Add what the rows of a case say; its bad rows."""
    own = [row for row in rows if blind_sheets.is_blind(row)]
    codes, bad = blind_sheets.parse_codes(case, own, by=by)
    if case.hidden and (early := [row for row in rows if row not in own and row.cells.get("outcome")]):
        return [*bad, BadRow(row=early[0].number, reason=_HIDDEN.format(case=case.case_id))]
    review, found = parse_case(case, own if case.hidden else rows)
    if review:
        filled.reviews[case.case_id] = review
    if codes:
        filled.codings[case.case_id] = codes
    return bad + found


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
    coded = blind_coding.of_audit(session, audit_id)
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
            blind=case.blind,
            coding=coded.get(case.id, NOTHING),
        )
        for case in session.scalars(question)
    }
