"""Makers of drift stories: one with everything in it, one about the machinery, and the mails that tell them."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from auditor.domain.alerts import AlertKind, StreamState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.stories import (
    Cause,
    ChartEvent,
    ChartPoint,
    ChartSeries,
    Measure,
    Occasion,
    Severity,
    Signal,
    Story,
    StoryChart,
    StoryMail,
    Verdict,
)
from auditor.reports.drift_model import AlertLine, DriftReport, StreamLine

OPENED = datetime(2026, 11, 2, 11, 30, tzinfo=UTC)
SINCE = date(2026, 10, 12)


def level_signal(**changes: object) -> Signal:
    """The E/M level of AI output, up from 3.41 to 3.62 while people stay."""
    usual = Signal(
        monitor="em_level",
        what="E/M level",
        unit="level",
        denominator="visits",
        direction=1,
        baseline=Measure(estimate=3.41, low=3.39, high=3.43, numerator=41032, n=12033),
        now=Measure(estimate=3.62, low=3.56, high=3.68, numerator=3041, n=840),
        ratio=1.06,
        p_value=0.000002,
        since=SINCE,
        human_baseline=Measure(estimate=3.4, low=None, high=None, numerator=20128, n=5920),
        human_now=Measure(estimate=3.39, low=None, high=None, numerator=1295, n=382),
        excess_a_week=59.0,
        cost_cents_a_week=412_000,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def modifier_signal() -> Signal:
    """Modifier 25, doubled."""
    return level_signal(
        monitor="modifier_rates",
        what="modifier 25",
        unit="share",
        denominator="claims",
        baseline=Measure(estimate=0.112, low=0.107, high=0.117, numerator=1348, n=12033),
        now=Measure(estimate=0.213, low=0.186, high=0.243, numerator=179, n=840),
        human_baseline=Measure(estimate=0.11, low=None, high=None, numerator=651, n=5920),
        human_now=Measure(estimate=0.108, low=None, high=None, numerator=41, n=382),
        cost_cents_a_week=98_000,
    )


def weeks(start: float, end: float, *, n: int) -> tuple[ChartPoint, ...]:
    """Twenty-six weeks that wobble a little, and move from `start` to `end` from the drift's first week on."""
    first = date(2026, 5, 4)
    points = []
    for week in range(26):
        on = first + timedelta(weeks=week)
        begun = max(0, (on - SINCE).days + 7) / 28
        moved = start + (end - start) * min(begun, 1)
        points.append(ChartPoint(week_on=on, estimate=moved + 0.02 * math.sin(week * 2.4), n=n + (week * 37) % 41))
    return tuple(points)


def story(**changes: object) -> Story:
    """A drift of a new model version, with two signals, causes and a chart with people's coding."""
    usual = Story(
        kind=AlertKind.DRIFT,
        headline="AI drift: E/M level up in CARD since 12 Oct (3.1)",
        sentence=(
            "In AI output 3.1 of warehouse, E/M level went from 3.41 to 3.62 (95 % interval 3.56 to 3.68, n 840"
            " visits) since the week of 12 Oct 2026; people: 3.40 to 3.39."
        ),
        severity=Severity.HIGH,
        source="warehouse",
        weeks_until=date(2026, 11, 1),
        since=SINCE,
        arm="ai",
        model_version="3.1",
        predecessor="3.0",
        signals=(level_signal(), modifier_signal()),
        chart=StoryChart(
            title="E/M level by week",
            unit="level",
            centre=3.41,
            series=(
                ChartSeries(name="AI 3.1", arm="ai", points=weeks(3.41, 3.62, n=440)),
                ChartSeries(name="people", arm="human", points=weeks(3.4, 3.4, n=210)),
            ),
            events=(
                ChartEvent(on=date(2026, 10, 1), label="code sets"),
                ChartEvent(on=date(2026, 10, 5), label="version 3.1"),
                ChartEvent(on=SINCE, label="drift began"),
            ),
        ),
        causes=(
            Cause(checked="people's coding, same weeks", figure="3.40 to 3.39 (n 382)", verdict=Verdict.RULED_OUT),
            Cause(
                checked="model version", figure="3.1 replaced 3.0 in the week of 5 Oct 2026", verdict=Verdict.LIKELY
            ),
            Cause(checked="code-set edition", figure="edition of 1 Oct 2026", verdict=Verdict.POSSIBLE),
            Cause(checked="payer mix", figure="largest change +1.2% of claims (Medicare)", verdict=Verdict.RULED_OUT),
            Cause(checked="auditor strictness", figure="no audits in these weeks", verdict=Verdict.NOT_CHECKED),
        ),
        cost_cents_a_week=510_000,
        cost_note="excess lines a week at their mean price",
        claims_a_week=441.0,
        next_step="audit a targeted sample of visits coded since then",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def operational_story() -> Story:
    """A stream that starves: no signals, no chart, no causes."""
    return Story(
        kind=AlertKind.OPERATIONAL,
        headline="Run missed: monitors have not run since 19 Oct 2026",
        sentence="The monitors were due on 26 Oct 2026 and have not run: nobody is watching the AI output.",
        severity=Severity.HIGH,
        source="warehouse",
        weeks_until=date(2026, 10, 25),
        since=date(2026, 10, 26),
        next_step="see why `auditor run-due` did not run",
    )


def mail(**changes: object) -> StoryMail:
    """The first mail about the story, to a manager."""
    usual = StoryMail(
        occasion=Occasion.OPENED,
        story=story(),
        alert_id=7,
        opened_at=OPENED,
        recipient="mary",
        recipient_name="Dana Whitfield",
        reason="you are manager at Harbor Street Physicians",
        others=("Maya Osei", "Jon Park"),
        owner=None,
        practice="Harbor Street Physicians",
        alert_url="https://auditor.example.org/alerts/7",
        time_zone="America/New_York",
        checkpoint=Checkpoint(number=4812, sha256="9f2e6d33a3717ee826353a404ba4618d1aeeb6879ad7936bce8ed5f46814924d"),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def alert_line(**changes: object) -> AlertLine:
    """The alert of the story, open and not owned."""
    usual = AlertLine(alert_id=7, story=story(), state="open", opened_at=OPENED, owner=None)
    return replace(usual, **changes)  # type: ignore[arg-type]


def drift_report(**changes: object) -> DriftReport:
    """A run with one open alert, and streams in each of their states."""
    states = (
        ("em_level", "warehouse/ai/3.1", StreamState.ALARM, 5.1, 840, SINCE),
        ("audited_errors", "warehouse/ai/3.1", StreamState.QUIET, 1.3, 60, None),
        ("audited_errors", "warehouse/ai/3.0", StreamState.INSUFFICIENT, None, 4, None),
        ("code_rates", "warehouse/ai/2.9", StreamState.NO_DATA, None, 0, None),
    )
    usual = DriftReport(
        practice="Harbor Street Physicians",
        time_zone="America/New_York",
        source="warehouse",
        weeks_until=date(2026, 11, 1),
        as_of=OPENED,
        checkpoint=Checkpoint(number=4812, sha256="9f" * 32),
        alerts=(alert_line(),),
        streams=tuple(
            StreamLine(monitor=monitor, stream=name, state=state, statistic=at, threshold=3.9, n=n, since=since)
            for monitor, name, state, at, n, since in states
        ),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]
