"""The chart of a story: the drifting arm by week, the human arm under it on the same scale, events through both."""

from auditor.domain.stories import ChartSeries, Story, StoryChart
from auditor.reports import figures, measures
from auditor.reports.charts.model import Arm, ChartEvent, TrendChart, TrendPanel, TrendPoint
from auditor.reports.words import say

_ARMS = {"ai": Arm.AI, "ai_assisted": Arm.AI, "human": Arm.HUMAN}


def chart(story: Story, drawn: StoryChart) -> TrendChart:
    """The story's chart, ready to be drawn."""
    lead = story.signals[0] if story.signals else None
    centres = (drawn.centre, lead.human_baseline.estimate if lead and lead.human_baseline else None)
    return TrendChart(
        title=title(story, drawn),
        description=say("drift", "chart_description", story=story, series=drawn.series),
        panels=tuple(_panel(series, centre) for series, centre in zip(drawn.series, centres, strict=False)),
        events=_events(story, drawn),
        value=measures.unit_of(drawn.unit),
    )


def title(story: Story, drawn: StoryChart) -> str:
    """The finding, where the story tells one; else what the chart shows."""
    if not story.signals:
        return drawn.title
    lead = story.signals[0]
    unit = measures.unit_of(lead.unit)
    return say(
        "drift",
        "chart_title",
        lead=lead,
        what=f"{lead.what[:1].upper()}{lead.what[1:]}",
        before=measures.value(lead.baseline, unit),
        now=measures.value(lead.now, unit),
        since=figures.day_of_month(lead.since),
    )


def _events(story: Story, drawn: StoryChart) -> tuple[ChartEvent, ...]:
    return tuple(
        ChartEvent(on=event.on, label=event.label, is_change=event.on == story.since and "drift" in event.label)
        for event in drawn.events
    )


def _panel(series: ChartSeries, centre: float | None) -> TrendPanel:
    points = tuple(TrendPoint(on=point.week_on, estimate=point.estimate, n=point.n) for point in series.points)
    return TrendPanel(label=series.name, arm=_ARMS.get(series.arm, Arm.OTHER), points=points, centre=centre)
