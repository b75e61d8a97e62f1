"""What is wrong with the year of audits: late ones, cases that nobody may review, cases of people who have left."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.schedules import Slot
from auditor.services import bill_holds, schedule
from auditor.services.follow_through.troubles import Trouble
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import User

_SHOWN = 5
_PENDING = (Audit.state == AuditState.DRAWN, AuditCase.review_status == ReviewStatus.PENDING)


def troubles(session: Session, *, on: date) -> Iterator[Trouble]:
    """Everything of that kind on a day."""
    late = schedule.late(session, on=on)
    if late:
        yield _late(late)
    unassigned = _waiting(session, AuditCase.assigned_to.is_(None))
    if unassigned:
        yield Trouble(
            key="unassigned",
            headline=f"Cases of {_audits(unassigned)} have no auditor",
            sentence=f"{_counted(unassigned)} wait, and none of the plan's auditors is there and may review them.",
            since=on,
            next_step=f"auditor audit reassign {next(iter(unassigned))} --to USER{_each(unassigned)}",
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
    left = _waiting(session, gone)
    if left:
        who = session.scalars(_owners(gone)).all()
        yield Trouble(
            key="left",
            headline=f"Cases of {_audits(left)} belong to {'somebody' if len(who) == 1 else 'people'} who left",
            sentence=f"{_counted(left)} wait for {', '.join(map(str, who))}, disabled since.",
            since=on,
            next_step=f"auditor audit reassign {next(iter(left))} --from {who[0]}{_each(left)}",
        )


def _audits(waiting: Mapping[int, int]) -> str:
    """`audit 3`, or how many there are."""
    return f"audit {next(iter(waiting))}" if len(waiting) == 1 else f"{len(waiting)} audits"


def _counted(waiting: Mapping[int, int]) -> str:
    """How many cases of which audit."""
    named = [f"{count:,} of audit {audit_id}" for audit_id, count in list(waiting.items())[:_SHOWN]]
    more = f" and of {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
    return f"{sum(waiting.values()):,} cases ({', '.join(named)}{more})"


def _each(waiting: Mapping[int, int]) -> str:
    return "" if len(waiting) == 1 else ", and likewise of each other audit"


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


def _waiting(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """How many pending cases of drawn audits meet a condition, by audit."""
    question = (
        select(AuditCase.audit_id, func.count())
        .join(Audit, Audit.id == AuditCase.audit_id)
        .where(*_PENDING, condition)
        .group_by(AuditCase.audit_id)
        .order_by(AuditCase.audit_id)
    )
    return {row[0]: row[1] for row in session.execute(question)}


def _owners(condition: ColumnElement[bool]) -> Select[str | None]:
    """Whose those cases are."""
    question = select(AuditCase.assigned_to).join(Audit, Audit.id == AuditCase.audit_id)
    return question.where(*_PENDING, condition).distinct().order_by(AuditCase.assigned_to)
