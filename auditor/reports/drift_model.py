"""The facts of a drift report, frozen: the stories of its alerts, and what every stream of the monitors said."""

from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.alerts import StreamState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.stories import Story


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """One alert as a drift report tells it: its story, and where it stands."""

    alert_id: int
    story: Story
    state: str
    opened_at: datetime
    owner: str | None
    closed_at: datetime | None = None
    close_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class StreamLine:
    """What one stream of one monitor said in the run."""

    monitor: str
    stream: str
    state: StreamState
    statistic: float | None
    threshold: float | None
    n: int
    since: date | None


@dataclass(frozen=True, kw_only=True)
class DriftReport:
    """What the monitors say of one source (or of all) as of a day, or the story of one alert.

    `first_run_on` is the day of the earliest run on record, where none is on record up to the day asked for.
    """

    practice: str
    time_zone: str
    source: str | None
    weeks_until: date
    as_of: datetime
    checkpoint: Checkpoint
    alerts: tuple[AlertLine, ...]
    streams: tuple[StreamLine, ...] = ()
    first_run_on: date | None = None
