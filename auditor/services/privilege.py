"""Privileged audits: counsel directs them, and only those named on them know that they are there.

Whoever lists audits or cases for a person adds `known_to`; whoever opens one by number asks `refuse`. The command
line acts for the operating-system user with full rights, and is not filtered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, String, bindparam, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import audits, people
from auditor.storage import history
from auditor.storage.audits import Audit, PrivilegedName
from auditor.storage.cases import AuditCase

Name = str | ColumnElement[str] | InstrumentedAttribute[str]


@dataclass(frozen=True, kw_only=True)
class Privilege:
    """Whether an audit is privileged, and who may know of it then."""

    audit_id: int
    privileged: bool
    names: tuple[str, ...]


def known_to(name: Name) -> ColumnElement[bool]:
    """A condition on `Audit`: the person of that name may know of it."""
    named = exists().where(PrivilegedName.audit_id == Audit.id, PrivilegedName.user_name == name)
    return or_(Audit.privileged.is_(False), named.correlate_except(PrivilegedName))


def hidden_audit(name: Name) -> ColumnElement[bool]:
    """Whether the audit `audit_id` may not be known to the person of that name: a part of a question."""
    hidden = select(Audit.id).where(Audit.id == bindparam("audit_id"), ~known_to(name))
    return hidden.correlate_except(Audit).exists()


def hidden_case(name: Name) -> ColumnElement[bool]:
    """Whether the case `case_id` is of such an audit: a part of a question."""
    of_case = select(AuditCase.id).join(AuditCase.audit).where(AuditCase.id == bindparam("case_id"))
    return of_case.where(~known_to(name)).correlate_except(AuditCase, Audit).exists()


_READER: "BindParameter[str]" = bindparam("reader", type_=String())
_HIDDEN_AUDIT, _HIDDEN_CASE = select(hidden_audit(_READER)), select(hidden_case(_READER))


def known_audits(session: Session, name: str) -> list[Audit]:
    """The audits that a person may know of, oldest first."""
    return audits.all_audits(session, known_to(name))


def only_known(session: Session, of_audits: Mapping[int, int], name: str) -> dict[int, int]:
    """What is said of audits by number, without those that a person may not know of."""
    known = set(session.scalars(select(Audit.id).where(Audit.id.in_(of_audits), known_to(name))))
    return {number: said for number, said in of_audits.items() if number in known}


def refuse_audit(session: Session, audit_id: int, name: str) -> None:
    """NotFound, in the words for an audit that does not exist, when the person may not know of it."""
    if session.scalar(_HIDDEN_AUDIT, {"audit_id": audit_id, "reader": name}):
        raise NotFound(audits.UNKNOWN.format(audit_id))


def refuse_case(session: Session, case_id: int, name: str) -> None:
    """NotFound, in the words for a case that does not exist, when the person may not know of its audit."""
    if session.scalar(_HIDDEN_CASE, {"case_id": case_id, "reader": name}):
        raise NotFound(audits.UNKNOWN_CASE.format(case_id))


def of_audit(session: Session, audit_id: int) -> Privilege:
    """Whether an audit is privileged, and its names."""
    audit = audits.numbered(session, audit_id)
    question = select(PrivilegedName.user_name).where(PrivilegedName.audit_id == audit_id)
    names = session.scalars(question.order_by(PrivilegedName.user_name))
    return Privilege(audit_id=audit_id, privileged=audit.privileged, names=tuple(names))


def protect(session: Session, audit_id: int, names: Sequence[str], *, by: str, at: datetime) -> Privilege:
    """Let only these people know of an audit from now on; everybody who has cases of it must be among them."""
    audit = audits.locked(session, audit_id)
    chosen = sorted({people.named(session, name).name for name in names})
    if not chosen:
        raise BadInput("a privileged audit names at least one person: use --names")
    assigned = select(AuditCase.assigned_to).where(AuditCase.audit_id == audit_id).distinct()
    left_out = sorted(name for name in session.scalars(assigned) if name and name not in chosen)
    if left_out:
        raise Conflict(f"{', '.join(left_out)} has cases of audit {audit_id}: name them too")
    audit.privileged = True
    _replace(session, audit, chosen)
    return _done(session, audit, by=by, at=at)


def lift(session: Session, audit_id: int, *, by: str, at: datetime) -> Privilege:
    """Let everybody know of an audit again whose role covers it."""
    audit = audits.locked(session, audit_id)
    audit.privileged = False
    _replace(session, audit, [])
    return _done(session, audit, by=by, at=at)


def _replace(session: Session, audit: Audit, names: Sequence[str]) -> None:
    session.execute(delete(PrivilegedName).where(PrivilegedName.audit_id == audit.id))
    session.add_all(PrivilegedName(audit_id=audit.id, user_name=name) for name in names)
    session.flush()


def _done(session: Session, audit: Audit, *, by: str, at: datetime) -> Privilege:
    now = of_audit(session, audit.id)
    body = {"audit": audit.id, "privileged": now.privileged, "names": now.names}
    history.record(session, Event(kind=EventKind.AUDIT_PRIVILEGE_CHANGED, by=by, body=body), at=at)
    return now
