"""Alerts that nobody acknowledges: reminders to their readers, then escalation to officers and administrators.

Days that passed without a run are not caught up: who is told now is next told after the whole interval.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertMove, AlertState
from auditor.domain.stories import Occasion
from auditor.services import alert_moves, notices
from auditor.services.alert_folding import MACHINE, Folding
from auditor.services.alert_moves import Move
from auditor.storage.alert_steps import AlertStep
from auditor.storage.monitors import Alert

_REMIND_EVERY = timedelta(days=3)
_MOST_REMINDERS = 3


def remind(folding: Folding, *, on: date) -> int:
    """Queue reminders of alerts that nobody has acknowledged, three days after the last mail and three times at most.

    An escalation tells the same readers, and is such a mail: call this after `escalate`.
    """
    reminded = 0
    for alert in _waiting(folding.session, on=on):
        if alert.reminders < _MOST_REMINDERS and folding.at >= _told_at(folding.session, alert) + _REMIND_EVERY:
            alert.reminders, alert.reminded_at = alert.reminders + 1, folding.at
            notices.queue(folding.session, alert, Occasion.REMINDER, letterhead=folding.letterhead, at=folding.at)
            reminded += 1
    return reminded


def escalate(folding: Folding, *, on: date, after: timedelta) -> int:
    """Tell officers and administrators, whatever they chose, of alerts that nobody acknowledged for so long; once."""
    escalated = 0
    for alert in _waiting(folding.session, on=on):
        if alert.escalated_at is None and folding.at >= _waits_since(folding.session, alert) + after:
            alert.escalated_at = folding.at
            alert_moves.make(folding.session, alert, Move(kind=AlertMove.ESCALATED), by=MACHINE, at=folding.at)
            notices.queue(folding.session, alert, Occasion.ESCALATED, letterhead=folding.letterhead, at=folding.at)
            escalated += 1
    return escalated


def _waiting(session: Session, *, on: date) -> list[Alert]:
    question = select(Alert).where(Alert.state == AlertState.OPEN).order_by(Alert.id)
    return [each for each in session.scalars(question) if each.silenced_until is None or each.silenced_until < on]


def _told_at(session: Session, alert: Alert) -> datetime:
    """When its readers last got a mail of it that asks for somebody."""
    return max(filter(None, (_waits_since(session, alert), alert.reminded_at, alert.escalated_at)))


def _waits_since(session: Session, alert: Alert) -> datetime:
    """When it was opened, or last reopened."""
    reopened = AlertStep.move == AlertMove.REOPENED
    newest = session.scalar(select(func.max(AlertStep.at)).where(AlertStep.alert_id == alert.id, reopened))
    return newest or alert.opened_at
