"""What the weekly mail tells one person: alerts that wait, what ended, what monitors said. Knows no claim."""

from dataclasses import dataclass
from datetime import date

from auditor.domain.alerts import AlertState
from auditor.domain.checkpoints import Checkpoint


@dataclass(frozen=True, kw_only=True)
class DigestLine:
    """One alert. `since` is when the change began, `owner` who has it in hand."""

    alert_id: int
    headline: str
    state: AlertState
    severity: str
    since: date
    owner: str | None
    url: str


@dataclass(frozen=True, kw_only=True)
class DigestMail:
    """The week from `first_on` to `last_on`. `waiting` are open alerts, `closed` those that ended in the week.

    Of the `opened_this_year` drift alerts since 1 January people dismissed `dismissed_this_year` as no drift, and
    `bearable` is how many false ones a year the monitors are set for. Of the `streams` of the newest run `alarms` are
    in alarm and `silent` have too little data to say.
    """

    first_on: date
    last_on: date
    recipient_name: str
    practice: str
    time_zone: str
    waiting: tuple[DigestLine, ...]
    closed: tuple[DigestLine, ...]
    opened_this_year: int
    dismissed_this_year: int
    bearable: float
    streams: int
    alarms: int
    silent: int
    url: str
    checkpoint: Checkpoint
