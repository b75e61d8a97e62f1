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
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def is_closed(self) -> bool:
        """Whether nobody needs to act on it any more."""
        return self in (AlertState.RESOLVED, AlertState.DISMISSED)


class StreamState(StrEnum):
    """What one stream of one monitor says."""

    QUIET = "quiet"
    ALARM = "alarm"
    INSUFFICIENT = "insufficient"
    NO_DATA = "no_data"
