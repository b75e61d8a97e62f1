"""The log of who was shown which case (45 CFR 164.312(b)): written with every view, read by officers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from auditor.services import privilege
from auditor.services.seats import is_reviewed_by
from auditor.storage import asking
from auditor.storage.access import CaseView
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.types import Moment

MOST = 200
"""How many views a page shows."""

ONE_SITTING = timedelta(minutes=15)
"""How long looks at one case by one person from one address are one."""
_NEW = insert(cast(Table, CaseView.__table__)).inline()


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks, from where, by which route."""

    name: str
    address: str
    route: str


def note(session: Session, case_id: int, viewer: Viewer, *, at: datetime) -> None:
    """Note that a case is about to be shown."""
    row = {"case_id": case_id, "user_name": viewer.name, "route": viewer.route, "address": viewer.address, "at": at}
    asking.insert(session, _NEW, [row])


def is_going_on(name: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether that person was shown the case `case_id` from `address` since `since`: a part of a question."""
    return (
        select(CaseView.id)
        .where(
            CaseView.case_id == bindparam("case_id"),
            CaseView.at > bindparam("since", type_=Moment()),
            CaseView.user_name == name,
            CaseView.address == bindparam("address"),
        )
        .correlate_except(CaseView)
        .exists()
    )


def note_audit(session: Session, audit_id: int, viewer: Viewer, *, at: datetime, seats_of: str | None = None) -> None:
    """Note that the cases of an audit, all or those that a person reviews, are about to be shown, as in a file."""
    columns = (
        AuditCase.id,
        literal(viewer.name),
        literal(viewer.route),
        literal(viewer.address),
        literal(at, Moment),
    )
    shown = select(*columns).where(AuditCase.audit_id == audit_id).order_by(AuditCase.id)
    if seats_of is not None:
        shown = shown.where(is_reviewed_by(seats_of))
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
