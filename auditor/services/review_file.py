"""The review file of an audit: out as CSV or XLSX, and back in, all of it or nothing.

One row a code of a case: of all first reviews, or of those reviews that are one person's own. A file that holds one
bad row changes nothing; every bad row is named with its reason, by row and case number, never by claim.
Of a case that is coded blind the file shows no code before the reviewer's own are locked; importing those locks them,
and the next export holds the codes to judge.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import audits, blind_coding, blind_sheets, findings, review_file_cases, review_sheets, seats
from auditor.services.blind_coding import BlindCode
from auditor.services.findings import Recorded, Review
from auditor.services.review_parsing import BadRow, parse_case
from auditor.services.review_rows import COLUMNS, ReviewCase, case_rows
from auditor.services.review_sheets import Sheet, SheetRow
from auditor.services.seats import Seat

_NEEDED = ("case_id", "stage", "sequence", "code_submitted", "outcome", "correct_code")
_SHOWN = 20
_OTHERS = (
    "this case shows another reviewer's answers here: export your own with `auditor review export {audit} --by NAME`"
)
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
    `reviewer` is the person whose own file it was, None for the file of a whole audit.
    """

    audit_id: int
    reviewer: str | None
    recorded: int
    blind_locked: int
    unchanged: int
    versions: int
    pending: int


def export(session: Session, audit_id: int, path: Path, *, reviewer: str | None = None) -> Exported:
    """Write the review file of an audit with what has been found so far: every first review, or a reviewer's own."""
    audits.numbered(session, audit_id)
    known = review_file_cases.of_audit(session, audit_id, reviewer=reviewer)
    if reviewer and not known:
        raise NotFound(f"audit {audit_id} has no case of {reviewer}: without --by the file holds every case")
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
    reviewer = _reviewer_of(sheet, by)
    known = review_file_cases.of_audit(session, audit_id, reviewer=reviewer)
    whose = f"audit {audit_id}" + (f" that {reviewer} reviews" if reviewer else "")
    filled = _filled(sheet, known, whose, by=by)
    if reviewer is None:
        _refuse_seconds(sheet, filled, review_file_cases.second_of(session, audit_id, by), audit_id)
    for case_id, codes in filled.codings.items():
        seat = _seat(session, known[case_id], by)
        blind_coding.lock(session, seat, codes, by=by, at=at)
    recorded = [_record(session, known[case_id], review, by=by, at=at) for case_id, review in filled.reviews.items()]
    changed = [each for each in recorded if each.versions]
    return Imported(
        audit_id=audit_id,
        reviewer=reviewer,
        recorded=len(changed),
        blind_locked=len(filled.codings),
        unchanged=len(recorded) - len(changed),
        versions=sum(each.versions for each in recorded),
        pending=review_file_cases.pending(session, audit_id, reviewer=reviewer),
    )


@dataclass(frozen=True, kw_only=True)
class _Filled:
    """What a file says: judgements, and codes of their own for cases that are coded blind."""

    reviews: dict[int, Review] = field(default_factory=dict)
    codings: dict[int, tuple[BlindCode, ...]] = field(default_factory=dict)


def _reviewer_of(sheet: Sheet, by: str) -> str | None:
    """Whose own file it is, None for the file of a whole audit; it goes in as a whole, and for that person only."""
    if missing := [name for name in _NEEDED if name not in sheet.header]:
        raise BadInput(f"{sheet.name} has no column {missing[0]}: keep the head of the exported file")
    names = {row.cells.get("reviewer", "") for row in sheet.rows} - {""}  # rows for missed codes are added by hand
    if len(names) > 1:
        raise BadInput(f"{sheet.name} holds rows of several exports: import each file by itself")
    name = next(iter(names), "")
    if name not in ("", by):
        raise BadInput(f"{sheet.name} is a file of {name}'s own reviews: import it with --by {name}")
    return name or None


def _refuse_seconds(sheet: Sheet, filled: _Filled, second: frozenset[int], audit_id: int) -> None:
    """The file of a whole audit shows the first review: what it says of a case is no second, independent one."""
    of_second = [case for case in (*filled.reviews, *filled.codings) if case in second]
    bad = [row for row in sheet.rows if row.cells.get("case_id", "") in {str(case) for case in of_second}]
    if bad:
        reason = _OTHERS.format(audit=audit_id)
        raise RefusedFile(sheet.name, [BadRow(row=row.number, reason=reason) for row in bad])


def _seat(session: Session, case: ReviewCase, by: str) -> Seat:
    locked = findings.case_of(session, case.case_id, lock=True)
    return seats.seat_for(session, locked, case.review_pass, name=by)


def _record(session: Session, case: ReviewCase, review: Review, *, by: str, at: datetime) -> Recorded:
    """Conflict where an adjudication has settled what the file would change; the same again changes nothing."""
    seat = _seat(session, case, by)
    before = seat.work.revision
    done = findings.record(session, case.case_id, review, by=by, at=at)
    if done.revision != before:
        seats.refuse_decided(seat)
    return done


def _filled(sheet: Sheet, known: Mapping[int, ReviewCase], whose: str, *, by: str) -> _Filled:
    grouped, bad = _grouped(sheet.rows, known, whose)
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
    rows: Sequence[SheetRow], known: Mapping[int, ReviewCase], whose: str
) -> tuple[dict[int, list[SheetRow]], list[BadRow]]:
    grouped: dict[int, list[SheetRow]] = defaultdict(list)
    bad = []
    for row in rows:
        text = row.cells.get("case_id", "")
        if text.isdecimal() and int(text) in known:
            grouped[int(text)].append(row)
        elif text:
            bad.append(BadRow(row=row.number, reason=f"case_id {text[:20]!r} is no case of {whose}"))
        else:
            bad.append(BadRow(row=row.number, reason="case_id is empty: write the case that this row belongs to"))
    return grouped, bad
