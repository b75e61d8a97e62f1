"""Makes a move on an alert: checked against its state, kept as a step, logged without the words of its reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertMove
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.errors import Conflict
from auditor.storage import history
from auditor.storage.alert_steps import AlertStep
from auditor.storage.monitors import Alert

_EVENTS = {
    AlertMove.OPENED: EventKind.ALERT_OPENED,
    AlertMove.ACKNOWLEDGED: EventKind.ALERT_ACKNOWLEDGED,
    AlertMove.ASSIGNED: EventKind.ALERT_ASSIGNED,
    AlertMove.SILENCED: EventKind.ALERT_SILENCED,
    AlertMove.INVESTIGATED: EventKind.ALERT_INVESTIGATED,
    AlertMove.CONFIRMED: EventKind.ALERT_CONFIRMED,
    AlertMove.AUDIT_ORDERED: EventKind.ALERT_AUDIT_ORDERED,
    AlertMove.ESCALATED: EventKind.ALERT_ESCALATED,
    AlertMove.RESOLVED: EventKind.ALERT_RESOLVED,
    AlertMove.DISMISSED: EventKind.ALERT_DISMISSED,
    AlertMove.REOPENED: EventKind.ALERT_REOPENED,
}


@dataclass(frozen=True, kw_only=True)
class Move:
    """What is done, why, and what it names: a new owner, the last day of a silence, an audit."""

    kind: AlertMove
    reason: str | None = None
    person: str | None = None
    until: date | None = None
    audit_id: int | None = None


def make(session: Session, alert: Alert, move: Move, *, by: str, at: datetime) -> None:
    """Make the move. Conflict when the alert stands where it cannot be made."""
    if not move.kind.is_allowed(alert.state):
        raise Conflict(f"alert {alert.id} is {alert.state} already")
    alert.state = move.kind.leads_to or alert.state
    alert.updated_at = at
    note(session, alert, move, by=by, at=at)
    body: dict[str, object] = {"alert": alert.id, "story": alert.story, "evidence_sha256": alert.evidence_sha256}
    told = {"to": move.person, "until": move.until, "audit": move.audit_id}
    body |= {name: value for name, value in told.items() if value is not None}
    if move.reason is not None:
        body["reason_sha256"] = sha256_text(move.reason)
    history.record(session, Event(kind=_EVENTS[move.kind], by=by, body=body), at=at)


def note(session: Session, alert: Alert, move: Move, *, by: str, at: datetime) -> None:
    """Keep the move as a step of the alert."""
    step = AlertStep(alert_id=alert.id, move=move.kind, by=by, at=at, reason=move.reason)
    step.person, step.until, step.audit_id = move.person, move.until, move.audit_id
    session.add(step)


def as_new(alert: Alert) -> None:
    """Take back what a closed alert's first life left on it: it waits for somebody again, and may remind again."""
    alert.closed_by = alert.closed_at = alert.close_reason = None
    alert.acknowledged_by = alert.acknowledged_at = None
    alert.reminders, alert.reminded_at, alert.escalated_at = 0, None, None
    alert.openings += 1
