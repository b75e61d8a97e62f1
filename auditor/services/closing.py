"""An audit brought to its end although some records or answers never came: each such case counts as an error."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, NoteKind
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict
from auditor.services import audit_notes, audits, case_pauses
from auditor.storage import history
from auditor.storage.audits import AuditNote
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview


def close_unanswered(session: Session, audit_id: int, *, reason: str, by: str, at: datetime) -> list[int]:
    """Settle every case that waits as "record not produced", with the reason on record; the cases' numbers."""
    audit = audits.locked(session, audit_id)
    if audit.state is not AuditState.DRAWN:
        raise Conflict(f"audit {audit_id} is {audit.state}: only a drawn audit that is not signed has open cases")
    if not reason.strip():
        raise BadInput("closing cases without their records takes a reason: say what was done to get them")
    requested = DocumentationStatus.REQUESTED
    further = exists().where(FurtherReview.case_id == AuditCase.id, FurtherReview.documentation_status == requested)
    question = select(AuditCase.id, AuditCase.number).where(
        AuditCase.audit_id == audit_id, or_(AuditCase.documentation_status == requested, further)
    )
    waiting = session.execute(question.order_by(AuditCase.number)).all()
    if not waiting:
        raise Conflict(f"no case of audit {audit_id} waits for a record or an answer: nothing was changed")
    for case_id, _ in waiting:
        case_pauses.end_waiting(session, case_id, by=by, at=at)
    note = AuditNote(audit_id=audit_id, kind=NoteKind.NOT_PRODUCED, text=reason, written_by=by, written_at=at)
    audit_notes.write(session, note)
    numbers = [number for _, number in waiting]
    body = {"audit": audit_id, "cases": numbers}
    history.record(session, Event(kind=EventKind.AUDIT_UNANSWERED_CLOSED, by=by, body=body), at=at)
    return numbers
