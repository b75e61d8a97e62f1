"""The log of who was shown which case (45 CFR 164.312(b)): written with every view, read by officers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, insert, literal, select
from sqlalchemy.orm import Session

from auditor.services import privilege
from auditor.storage.access import CaseView
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.types import Moment

MOST = 200
"""How many views a page shows."""

_ONE_SITTING = timedelta(minutes=15)
_NEW = insert(cast(Table, CaseView.__table__))
_GOING_ON = (
    select(CaseView.id)
    .where(
        CaseView.case_id == bindparam("case_id"),
        CaseView.at > bindparam("since"),
        CaseView.user_name == bindparam("name"),
        CaseView.address == bindparam("address"),
    )
    .limit(1)
)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks, from where, by which route."""

    name: str
    address: str
    route: str


def note(session: Session, case_id: int, viewer: Viewer, *, at: datetime) -> None:
    """Note that a case is about to be shown."""
    row = {"case_id": case_id, "user_name": viewer.name, "route": viewer.route, "address": viewer.address, "at": at}
    session.execute(_NEW, row)


def is_going_on(session: Session, case_id: int, viewer: Viewer, *, at: datetime) -> bool:
    """Whether this person was shown the case from this address within the last quarter of an hour."""
    asked = {"case_id": case_id, "since": at - _ONE_SITTING, "name": viewer.name, "address": viewer.address}
    return session.scalar(_GOING_ON, asked) is not None


def note_audit(session: Session, audit_id: int, viewer: Viewer, *, at: datetime) -> None:
    """Note that all cases of an audit are about to be shown, as in a file of them."""
    columns = (
        AuditCase.id,
        literal(viewer.name),
        literal(viewer.route),
        literal(viewer.address),
        literal(at, Moment),
    )
    shown = select(*columns).where(AuditCase.audit_id == audit_id).order_by(AuditCase.id)
    session.execute(insert(CaseView).from_select(["case_id", "user_name", "route", "address", "at"], shown))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which views: of a case, of a person, and only of audits that the reader may know of."""

    case_id: int | None = None
    user_name: str | None = None
    reader: str | None = None


def listed(session: Session, wanted: Wanted, *, most: int | None = MOST) -> list[CaseView]:
    """The newest views first, at most so many."""
    question = select(CaseView).order_by(CaseView.id.desc()).limit(most)
    if wanted.case_id is not None:
        question = question.where(CaseView.case_id == wanted.case_id)
    if wanted.user_name is not None:
        question = question.where(CaseView.user_name == wanted.user_name)
    if wanted.reader is not None:
        question = question.join(AuditCase, AuditCase.id == CaseView.case_id)
        question = question.join(Audit, Audit.id == AuditCase.audit_id).where(privilege.known_to(wanted.reader))
    return list(session.scalars(question))


def of_case(session: Session, case_id: int) -> list[CaseView]:
    """Every view of a case, oldest first."""
    return list(session.scalars(select(CaseView).where(CaseView.case_id == case_id).order_by(CaseView.id)))
