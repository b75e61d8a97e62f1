"""Who may open a case: its auditor, or any auditor while it has none; officers; nobody their own coding."""

from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.errors import Forbidden
from auditor.services import findings, privilege
from auditor.services.web_sessions import SignedIn
from auditor.storage.cases import AuditCase


def open_case(session: Session, case_id: int, who: SignedIn, *, lock: bool = False) -> AuditCase:
    """The case, for a person who may review it; NotFound or Forbidden otherwise."""
    privilege.refuse_case(session, case_id, who.name)
    case = findings.case_of(session, case_id, lock=lock)
    coder = case.claim.get("coder_of_record")
    if coder and str(coder).casefold() == who.name.casefold():
        raise Forbidden(f"case {case.id} is your own coding: another auditor reviews it")
    if case.assigned_to in (None, who.name) or Role.OFFICER in who.roles:
        return case
    raise Forbidden(f"case {case.id} is another auditor's: your own cases are in your review queue")
