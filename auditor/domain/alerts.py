"""An alert's life: which states it has, and which moves between them are allowed."""

from enum import StrEnum


class AlertKind(StrEnum):
    """Drift of what is audited, or trouble of the audit machinery itself."""

    DRIFT = "drift"
    OPERATIONAL = "operational"


class AlertState(StrEnum):
    """Where an alert stands. Resolved and dismissed ones are closed; a new story opens a new alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    CONFIRMED = "confirmed"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def is_closed(self) -> bool:
        """Whether nobody needs to act on it any more."""
        return self in (AlertState.RESOLVED, AlertState.DISMISSED)


class AlertMove(StrEnum):
    """What is done to an alert, by a person or by the monitors."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    SILENCED = "silenced"
    INVESTIGATED = "investigation begun"
    CONFIRMED = "confirmed"
    AUDIT_ORDERED = "audit ordered"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    REOPENED = "reopened"

    @property
    def leads_to(self) -> AlertState | None:
        """The state after it; None when it changes none."""
        return _LEADS_TO.get(self)

    def is_allowed(self, state: AlertState) -> bool:
        """Whether it can be done to an alert in that state.

        >>> AlertMove.REOPENED.is_allowed(AlertState.DISMISSED), AlertMove.CONFIRMED.is_allowed(AlertState.DISMISSED)
        (True, False)
        """
        return state.is_closed is (self is AlertMove.REOPENED) and state not in _TOO_LATE.get(self, ())


_LEADS_TO = {
    AlertMove.OPENED: AlertState.OPEN,
    AlertMove.ACKNOWLEDGED: AlertState.ACKNOWLEDGED,
    AlertMove.INVESTIGATED: AlertState.INVESTIGATING,
    AlertMove.CONFIRMED: AlertState.CONFIRMED,
    AlertMove.RESOLVED: AlertState.RESOLVED,
    AlertMove.DISMISSED: AlertState.DISMISSED,
    AlertMove.REOPENED: AlertState.OPEN,
}
_TOO_LATE = {
    AlertMove.ACKNOWLEDGED: (AlertState.ACKNOWLEDGED, AlertState.INVESTIGATING, AlertState.CONFIRMED),
    AlertMove.INVESTIGATED: (AlertState.INVESTIGATING, AlertState.CONFIRMED),
    AlertMove.CONFIRMED: (AlertState.CONFIRMED,),
}


class StreamState(StrEnum):
    """What one stream of one monitor says."""

    QUIET = "quiet"
    ALARM = "alarm"
    INSUFFICIENT = "insufficient"
    NO_DATA = "no_data"
