"""The cases of an audit as its officer sees them: in which state each is, and who has it. Nothing of a claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, String, bindparam, case, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus
from auditor.storage import asking
from auditor.storage.cases import AuditCase


class CaseState(StrEnum):
    """Where a case stands, in the order in which cases usually go."""

    DONE = "done"
    NOT_PRODUCED = "record not produced"
    REQUESTED = "documents requested"
    BEGUN = "begun"
    WAITING = "not begun"


@dataclass(frozen=True, kw_only=True)
class ListedCase:
    """One case."""

    case_id: int
    number: int
    state: CaseState
    blind: bool
    assigned_to: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which cases: all, or those in one state; `number` counts pages from 1."""

    audit_id: int
    state: CaseState | None = None
    number: int = 1
    size: int = 50


_STATE: ColumnElement[str] = case(
    (AuditCase.documentation_status == DocumentationStatus.NOT_PRODUCED, CaseState.NOT_PRODUCED.value),
    (AuditCase.review_status == ReviewStatus.DONE, CaseState.DONE.value),
    (AuditCase.documentation_status == DocumentationStatus.REQUESTED, CaseState.REQUESTED.value),
    (AuditCase.revision > 0, CaseState.BEGUN.value),
    else_=CaseState.WAITING.value,
)
_OF_AUDIT = AuditCase.audit_id == bindparam("audit_id")
_STATES = select(_STATE, func.count()).where(_OF_AUDIT).group_by(_STATE)
_EVERY = (
    select(
        AuditCase.id,
        AuditCase.number,
        _STATE,
        AuditCase.blind,
        AuditCase.assigned_to,
        AuditCase.reviewed_by,
        AuditCase.reviewed_at,
    )
    .where(_OF_AUDIT)
    .order_by(AuditCase.number)
    .limit(bindparam("size"))
    .offset(bindparam("before"))
)
_IN_STATE = _EVERY.where(bindparam("state", type_=String()) == _STATE)


def states(session: Session, audit_id: int) -> Mapping[CaseState, int]:
    """How many cases are in each state."""
    counts = {CaseState(name): count for name, count in asking.rows(session, _STATES, {"audit_id": audit_id})}
    return {each: counts.get(each, 0) for each in CaseState}


def listed(session: Session, page: Page) -> list[ListedCase]:
    """One page of the cases, by number."""
    asked = {"audit_id": page.audit_id, "size": page.size, "before": (page.number - 1) * page.size}
    rows = (
        asking.rows(session, _EVERY, asked)
        if page.state is None
        else asking.rows(session, _IN_STATE, {**asked, "state": page.state.value})
    )
    return [
        ListedCase(
            case_id=row[0],
            number=row[1],
            state=CaseState(row[2]),
            blind=row[3],
            assigned_to=row[4],
            reviewed_by=row[5],
            reviewed_at=row[6],
        )
        for row in rows
    ]
