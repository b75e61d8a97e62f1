"""What is late or about to be: clocks of overpayments, actions past their day, rebuttals that nobody answers."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from auditor.domain.corrective_actions import ActionState
from auditor.domain.rebuttals import ANSWER_WITHIN
from auditor.domain.repayment_clock import ClockState, RepaymentClock
from auditor.services import log_checks
from auditor.services.follow_through import actions, overpayments, rebuttals
from auditor.services.log_checks import LogCheck
from auditor.services.troubles import Trouble
from auditor.storage.follow_through import CorrectiveAction, Overpayment, Rebuttal
from auditor.storage.practice_days import day_of


def troubles(session: Session, *, on: date) -> Iterator[Trouble]:
    """Everything of that kind on a day."""
    check = log_checks.newest(session)
    if check is not None and not check.intact:
        yield _log(session, check)
    for row in overpayments.every(session, open_on=on):
        clock = overpayments.clock(row)
        if clock.warns(on):
            yield _clock(row, clock, on)
    late = overdue_actions(session, on=on)
    if late:
        yield _actions(late)
    waiting = overdue_rebuttals(session, on=on)
    if waiting:
        yield _rebuttals(session, waiting)


def overdue_actions(session: Session, *, on: date) -> list[CorrectiveAction]:
    """Actions that should be done by now."""
    open_ones = actions.every(session, only_open=True)
    return [each for each in open_ones if each.state is ActionState.OPEN and each.due_on < on]


def overdue_rebuttals(session: Session, *, on: date) -> list[Rebuttal]:
    """Rebuttals that have waited too long for an answer."""
    waiting = rebuttals.every(session, only_waiting=True)
    return [each for each in waiting if on - day_of(session, each.entries[-1].at) > ANSWER_WITHIN]


def _clock(row: Overpayment, clock: RepaymentClock, on: date) -> Trouble:
    days, until = clock.days_left(on), clock.suspended_until
    if clock.state(on) is ClockState.LAPSED:
        sentence = f"It should have been reported and returned by {clock.due_on}, {-days} days ago."
        headline = f"Overpayment {row.id} is past its last day"
    elif clock.state(on) is ClockState.SUSPENDED:
        sentence = f"Its suspension ends on {until} at the latest: quantify it until then."
        headline = f"Overpayment {row.id} is not quantified yet"
    else:
        sentence = f"It must be reported and returned by {clock.due_on}: {days} days are left."
        headline = f"Overpayment {row.id} must be returned"
    step = f"auditor overpayment {'refund' if row.quantified_on else 'quantify'} {row.id}"
    return Trouble(
        key=f"overpayment:{row.id}", headline=headline, sentence=sentence, since=row.identified_on, next_step=step
    )


def _log(session: Session, check: LogCheck) -> Trouble:
    return Trouble(
        key="log",
        headline="The event log is not as it was written",
        sentence="Its last check found entries that were changed, deleted, inserted or moved.",
        since=day_of(session, check.at),
        next_step="auditor log verify",
    )


def _actions(late: list[CorrectiveAction]) -> Trouble:
    numbers = ", ".join(str(each.id) for each in late)
    return Trouble(
        key="actions",
        headline="Corrective actions are overdue",
        sentence=f"Not done on their day: {numbers}.",
        since=min(each.due_on for each in late) + timedelta(days=1),
        next_step="auditor action list --open",
        items=tuple(f"action {each.id}" for each in late),
    )


def _rebuttals(session: Session, waiting: list[Rebuttal]) -> Trouble:
    numbers = ", ".join(str(each.id) for each in waiting)
    return Trouble(
        key="rebuttals",
        headline="Rebuttals wait for an answer",
        sentence=f"Unanswered for more than {ANSWER_WITHIN // timedelta(days=1)} days: {numbers}.",
        since=day_of(session, min(each.argued_at for each in waiting)),
        next_step="auditor rebuttal list --waiting",
        items=tuple(f"rebuttal {each.id}" for each in waiting),
    )
