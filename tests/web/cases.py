"""An audit with cases to review, in few words."""

from sqlalchemy.orm import Session

from auditor.domain.claims import Claim, Document
from auditor.storage.cases import AuditCase
from tests import make

NOTE = """HPI
61-year-old with hypertension, seen for follow-up. Reports moderate exertion without chest pain.

Exam
Blood pressure 128/78. Heart regular, lungs clear.

A/P
1. Hypertension, well controlled on lisinopril 10 mg. Continue.
2. Return in six months."""


def claim(number: int = 1, **fields: object) -> Claim:
    """A claim with a visit code, a diagnosis and a note."""
    return make.claim(f"C-{number}", documents=(Document(title="Progress note", text=NOTE),), **fields)


def cases(session: Session, count: int = 3, *, to: str | None = "anna", **fields: object) -> list[AuditCase]:
    """Cases of a new drawn audit, assigned to one person."""
    audit = make.audit(session)
    return [make.case(session, audit, claim(n + 1), assigned_to=to, **fields) for n in range(count)]
