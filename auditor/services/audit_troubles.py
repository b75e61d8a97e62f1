"""What is wrong with the year of audits: late ones, cases that nobody may review, cases of people who have left."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.schedules import Slot
from auditor.services import bill_holds, schedule
from auditor.services.follow_through.troubles import Trouble
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import User

_SHOWN = 5


def troubles(session: Session, *, on: date) -> Iterator[Trouble]:
    """Everything of that kind on a day."""
    late = schedule.late(session, on=on)
    if late:
        yield _late(late)
    for audit_id, count in _waiting(session, AuditCase.assigned_to.is_(None)):
        yield Trouble(
            key=f"unassigned:{audit_id}",
            headline=f"Cases of audit {audit_id} have no auditor",
            sentence=f"{count:,} cases wait, and none of the plan's auditors is there and may review them.",
            since=on,
            next_step=f"auditor audit reassign {audit_id} --to USER",
        )
    for audit_id, count in bill_holds.late(session, on=on).items():
        yield Trouble(
            key=f"held:{audit_id}",
            headline=f"Bills of audit {audit_id} wait too long",
            sentence=f"{count:,} bills are held past their day.",
            since=on,
            next_step=f"auditor audit release {audit_id}",
        )
    gone = AuditCase.assigned_to.in_(select(User.name).where(User.disabled_at.is_not(None)))
    for audit_id, count in _waiting(session, gone):
        yield Trouble(
            key=f"left:{audit_id}",
            headline=f"Cases of audit {audit_id} belong to somebody who has left",
            sentence=f"{count:,} cases wait for people who are disabled.",
            since=on,
            next_step=f"auditor audit reassign {audit_id} --from USER",
        )


def _late(late: list[Slot]) -> Trouble:
    shown = "; ".join(f"{each.plan}, {each.period}: {each.state}" for each in late[:_SHOWN])
    more = f"; and {len(late) - _SHOWN} more" if len(late) > _SHOWN else ""
    return Trouble(
        key="late",
        headline=f"{len(late)} audit{'s are' if len(late) > 1 else ' is'} late",
        sentence=f"Not drawn or not signed in time: {shown}{more}.",
        since=min(each.due_on for each in late),
        next_step="auditor plan calendar",
    )


def _waiting(session: Session, condition: ColumnElement[bool]) -> list[tuple[int, int]]:
    question = (
        select(AuditCase.audit_id, func.count())
        .join(Audit, Audit.id == AuditCase.audit_id)
        .where(Audit.state == AuditState.DRAWN, AuditCase.review_status == ReviewStatus.PENDING, condition)
        .group_by(AuditCase.audit_id)
        .order_by(AuditCase.audit_id)
    )
    return [(audit_id, count) for audit_id, count in session.execute(question)]
