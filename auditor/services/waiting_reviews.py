"""What waits for a reviewer, first and second reviews in one queue and one order. Shows nothing of a claim.

Every page of the review asks this, so the questions are built once and carry the person as a parameter.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    String,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.services import audits, identifiers, privilege, seats
from auditor.storage import asking
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import PersonIdentifier
from auditor.storage.plans import Plan
from auditor.storage.review_work import FurtherReview


@dataclass(frozen=True, kw_only=True)
class QueuedCase:
    """A case in a queue: our own numbers and its state, nothing of the claim."""

    case_id: int
    audit_id: int
    number: int
    blind: bool
    begun: bool
    mine: bool
    documentation_status: DocumentationStatus


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What a person has to review: the first of the cases that wait, and those that wait for documents themselves."""

    waiting: tuple[QueuedCase, ...]
    waiting_count: int
    paused: tuple[QueuedCase, ...]
    done_count: int


def first(session: Session, *, by: str, audit_id: int | None = None) -> int | None:
    """The number of the first case that waits for a person, or for nobody in particular; within an audit if named."""
    if audit_id is None:
        return asking.value(session, _FIRST, _asked(by))
    return asking.value(session, _FIRST_OF_AUDIT, {**_asked(by), "audit_id": audit_id})


def following(session: Session, case: AuditCase, *, by: str) -> int | None:
    """The number of the case to go on with after this one: the next of the same audit, else the first that waits."""
    asked = {**_asked(by), "case_id": case.id}
    onward = asking.value(session, _ONWARD, {**asked, "audit_id": case.audit_id, "number": case.number})
    return onward or asking.value(session, _FIRST_OTHER, asked)


def queue(session: Session, *, by: str, most: int = 50) -> Queue:
    """A person's queue, what waits and what is paused read in one pass."""
    rows = asking.rows(session, _QUEUE, {**_asked(by), "most": most}).all()
    waiting = [row for row in rows if row.ready]
    return Queue(
        waiting=tuple(map(_queued, waiting)),
        waiting_count=waiting[0].alike if waiting else 0,
        paused=tuple(_queued(row) for row in rows if not row.ready),
        done_count=seats.done_by(session, by),
    )


def _asked(by: str) -> dict[str, object]:
    escaped = by.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return {"by": by, "own_coding": f'%"coder_of_record":"{escaped}"%'}


def _queued(row: "Row[*tuple[Any, ...]]") -> QueuedCase:
    return QueuedCase(
        case_id=row.case_id,
        audit_id=row.audit_id,
        number=row.number,
        blind=bool(row.blind),
        begun=bool(row.begun),
        mine=bool(row.mine),
        documentation_status=row.documentation_status,
    )


def _reviews(
    work: type[AuditCase] | type[FurtherReview], *, of_somebody: bool
) -> "Select[int, int, int, bool, bool, bool, DocumentationStatus]":
    columns = (
        AuditCase.id.label("case_id"),
        AuditCase.audit_id,
        AuditCase.number,
        AuditCase.blind,
        (work.revision > 0).label("begun"),
        literal(of_somebody).label("mine"),
        work.documentation_status,
    )
    return select(*columns).select_from(work).where(work.review_status == ReviewStatus.PENDING)


_BY: "BindParameter[str]" = bindparam("by", type_=String())
_CLAIM = func.lower(type_coerce(AuditCase.claim, Text))
_OWN_CODING = _CLAIM.like(func.lower(bindparam("own_coding", type_=String())), escape="/")
_NUMBER = func.replace(func.replace(func.replace(PersonIdentifier.folded, "/", "//"), "%", "/%"), "_", "/_")
_OWN_NUMBER = exists().where(
    PersonIdentifier.user_name == _BY,
    PersonIdentifier.field == identifiers.CODER,
    _CLAIM.like('%"coder_of_record":"' + _NUMBER + '"%', escape="/"),
)
# Where certificates are asked for, an officer gives cases out.
_FREE = and_(
    AuditCase.assigned_to.is_(None), not_(or_(_OWN_CODING, _OWN_NUMBER)), Audit.plan.has(Plan.credentials == {})
)
_PARTS = (
    _reviews(AuditCase, of_somebody=True).where(AuditCase.assigned_to == _BY),
    _reviews(AuditCase, of_somebody=False).where(_FREE),
    _reviews(FurtherReview, of_somebody=True)
    .join(AuditCase, AuditCase.id == FurtherReview.case_id)
    .where(FurtherReview.assigned_to == _BY, FurtherReview.review_pass == ReviewPass.SECOND),
)
_OPEN_TO_THEM = and_(audits.under_review(), privilege.known_to(_BY))
_PENDING = union_all(
    *(part.join(Audit, Audit.id == AuditCase.audit_id).where(_OPEN_TO_THEM) for part in _PARTS)
).subquery("waiting")
_READY: ColumnElement[bool] = _PENDING.c.documentation_status != DocumentationStatus.REQUESTED
_ORDER = (_PENDING.c.mine.desc(), _PENDING.c.audit_id, _PENDING.c.number)
_OF_AUDIT = _PENDING.c.audit_id == bindparam("audit_id")
_ANOTHER = and_(_READY, _PENDING.c.case_id != bindparam("case_id"))
_MOST: "BindParameter[int]" = bindparam("most")

_FIRST = select(_PENDING.c.case_id).where(_READY).order_by(*_ORDER).limit(1)
_FIRST_OF_AUDIT = _FIRST.where(_OF_AUDIT)
_FIRST_OTHER = select(_PENDING.c.case_id).where(_ANOTHER).order_by(*_ORDER).limit(1)
_ONWARD = (
    select(_PENDING.c.case_id)
    .where(_ANOTHER, _OF_AUDIT, _PENDING.c.number > bindparam("number"))
    .order_by(_PENDING.c.number)
    .limit(1)
)
_PLACED = select(
    _PENDING,
    _READY.label("ready"),
    func.row_number().over(partition_by=_READY, order_by=_ORDER).label("place"),
    func.count().over(partition_by=_READY).label("alike"),
).subquery("placed")
_QUEUE = select(_PLACED).where(_PLACED.c.place <= _MOST).order_by(_PLACED.c.place)
