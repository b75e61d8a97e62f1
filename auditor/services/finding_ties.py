"""Are findings still what the event log recorded? Every recording's entry carries the digest of what stood then.

A finding that was changed, added or deleted in the database, behind the program's back, no longer adds up to it; an
older version no more than the newest. An audit is read at a time, so that memory does not grow with the audits.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.chain import digest
from auditor.domain.claims import Stage
from auditor.domain.events import EventKind
from auditor.errors import AuditorError
from auditor.services.finding_rows import DatedVersion, dated_versions, standing_findings
from auditor.services.log import Problem
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.log import AuditMark, LogEntry

_Review = tuple[int, str]  # a case and a pass


@dataclass(frozen=True, kw_only=True)
class _Recording:
    """One recording of a review: its entry, who and when, how many versions it wrote, and what stood from then on."""

    number: int
    by: str
    at: datetime
    versions: int
    findings_sha256: str


def problems(session: Session, *, audit_ids: Iterable[int] | None = None) -> Iterator[Problem]:
    """A sentence for every review whose findings are not those on record; of these audits, or of all."""
    wanted = session.scalars(select(Audit.id).order_by(Audit.id)) if audit_ids is None else audit_ids
    for audit_id in list(wanted):
        try:
            yield from _of_audit(session, audit_id)
        except (AuditorError, LookupError, ValueError):  # what no version of the program has written
            yield Problem(number=0, problem=f"findings of audit {audit_id} hold a value that cannot be read")


def _of_audit(session: Session, audit_id: int) -> Iterator[Problem]:
    recordings = _recordings(session, audit_id)
    versions: dict[_Review, list[DatedVersion]] = defaultdict(list)
    for each in dated_versions(session, audit_id):
        versions[each.case_id, each.review_pass].append(each)
    columns = (AuditCase.id, AuditCase.number, AuditCase.claim_sha256)
    cases = {row[0]: row for row in session.execute(select(*columns).where(AuditCase.audit_id == audit_id))}
    for review in sorted({*recordings, *versions}):
        case_id, review_pass = review
        if case_id not in cases:
            continue  # its findings would not be there either: a case is gone, which other checks say
        called = f"case {cases[case_id].number} of audit {audit_id} ({ReviewPass(review_pass).value} review)"
        if review not in recordings:
            yield Problem(number=0, problem=f"{called} has findings that no entry of the log recorded")
            continue
        wrong = _wrong(recordings[review], versions.get(review, ()), claim_sha256=cases[case_id].claim_sha256)
        if wrong is not None:
            yield Problem(
                number=wrong.number,
                problem=f"findings of {called} are not those that entry {wrong.number} recorded: changed since,"
                " outside of the program",
            )


def _recordings(session: Session, audit_id: int) -> dict[_Review, list[_Recording]]:
    """Every recording of an audit's reviews, by review and in order."""
    question = (
        select(LogEntry.number, LogEntry.at, LogEntry.body)
        .join(AuditMark, AuditMark.entry_number == LogEntry.number)
        .where(AuditMark.audit_id == audit_id, LogEntry.kind == EventKind.CASE_REVIEWED.value)
        .order_by(LogEntry.number)
    )
    found: dict[_Review, list[_Recording]] = defaultdict(list)
    for number, at, text in session.execute(question):
        body = json.loads(text)
        recording = _Recording(
            number=number,
            by=body["by"],
            at=datetime.fromisoformat(at),
            versions=body["versions"],
            findings_sha256=body["findings_sha256"],
        )
        found[body["case"], body["review_pass"]].append(recording)
    return found


def _wrong(
    recordings: Sequence[_Recording], versions: Sequence[DatedVersion], *, claim_sha256: str
) -> _Recording | None:
    """The first recording that what is stored does not add up to; None when all do."""
    newest: dict[tuple[Stage, str], DatedVersion] = {}
    taken = 0
    for recording in recordings:
        written = versions[taken : taken + recording.versions]
        taken += recording.versions
        newest |= {(each.version.finding.stage, each.version.finding.line): each for each in written}
        standing = standing_findings({line: each.version for line, each in newest.items()})
        own = all((each.found_by, each.found_at) == (recording.by, recording.at) for each in written)
        sha256 = digest({"claim_sha256": claim_sha256, "findings": standing})
        if len(written) < recording.versions or not own or sha256 != recording.findings_sha256:
            return recording
    return recordings[-1] if taken < len(versions) else None
