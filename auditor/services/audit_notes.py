"""Why things were done with an audit, in people's own words, beside what was done."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import NoteKind
from auditor.reports.model import Remark
from auditor.storage.audits import Audit, AuditNote


def write(session: Session, note: AuditNote) -> None:
    """Keep a note; nothing where nothing was said."""
    if note.text.strip():
        session.add(note)


def remarks(session: Session, audit: Audit) -> tuple[Remark, ...]:
    """What was said of an audit, oldest first; last why it was given up."""
    notes = session.scalars(select(AuditNote).where(AuditNote.audit_id == audit.id).order_by(AuditNote.id))
    found = [
        Remark(kind=note.kind, text=note.text, written_by=note.written_by, written_at=note.written_at)
        for note in notes
    ]
    if audit.abandoned_at is not None:
        said = {"text": audit.abandon_reason or "", "written_by": audit.abandoned_by or ""}
        found.append(Remark(kind=NoteKind.ABANDONED, written_at=audit.abandoned_at, **said))
    return tuple(found)
