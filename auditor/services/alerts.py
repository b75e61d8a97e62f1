"""Alerts: what people do with them. Opening, updating and ending by themselves is in `alert_folding`."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertMove, AlertState
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import people
from auditor.services.alert_moves import Move, as_new, make
from auditor.storage.alert_steps import AlertStep
from auditor.storage.monitors import Alert, MonitorRun
from auditor.storage.practice_days import day_of


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why somebody decides so, and the audit that it rests on, if any."""

    reason: str
    audit_id: int | None = None

    def move(self, kind: AlertMove) -> Move:
        """The move that rests on it; BadInput when the reason says nothing."""
        if not self.reason.strip():
            raise BadInput("say why: give a reason")
        return Move(kind=kind, reason=self.reason.strip(), audit_id=self.audit_id)


def every(session: Session, *, only_open: bool = False) -> list[Alert]:
    """Alerts, the newest first."""
    question = select(Alert).order_by(Alert.id.desc())
    return list(session.scalars(question.where(Alert.closed_at.is_(None)) if only_open else question))


def numbered(session: Session, alert_id: int) -> Alert:
    """The alert of that number."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise NotFound(f"there is no alert {alert_id}: see `auditor alert list`")
    return alert


def steps(session: Session, alert_id: int) -> list[AlertStep]:
    """What was done to an alert, the first step first."""
    question = select(AlertStep).where(AlertStep.alert_id == alert_id).order_by(AlertStep.id)
    return list(session.scalars(question))


def gone_since(session: Session, alert: Alert) -> date | None:
    """The day of the newest run when an open alert's drift was not among what it saw; None while it is, or closed.

    It is quiet now, or what it rested on was corrected: late claims, or findings that were overturned.
    """
    newest = session.scalar(select(func.max(MonitorRun.as_of)))
    is_gone = alert.kind is AlertKind.DRIFT and alert.closed_at is None and newest and newest > alert.last_seen_on
    return newest if is_gone else None


def acknowledge(session: Session, alert_id: int, *, by: str, at: datetime) -> Alert:
    """Say that somebody has seen it; reminders stop. Saying so again changes nothing."""
    alert = _still_open(session, alert_id)
    if alert.state is AlertState.OPEN:
        alert.acknowledged_by, alert.acknowledged_at = by, at
        make(session, alert, Move(kind=AlertMove.ACKNOWLEDGED), by=by, at=at)
    return alert


def assign(session: Session, alert_id: int, *, to: str, by: str, at: datetime) -> Alert:
    """Give it an owner."""
    alert = _still_open(session, alert_id)
    alert.assigned_to = people.acting(session, to).name
    make(session, alert, Move(kind=AlertMove.ASSIGNED, person=alert.assigned_to), by=by, at=at)
    return alert


def silence(session: Session, alert_id: int, *, until: date, by: str, at: datetime) -> Alert:
    """No mails about it up to and with that day; it is still updated, and still ends by itself."""
    if until < day_of(session, at):
        raise BadInput(f"{until} is past: name a day from today on")
    alert = _still_open(session, alert_id)
    alert.silenced_until = until
    make(session, alert, Move(kind=AlertMove.SILENCED, until=until), by=by, at=at)
    return alert


def investigate(session: Session, alert_id: int, *, by: str, at: datetime) -> Alert:
    """Say that its cause is being looked for; who does so owns it, unless somebody does already."""
    alert = _still_open(session, alert_id)
    _seen(alert, by=by, at=at)
    alert.assigned_to = alert.assigned_to or by
    make(session, alert, Move(kind=AlertMove.INVESTIGATED), by=by, at=at)
    return alert


def confirm(session: Session, alert_id: int, *, grounds: Grounds, by: str, at: datetime) -> Alert:
    """Say that AI output really drifts; the alert stays open until it is mended."""
    alert = _still_open(session, alert_id)
    _seen(alert, by=by, at=at)
    make(session, alert, grounds.move(AlertMove.CONFIRMED), by=by, at=at)
    return alert


def resolve(session: Session, alert_id: int, *, grounds: Grounds, by: str, at: datetime) -> Alert:
    """Close it as mended: its weeks enter no baseline, and what drifts on opens a new alert."""
    return _close(session, alert_id, grounds.move(AlertMove.RESOLVED), by=by, at=at)


def dismiss(session: Session, alert_id: int, *, grounds: Grounds, by: str, at: datetime) -> Alert:
    """Close it as no drift: the baseline begins anew with the first of its weeks."""
    return _close(session, alert_id, grounds.move(AlertMove.DISMISSED), by=by, at=at)


def reopen(session: Session, alert_id: int, *, grounds: Grounds, by: str, at: datetime) -> Alert:
    """Take a closing back: what it meant for the baseline no longer holds. The closing stays among its steps."""
    move, alert = grounds.move(AlertMove.REOPENED), numbered(session, alert_id)
    other = session.scalar(select(Alert.id).where(Alert.story == alert.story, Alert.closed_at.is_(None)))
    if other is not None and other != alert.id:
        raise Conflict(f"alert {other} tells the same story and is open: go on there")
    make(session, alert, move, by=by, at=at)
    as_new(alert)
    return alert


def _close(session: Session, alert_id: int, move: Move, *, by: str, at: datetime) -> Alert:
    alert = _still_open(session, alert_id)
    make(session, alert, move, by=by, at=at)
    alert.closed_by, alert.closed_at, alert.close_reason = by, at, move.reason
    return alert


def _seen(alert: Alert, *, by: str, at: datetime) -> None:
    if alert.acknowledged_at is None:
        alert.acknowledged_by, alert.acknowledged_at = by, at


def _still_open(session: Session, alert_id: int) -> Alert:
    alert = numbered(session, alert_id)
    if alert.closed_at is not None:
        raise Conflict(f"alert {alert_id} is {alert.state} already: reopen it to go on")
    return alert
