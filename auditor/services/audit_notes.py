"""Why things were done with an audit, in people's own words, beside what was done."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from auditor.domain.audits import NoteKind
from auditor.reports.model import Remark
from auditor.storage import asking
from auditor.storage.audits import Audit, AuditNote

_OF_AUDIT = (
    select(AuditNote.kind, AuditNote.text, AuditNote.written_by, AuditNote.written_at)
    .where(AuditNote.audit_id == bindparam("audit_id"))
    .order_by(AuditNote.id)
)


def write(session: Session, note: AuditNote) -> None:
    """Keep a note; nothing where nothing was said."""
    if note.text.strip():
        session.add(note)


def remarks(session: Session, audit: Audit) -> tuple[Remark, ...]:
    """What was said of an audit, oldest first; last why it was given up."""
    found = [Remark(**note._mapping) for note in asking.rows(session, _OF_AUDIT, {"audit_id": audit.id})]
    if audit.abandoned_at is not None:
        said = {"text": audit.abandon_reason or "", "written_by": audit.abandoned_by or ""}
        found.append(Remark(kind=NoteKind.ABANDONED, written_at=audit.abandoned_at, **said))
    return tuple(found)
