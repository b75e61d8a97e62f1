"""Why things were done with an audit, in people's own words, beside what was done."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.storage.audits import AuditNote


def write(session: Session, note: AuditNote) -> None:
    """Keep a note; nothing where nothing was said."""
    if note.text.strip():
        session.add(note)


def of_audit(session: Session, audit_id: int) -> list[AuditNote]:
    """The notes of an audit, oldest first."""
    return list(session.scalars(select(AuditNote).where(AuditNote.audit_id == audit_id).order_by(AuditNote.id)))
