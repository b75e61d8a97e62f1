"""What is wrong with the year of audits: late ones, cases that nobody may review, cases of people who have left."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewPass, ReviewStatus
from auditor.domain.schedules import Slot
from auditor.services import bill_holds, schedule
from auditor.services.troubles import Trouble
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import User
from auditor.storage.review_work import FurtherReview

_SHOWN = 5
_PENDING = (Audit.state == AuditState.DRAWN, AuditCase.review_status == ReviewStatus.PENDING)
_DISABLED = select(User.name).where(User.disabled_at.is_not(None))
_OF_LEFT = union_all(
    select(AuditCase.assigned_to.label("owner"), AuditCase.audit_id)
    .join(Audit, Audit.id == AuditCase.audit_id)
    .where(*_PENDING, AuditCase.assigned_to.in_(_DISABLED)),
    select(FurtherReview.assigned_to, AuditCase.audit_id)
    .join(FurtherReview.case)
    .join(Audit, Audit.id == AuditCase.audit_id)
    .where(Audit.state == AuditState.DRAWN, FurtherReview.review_status == ReviewStatus.PENDING)
    .where(FurtherReview.review_pass == ReviewPass.SECOND, FurtherReview.assigned_to.in_(_DISABLED)),
).subquery("left")
_LEFT = (
    select(_OF_LEFT.c.owner, _OF_LEFT.c.audit_id, func.count())
    .group_by(_OF_LEFT.c.owner, _OF_LEFT.c.audit_id)
    .order_by(_OF_LEFT.c.owner, _OF_LEFT.c.audit_id)
)


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
            items=tuple(f"audit {audit_id}" for audit_id in unassigned),
        )
    for audit_id, count in bill_holds.late(session, on=on).items():
        yield Trouble(
            key=f"held:{audit_id}",
            headline=f"Bills of audit {audit_id} wait too long",
            sentence=f"{count:,} bills are held past their day.",
            since=on,
            next_step=f"auditor audit release {audit_id}",
        )
    gone = waiting_for_absent(session)
    if gone:
        yield _left(gone, on=on)


def waiting_for_absent(session: Session, name: str | None = None) -> dict[str, dict[int, int]]:
    """How many reviews, first and second ones, wait for people who are disabled, by person and audit."""
    found: dict[str, dict[int, int]] = {}
    for owner, audit_id, count in session.execute(_LEFT):
        if name in (None, owner):
            found.setdefault(owner, {})[audit_id] = count
    return found


def _left(gone: Mapping[str, Mapping[int, int]], *, on: date) -> Trouble:
    left: Counter[int] = Counter()
    for of_person in gone.values():
        left.update(of_person)
    waiting = dict(sorted(left.items()))
    return Trouble(
        key="left",
        headline=f"Cases of {_audits(waiting)} belong to {'somebody' if len(gone) == 1 else 'people'} who left",
        sentence=f"{_counted(waiting)} wait for {', '.join(gone)}, disabled since.",
        since=on,
        next_step=reassign_command(gone),
        items=tuple(f"{name}, audit {audit_id}" for name, audits in gone.items() for audit_id in audits),
    )


def reassign_command(gone: Mapping[str, Mapping[int, int]]) -> str:
    """What gives these reviews to others, beginning with the first."""
    who, waiting = next(iter(gone.items()))
    others = len({audit_id for of_person in gone.values() for audit_id in of_person}) > 1 or len(gone) > 1
    return (
        f"auditor audit reassign {next(iter(waiting))} --from {who}{', and likewise of the others' if others else ''}"
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
        items=tuple(f"{each.plan}, {each.period}" for each in late),
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
