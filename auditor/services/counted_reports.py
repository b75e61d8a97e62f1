"""The numbers of an audit's page: counted once for each state of it, kept, and never shown as newer than they are.

The state of an audit is the newest log entry that speaks of it or of another audit of its plan, and what the plan
says: every change of an audit is an entry. What changed behind the log's back is found when the numbers are counted
again, which happens after some minutes even where no entry calls for it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest, sha256_text
from auditor.reports.model import AuditReport
from auditor.services import audits, reporting
from auditor.services.reporting import Paper
from auditor.storage.audits import Audit, CountedReport
from auditor.storage.database import Database
from auditor.storage.log import AuditMark

_GOOD_FOR = timedelta(minutes=10)
_PAPER = Paper(practice="", time_zone="UTC")  # a reader's own is put in when the report is shown


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A report as it is kept. `current`: the audit has not changed since, and it was counted lately."""

    audit_id: int
    text: str
    sha256: str
    entry_number: int
    counted_at: datetime
    current: bool

    def report(self, paper: Paper) -> AuditReport:
        """The report, on a reader's paper."""
        found = msgspec.json.decode(self.text, type=AuditReport)
        return replace(found, practice=paper.practice, time_zone=paper.time_zone)


def kept(session: Session, audit_id: int, *, at: datetime) -> Counted | None:
    """The report as it was counted last; None before it was ever counted."""
    row = session.get(CountedReport, audit_id)
    if row is None:
        return None
    _, key = _state(session, audits.numbered(session, audit_id))
    return _counted(row, current=row.state_key == key and at - row.counted_at < _GOOD_FOR)


def count(database: Database, audit_id: int, *, at: datetime) -> Counted:
    """Count the report of an audit as it is now, and keep it. No write transaction is open while it is counted."""
    with database.read() as session:
        entry, key = _state(session, audits.numbered(session, audit_id))
        report = replace(reporting.audit_report(session, audit_id, paper=_PAPER), certificate=None)
    text = msgspec.json.encode(report).decode()
    made = {"state_key": key, "entry_number": entry, "report": text, "report_sha256": sha256_text(text)}
    with database.write() as session:
        row = session.get(CountedReport, audit_id, with_for_update=True)
        if row is None:
            row = CountedReport(audit_id=audit_id, counted_at=at, **made)
            session.add(row)
        elif row.entry_number <= entry:
            row.counted_at = at
            for name, value in made.items():
                setattr(row, name, value)
    return _counted(row, current=row.state_key == key)


def _state(session: Session, audit: Audit) -> tuple[int, str]:
    """The newest entry on the audits of a plan, and a key that also holds what the plan says."""
    newest = select(func.max(AuditMark.entry_number)).where(AuditMark.audit_id == Audit.id).scalar_subquery()
    entry = session.scalar(select(func.max(newest)).where(Audit.plan_id == audit.plan_id)) or 0
    plan = audit.plan
    said = [plan.name, plan.source.name, plan.objective, str(plan.confidence), str(plan.tolerable), audit.state]
    return entry, f"{entry},{digest(said)[:16]}"


def _counted(row: CountedReport, *, current: bool) -> Counted:
    return Counted(
        audit_id=row.audit_id,
        text=row.report,
        sha256=row.report_sha256,
        entry_number=row.entry_number,
        counted_at=row.counted_at,
        current=current,
    )
