"""Alerts: what people do with them. Opening, updating and ending by themselves is in `alert_folding`."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertState
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import people
from auditor.storage import history
from auditor.storage.monitors import Alert


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


def acknowledge(session: Session, alert_id: int, *, by: str, at: datetime) -> Alert:
    """Say that somebody has seen it; reminders stop."""
    alert = _open(session, alert_id)
    if alert.acknowledged_at is None:
        alert.state, alert.acknowledged_by, alert.acknowledged_at = AlertState.ACKNOWLEDGED, by, at
        _log(session, alert, EventKind.ALERT_ACKNOWLEDGED, by=by, at=at)
    return alert


def assign(session: Session, alert_id: int, *, to: str, by: str, at: datetime) -> Alert:
    """Give it an owner."""
    alert = _open(session, alert_id)
    alert.assigned_to = people.acting(session, to).name
    _log(session, alert, EventKind.ALERT_ASSIGNED, by=by, at=at, to=alert.assigned_to)
    return alert


def silence(session: Session, alert_id: int, *, until: date, by: str, at: datetime) -> Alert:
    """No mails about it up to and with that day; it is still updated, and still ends by itself."""
    if until < at.date():
        raise BadInput(f"{until} is past: name a day from today on")
    alert = _open(session, alert_id)
    alert.silenced_until = until
    _log(session, alert, EventKind.ALERT_SILENCED, by=by, at=at, until=until)
    return alert


def resolve(session: Session, alert_id: int, *, reason: str, by: str, at: datetime) -> Alert:
    """Close it as mended: its weeks enter no baseline, and what drifts on opens a new alert."""
    return _close(session, alert_id, AlertState.RESOLVED, reason=reason)(by, at)


def dismiss(session: Session, alert_id: int, *, reason: str, by: str, at: datetime) -> Alert:
    """Close it as no drift: the baseline begins anew with the first of its weeks."""
    return _close(session, alert_id, AlertState.DISMISSED, reason=reason)(by, at)


def _close(session: Session, alert_id: int, state: AlertState, *, reason: str) -> Callable[[str, datetime], Alert]:
    if not reason.strip():
        raise BadInput("say why: give --reason")

    def close(by: str, at: datetime) -> Alert:
        alert = _open(session, alert_id)
        alert.state, alert.closed_by, alert.closed_at, alert.close_reason = state, by, at, reason.strip()
        kind = EventKind.ALERT_RESOLVED if state is AlertState.RESOLVED else EventKind.ALERT_DISMISSED
        _log(session, alert, kind, by=by, at=at, reason_sha256=sha256_text(reason.strip()))
        return alert

    return close


def _open(session: Session, alert_id: int) -> Alert:
    alert = numbered(session, alert_id)
    if alert.closed_at is not None:
        raise Conflict(f"alert {alert_id} is {alert.state} already")
    return alert


def _log(session: Session, alert: Alert, kind: EventKind, *, by: str, at: datetime, **body: object) -> None:
    alert.updated_at = at
    history.record(session, Event(kind=kind, by=by, body={"alert": alert.id, **body}), at=at)
