"""What is due when, and where each audit stands: plans' periods beside the audits that there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.plans import Period, Timing
from auditor.domain.schedules import PlanYear, Slot, SlotState
from auditor.services import audits, plans, privilege, recurrence
from auditor.storage.audits import Audit, SignOff
from auditor.storage.cases import AuditCase
from auditor.storage.plans import Plan
from auditor.storage.practice_days import day_of

_DRAWN_WITHIN = timedelta(days=3)
_SETTLED = (SlotState.SIGNED, SlotState.ABANDONED)


@dataclass(frozen=True, kw_only=True)
class _Work:
    cases: int = 0
    done: int = 0
    tainted: bool = False


def year(session: Session, which: int, *, on: date, reader: str | None = None) -> list[PlanYear]:
    """Every plan that has something in a year, by name; on that day."""
    found = slots(session, date(which, 1, 1), date(which, 12, 31), on=on, reader=reader)
    names = sorted({(slot.plan, slot.plan_id) for slot in found})
    return [
        PlanYear(
            plan_id=plan_id,
            plan=name,
            months=tuple(
                tuple(slot for slot in found if slot.plan_id == plan_id and slot.due_on.month == month)
                for month in range(1, 13)
            ),
        )
        for name, plan_id in names
    ]


def slots(session: Session, first_on: date, last_on: date, *, on: date, reader: str | None = None) -> list[Slot]:
    """What falls due in some days, with the audits there are, by the day on which it falls due.

    A privileged audit is shown to those named on it alone; None reads as the command line does, with all rights.
    """
    work, hidden = _work(session), _hidden(session, reader)
    found: list[Slot] = []
    for plan in plans.all_plans(session):
        made = list(session.scalars(select(Audit).where(Audit.plan_id == plan.id).order_by(Audit.id)))
        shown = [each for each in made if each.id not in hidden]
        found += [_of_audit(session, each, work.get(each.id, _Work()), on=on) for each in shown]
        have = {audits.period(each) for each in made}
        missing = [each for each in _called_for(session, plan, first_on, last_on) if each not in have]
        found += [_without_audit(plan, each, on=on) for each in missing]
    return sorted(
        (slot for slot in found if first_on <= slot.due_on <= last_on), key=lambda slot: (slot.due_on, slot.plan)
    )


def late(session: Session, *, on: date, reader: str | None = None) -> list[Slot]:
    """What is behind, the oldest first."""
    return [slot for slot in all_slots(session, on=on, reader=reader) if slot.late]


def all_slots(session: Session, *, on: date, until: date | None = None, reader: str | None = None) -> list[Slot]:
    """Everything that has fallen due up to a day, or will have `until` a later one."""
    oldest = session.scalar(select(func.min(Audit.last_on)))
    starts = session.scalar(select(func.min(Plan.starts_on)))
    first = min((day for day in (oldest, starts) if day is not None), default=on)
    return slots(session, first, until or on, on=on, reader=reader)


def _hidden(session: Session, reader: str | None) -> set[int]:
    if reader is None:
        return set()
    return set(session.scalars(select(Audit.id).where(~privilege.known_to(reader))))


def _called_for(session: Session, plan: Plan, first_on: date, last_on: date) -> Iterable[Period]:
    if plan.approved_at is None:
        return ()
    until = day_of(session, plan.retired_at) if plan.retired_at else last_on
    return recurrence.periods_due(plan, first_on, min(until, last_on))


def _without_audit(plan: Plan, period: Period, *, on: date) -> Slot:
    due_on = period.due_on
    return Slot(
        plan_id=plan.id,
        plan=plan.name,
        period=period,
        due_on=due_on,
        finish_by=due_on + timedelta(days=plan.finish_days),
        state=SlotState.DUE if due_on <= on else SlotState.COMING,
        late=on > due_on + _DRAWN_WITHIN,
    )


def finish_by(session: Session, audit: Audit) -> date:
    """The day by which an audit should be signed, counted from the day it fell due: a late draw moves it not."""
    return _fell_due(session, audit) + timedelta(days=audit.plan.finish_days)


def _fell_due(session: Session, audit: Audit) -> date:
    """The day after its period; of a plan that does not repeat the day it is opened, if that is later.

    Nothing called for such an audit before somebody asked for it.
    """
    due_on = audits.period(audit).due_on
    return due_on if audit.plan.repeat else max(due_on, day_of(session, audit.opened_at))


def _of_audit(session: Session, audit: Audit, work: _Work, *, on: date) -> Slot:
    plan, state = audit.plan, _state(audit, work, on=on)
    fell_due, by = _fell_due(session, audit), finish_by(session, audit)
    undrawn = state in (SlotState.DUE, SlotState.ARRIVING) and on > fell_due + _DRAWN_WITHIN
    waited = day_of(session, audit.drawn_at) - fell_due if audit.drawn_at else timedelta()
    return Slot(
        plan_id=plan.id,
        plan=plan.name,
        period=audits.period(audit),
        due_on=audits.period(audit).due_on,
        finish_by=by,
        state=state,
        late=state not in _SETTLED and (undrawn or on > by),
        audit_id=audit.id,
        cases=work.cases,
        done=work.done,
        drawn_late=waited.days if waited > _DRAWN_WITHIN else 0,
    )


def _state(audit: Audit, work: _Work, *, on: date) -> SlotState:
    if audit.state is AuditState.ABANDONED:
        return SlotState.ABANDONED
    if audit.state is AuditState.OPEN:
        arriving = audit.plan.timing is Timing.PREBILL and on <= audit.last_on
        return SlotState.ARRIVING if arriving else SlotState.DUE
    if work.tainted:
        return SlotState.TAINTED
    if audit.state is AuditState.SIGNED:
        return SlotState.SIGNED
    if work.cases and work.done == work.cases:
        return SlotState.REVIEWED
    return SlotState.IN_REVIEW if work.done else SlotState.DRAWN


def _work(session: Session) -> dict[int, _Work]:
    """Cases, finished cases, and whether the newest signature is tainted, by audit."""
    done = func.sum(case((AuditCase.review_status == ReviewStatus.DONE, 1), else_=0))
    rows = session.execute(select(AuditCase.audit_id, func.count(), done).group_by(AuditCase.audit_id)).all()
    counts = {audit_id: (every, int(finished)) for audit_id, every, finished in rows}
    newest = select(func.max(SignOff.id)).group_by(SignOff.audit_id)
    tainted = set(
        session.scalars(select(SignOff.audit_id).where(SignOff.id.in_(newest), SignOff.tainted_at.is_not(None)))
    )
    found = {}
    for audit_id in counts.keys() | tainted:
        every, finished = counts.get(audit_id, (0, 0))
        found[audit_id] = _Work(cases=every, done=finished, tainted=audit_id in tainted)
    return found
