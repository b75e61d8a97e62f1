"""The cases of an audit as its officer sees them: in which state each is, and who has it. Nothing of a claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus
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


def states(session: Session, audit_id: int) -> Mapping[CaseState, int]:
    """How many cases are in each state."""
    state = _state()
    rows = session.execute(select(state, func.count()).where(AuditCase.audit_id == audit_id).group_by(state)).all()
    counts = {CaseState(name): count for name, count in rows}
    return {each: counts.get(each, 0) for each in CaseState}


def listed(session: Session, page: Page) -> list[ListedCase]:
    """One page of the cases, by number."""
    question = (
        select(
            AuditCase.id,
            AuditCase.number,
            _state(),
            AuditCase.blind,
            AuditCase.assigned_to,
            AuditCase.reviewed_by,
            AuditCase.reviewed_at,
        )
        .where(AuditCase.audit_id == page.audit_id)
        .order_by(AuditCase.number)
        .limit(page.size)
        .offset((page.number - 1) * page.size)
    )
    if page.state is not None:
        question = question.where(_state() == page.state.value)
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
        for row in session.execute(question)
    ]


def _state() -> ColumnElement[str]:
    return case(
        (AuditCase.documentation_status == DocumentationStatus.NOT_PRODUCED, CaseState.NOT_PRODUCED.value),
        (AuditCase.review_status == ReviewStatus.DONE, CaseState.DONE.value),
        (AuditCase.documentation_status == DocumentationStatus.REQUESTED, CaseState.REQUESTED.value),
        (AuditCase.revision > 0, CaseState.BEGUN.value),
        else_=CaseState.WAITING.value,
    )
