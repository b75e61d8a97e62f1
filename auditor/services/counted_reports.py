"""The numbers of an audit's page: counted once for each state of it, kept, and never shown as newer than they are.

The state of an audit is the newest log entry that speaks of it or of another audit of its plan, and what the plan
says: every change of an audit is an entry. What changed behind the log's back is found when the numbers are counted
again, which happens after some minutes even where no entry calls for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest, sha256_text
from auditor.errors import NotFound
from auditor.reports.model import AuditReport
from auditor.services import audits, reporting
from auditor.services.reporting import Paper
from auditor.services.shapes import described
from auditor.services.signed_content import content_sha256
from auditor.storage import asking
from auditor.storage.audits import Audit, CountedReport
from auditor.storage.database import Database
from auditor.storage.log import AuditMark
from auditor.storage.plans import Plan, Source

_GOOD_FOR = timedelta(minutes=10)
_PAPER = Paper(practice="", time_zone="UTC")  # a reader's own is put in when the report is shown
_PLAN_ID = select(Audit.plan_id).where(Audit.id == bindparam("audit_id")).scalar_subquery()
_NEWEST = select(func.max(AuditMark.entry_number)).where(AuditMark.audit_id == Audit.id).scalar_subquery()
_ENTRY = select(func.max(_NEWEST)).where(Audit.plan_id == _PLAN_ID).scalar_subquery()
_SAID = (Plan.name, Source.name, Plan.objective, Plan.confidence, Plan.tolerable, Audit.state)
_KEPT = (
    CountedReport.state_key,
    CountedReport.entry_number,
    CountedReport.report_sha256,
    CountedReport.content_sha256,
    CountedReport.counted_at,
    CountedReport.shared_claims,
)
_STATE = (
    select(_ENTRY, *_SAID, *_KEPT)
    .select_from(Audit)
    .join(Audit.plan)
    .join(Plan.source)
    .outerjoin(CountedReport, CountedReport.audit_id == Audit.id)
    .where(Audit.id == bindparam("audit_id"))
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """That a report is kept. `current`: the audit has not changed since, and it was counted lately.

    `content_sha256` is of what a signature would cover; `shared_claims` is how many of its claims are in other audits
    too, by the number of the other.
    """

    audit_id: int
    sha256: str
    content_sha256: str
    counted_at: datetime
    current: bool
    shared_claims: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Counted(Kept):
    """A kept report with its text."""

    text: str

    def report(self, paper: Paper) -> AuditReport:
        """The report, on a reader's paper."""
        return _on_paper(self.text, paper)


def kept(session: Session, audit_id: int, *, at: datetime) -> Kept | None:
    """What is known of the report that was counted last; None before it was ever counted."""
    row = _standing(session, audit_id)
    key, _, sha256, content, counted_at, shared = row[-len(_KEPT) :]
    if key is None:
        return None
    return Kept(
        audit_id=audit_id,
        sha256=sha256,
        content_sha256=content,
        counted_at=counted_at,
        current=key == _key(row) and at - counted_at < _GOOD_FOR,
        shared_claims=_numbered(shared),
    )


def read(session: Session, audit_id: int) -> Counted:
    """The report that is kept, as it is now; whether it is current is for `kept` to say."""
    return _counted(session.get_one(CountedReport, audit_id), current=False)


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A report that was counted and is not kept yet, with the newest entry that it knows of."""

    audit_id: int
    entry_number: int
    state_key: str
    text: str
    sha256: str
    content_sha256: str
    shared_claims: Mapping[int, int]
    counted_at: datetime

    def report(self, paper: Paper) -> AuditReport:
        """The report, on a reader's paper."""
        return _on_paper(self.text, paper)


def count(database: Database, audit_id: int, *, at: datetime) -> Counted:
    """Count the report of an audit as it is now, and keep it. No write transaction is open while it is counted."""
    return keep(database, fresh(database, audit_id, at=at))


def fresh(database: Database, audit_id: int, *, at: datetime) -> Fresh:
    """Count the report of an audit as it is now; writes nothing."""
    with database.read() as session:
        found = _standing(session, audit_id)
        report = replace(reporting.audit_report(session, audit_id, paper=_PAPER), certificate=None)
        audit = audits.numbered(session, audit_id)
        shared, content = audits.shared_claims(session, audit), content_sha256(session, audit)
    text = msgspec.json.encode(report).decode()
    return Fresh(
        audit_id=audit_id,
        entry_number=found[0] or 0,
        state_key=_key(found),
        text=text,
        sha256=sha256_text(text),
        content_sha256=content,
        shared_claims=shared,
        counted_at=at,
    )


def keep(database: Database, made: Fresh) -> Counted:
    """Keep a report, unless a newer one is kept already; gives the one that is."""
    values = {
        "state_key": made.state_key,
        "entry_number": made.entry_number,
        "report": made.text,
        "report_sha256": made.sha256,
        "content_sha256": made.content_sha256,
        "shared_claims": made.shared_claims,
        "counted_at": made.counted_at,
    }
    with database.write() as session:
        row = session.get(CountedReport, made.audit_id, with_for_update=True)
        if row is None:
            row = CountedReport(audit_id=made.audit_id, **values)
            session.add(row)
        elif row.entry_number <= made.entry_number:
            for name, value in values.items():
                setattr(row, name, value)
    return _counted(row, current=row.state_key == made.state_key)


def _on_paper(text: str, paper: Paper) -> AuditReport:
    found = msgspec.json.decode(text, type=described(AuditReport))
    return replace(found, practice=paper.practice, time_zone=paper.time_zone)


def _standing(session: Session, audit_id: int) -> Row[*tuple[Any, ...]]:
    """The newest entry on the audits of a plan, what the plan says, and what is kept."""
    row = asking.rows(session, _STATE, {"audit_id": audit_id}).one_or_none()
    if row is None:
        raise NotFound(audits.UNKNOWN.format(audit_id))
    return row


def _key(row: Row[*tuple[Any, ...]]) -> str:
    return f"{row[0] or 0},{digest(row[1 : 1 + len(_SAID)])[:16]}"


def _numbered(shared: Mapping[Any, int]) -> Mapping[int, int]:
    return {int(number): claims for number, claims in shared.items()}


def _counted(row: CountedReport, *, current: bool) -> Counted:
    return Counted(
        audit_id=row.audit_id,
        text=row.report,
        sha256=row.report_sha256,
        content_sha256=row.content_sha256,
        counted_at=row.counted_at,
        current=current,
        shared_claims=_numbered(row.shared_claims),
    )
