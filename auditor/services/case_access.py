"""Who may open a case: its auditors, or any auditor while it has none; officers; nobody their own coding."""

from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.errors import Forbidden
from auditor.services import findings, identifiers, privilege, seats
from auditor.services.seats import Seat
from auditor.services.web_sessions import SignedIn


def open_seat(session: Session, case_id: int, who: SignedIn, *, lock: bool = False) -> Seat:
    """A person's seat at a case that they may review; NotFound or Forbidden otherwise."""
    case = findings.case_of(session, case_id, lock=lock)
    if case.audit.privileged:
        privilege.refuse_case(session, case_id, who.name)
    if identifiers.is_own_coding(session, case, who.name):
        raise Forbidden(f"case {case.id} is your own coding: another auditor reviews it")
    seat = seats.seat_of(session, case, name=who.name)
    if seat.work.assigned_to in (None, who.name) or Role.OFFICER in who.roles:
        return seat
    raise Forbidden(f"case {case.id} is another auditor's: your own cases are in your review queue")
