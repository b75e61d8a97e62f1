"""What a drift mail, an alert page and a drift report tell: one story an alert, in figures that stand for themselves.

A story holds names of our own, codes, counts and rates: nothing of a patient, no claim id. It knows no template.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditor.domain.alerts import AlertKind, AlertState
from auditor.domain.checkpoints import Checkpoint


class Occasion(StrEnum):
    """Why a mail about the story is sent."""

    OPENED = "opened"
    GREW = "grew"
    REMINDER = "reminder"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    TEST = "test"

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be done or acknowledged."""
        return self in (Occasion.RESOLVED, Occasion.TEST)


class Severity(StrEnum):
    """How much it matters, for the subject line."""

    HIGH = "high"
    MEDIUM = "medium"


class Verdict(StrEnum):
    """What checking a possible cause has shown."""

    RULED_OUT = "ruled_out"
    POSSIBLE = "possible"
    LIKELY = "likely"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A rate or mean with its interval; `numerator` of `n` units. With no units `estimate` is None: no data."""

    estimate: float | None
    low: float | None
    high: float | None
    numerator: float
    n: int
    confidence: float = 0.95


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One thing that moved. `unit` says how to read its measures: `share` (of `denominator`), `level` or `count`.

    `what` is a noun phrase (`modifier 25`, `E/M level`, `code J45.909`, `audited error rate`); `direction` is +1
    for up, -1 for down. `human_*` are the same over the same weeks in the human arm, None where there is none.
    """

    monitor: str
    what: str
    unit: str
    denominator: str
    direction: int
    baseline: Measure
    now: Measure
    ratio: float | None
    p_value: float | None
    since: date
    human_baseline: Measure | None = None
    human_now: Measure | None = None
    excess_a_week: float | None = None
    cost_cents_a_week: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChartPoint:
    """One week, named by its Monday; an estimate of None means that there was nothing to measure."""

    week_on: date
    estimate: float | None
    n: int


@dataclass(frozen=True, kw_only=True)
class ChartSeries:
    """One line of the chart: the drifting arm first, the human arm, if any, second."""

    name: str
    arm: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, kw_only=True)
class ChartEvent:
    """A vertical line: a model version's first week, a code-set edition, the week in which the drift began."""

    on: date
    label: str


@dataclass(frozen=True, kw_only=True)
class StoryChart:
    """The chart of the leading signal by week; `title` says the finding, `centre` is the baseline."""

    title: str
    unit: str
    centre: float | None
    series: tuple[ChartSeries, ...]
    events: tuple[ChartEvent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One possible cause that was looked at: what was checked, the figure found, and what it shows."""

    checked: str
    figure: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything about one alert that does not depend on who reads it, or when.

    `headline` is the mail's subject without severity; `sentence` the alert in plain words. `since` is when the
    strand began to drift; each signal has its own date. Signals are sorted, the leading one first;
    `signals_left_out` counts what moved beside those kept. `cost_cents_a_week` is None when nothing could be
    priced, and `cost_note` says how it was priced or why it was not. Operational stories have no arm or version,
    and no signals but those of a feed; `items` name each thing that such a story is about, where it gathers several.
    """

    kind: AlertKind
    headline: str
    sentence: str
    severity: Severity
    source: str
    weeks_until: date
    since: date
    arm: str | None = None
    model_version: str | None = None
    predecessor: str | None = None
    signals: tuple[Signal, ...] = ()
    signals_left_out: int = 0
    chart: StoryChart | None = None
    causes: tuple[Cause, ...] = ()
    cost_cents_a_week: int | None = None
    cost_note: str = "not priced"
    claims_a_week: float | None = None
    next_step: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Precedent:
    """An earlier alert that shares signals, and how a person closed it. Reasons stay out of mails."""

    alert_id: int
    state: AlertState
    closed_by: str
    closed_at: datetime
    shared: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StoryMail:
    """A story as one person is to read it: the user `recipient`, nobody for a channel. `alert_url` opens the alert;
    `others` are the names of who else got it.

    `joined` names what moved first since the alert opened, for the one mail about a story that grew. `precedents` are
    earlier alerts like it; `acknowledge_url` is the reader's own signed link, None for channels.
    """

    occasion: Occasion
    story: Story
    alert_id: int
    opened_at: datetime
    recipient: str
    recipient_name: str
    reason: str
    others: tuple[str, ...]
    owner: str | None
    practice: str
    alert_url: str
    time_zone: str
    checkpoint: Checkpoint
    joined: tuple[str, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    acknowledge_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class RenderedMail:
    """A mail ready to be sent: the HTML shows the chart as `cid:chart`, its PNG is `chart_png`.

    `calendar` is an iCalendar file to go along.
    """

    subject: str
    text: str
    html: str
    chart_png: bytes | None
    calendar: bytes | None = None
