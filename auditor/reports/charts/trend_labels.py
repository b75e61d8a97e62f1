"""The writing on a trend: events above, values and limits at the right end, n and months below."""

from collections.abc import Callable, Sequence
from datetime import date

from auditor.reports import figures
from auditor.reports.charts.canvas import Canvas
from auditor.reports.charts.lettering import fitted, width
from auditor.reports.charts.model import ChartEvent, TrendPanel, TrendPoint, Unit
from auditor.reports.charts.scale import Scale

LANE = 16
_LINE = 13
_COUNT_SIZE = 10
_APART = 8
_MONTHLY = 25

Across = Callable[[date], float]


def written(value: float, unit: Unit) -> str:
    """A value as it is written beside the plot."""
    if unit is Unit.SHARE:
        return figures.percent(value)
    if unit is Unit.POINTS:
        return figures.signed(value)
    if unit is Unit.PLAIN:
        return figures.plain(value)
    return figures.count(round(value)) if unit is Unit.COUNT else figures.level(value)


def lanes(happened: Sequence[ChartEvent], *, x: Across, width: float) -> int:
    """How many rows the event labels need."""
    return max((lane for *_, lane in _placed(happened, x, width)), default=-1) + 1


def events(
    canvas: Canvas,
    happened: Sequence[ChartEvent],
    *,
    x: Across,
    top: float,
    floors: Sequence[tuple[float, float]],
) -> None:
    """Verticals through every panel, each with its label in a row above that is free."""
    placed = _placed(happened, x, canvas.width)
    for event, _, lane in placed:
        role = "change" if event.is_change else "event"
        at, start = x(event.on), top - 2 - lane * LANE
        canvas.line(role, (at, start), (at, floors[0][0]))
        for ceiling, floor in floors:
            canvas.line(role, (at, ceiling), (at, floor))
    for event, (start, end), lane in placed:
        baseline = top - 6 - lane * LANE
        text = fitted(event.label, room=canvas.width - 8, size=11)
        canvas.plate((start - 2, baseline - 11), width=end - start, height=LANE - 1)
        canvas.text("alarm-text" if event.is_change else "muted", (start, baseline), text)


def _placed(
    happened: Sequence[ChartEvent], x: Across, whole: float
) -> list[tuple[ChartEvent, tuple[float, float], int]]:
    """Each event with where its label starts and ends, and its row; later ones lower, so that lines stay clear."""
    taken: list[list[tuple[float, float]]] = []
    placed: list[tuple[ChartEvent, tuple[float, float], int]] = []
    for event in sorted(happened, key=lambda e: (e.on, e.label), reverse=True):
        long = min(width(event.label, size=11) * (1.05 if event.is_change else 1), whole - 8)
        start = max(0.0, min(x(event.on) - 4, whole - long))
        lane = next((k for k, spans in enumerate(taken) if _free(spans, start, start + long)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, start + long))
        placed.append((event, (start, start + long), lane))
    return placed


def _free(spans: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    return all(end + _APART < first or start > last + _APART for first, last in spans)


def room(panel: TrendPanel, unit: Unit) -> float:
    """The room that the labels at the right end need."""
    return max((width(text) for _, text, _ in _end_texts(panel, unit)), default=0) + 8


def ends(canvas: Canvas, panel: TrendPanel, *, up: Scale, left: float, value: Unit) -> None:
    """The newest value, the centre and the limits, at their heights and never over each other."""
    texts = sorted(_end_texts(panel, value), key=lambda each: -each[0])
    heights = spread([up.at(at) + 4 for at, _, _ in texts], apart=_LINE)
    sunk = max(heights[-1] - (up.start + 4), 0) if heights else 0
    for (_, text, role), y in zip(texts, heights, strict=True):
        canvas.text(role, (left, y - sunk), text)


def spread(places: Sequence[float], *, apart: float) -> list[float]:
    """Ascending places moved as little as possible until each is `apart` from its neighbours.

    >>> spread([10, 12, 50], apart=10)
    [6.0, 16.0, 50.0]
    """
    blocks: list[tuple[float, int]] = []  # the middle of each block of touching labels, and how many it holds
    for place in places:
        middle, size = float(place), 1
        while blocks and blocks[-1][0] + apart * (blocks[-1][1] + size) / 2 > middle:
            before, held = blocks.pop()
            middle = (before * held + middle * size) / (held + size)
            size += held
        blocks.append((middle, size))
    return [middle + apart * (k - (size - 1) / 2) for middle, size in blocks for k in range(size)]


def _end_texts(panel: TrendPanel, unit: Unit) -> list[tuple[float, str, str]]:
    limits = (("limit", panel.upper_limit), ("usual", panel.centre), ("limit", panel.lower_limit))
    texts = [(at, f"{name} {written(at, unit)}", "muted") for name, at in limits if at is not None]
    known = [point.estimate for point in panel.points if point.estimate is not None]
    return [*texts, (known[-1], written(known[-1], unit), f"{panel.arm}-text")] if known else texts


def counts(canvas: Canvas, points: Sequence[TrendPoint], *, x: Across, baseline: float) -> None:
    """n under every point; where they would touch, under as many as fit, and always under the last."""
    canvas.text("count", (30, baseline), "n", anchor="end")
    left_edge = float("inf")
    for point in reversed(points):
        text = figures.count(point.n)
        half = width(text, size=_COUNT_SIZE) / 2
        if x(point.on) + half + 1 <= left_edge:
            canvas.text("count", (x(point.on), baseline), text, anchor="middle")
            left_edge = x(point.on) - half - 1


def dates(canvas: Canvas, days: Sequence[date], *, x: Across, baseline: float) -> None:
    """The months, with the year where it begins; as many as fit."""
    right_edge = float("-inf")
    year = None
    for on in _named(days):
        text = figures.month(on) if on.year == year else f"{figures.month(on)} {on.year}"
        half = width(text, size=11) / 2
        if x(on) - half > right_edge + _APART and x(on) + half <= canvas.width:
            canvas.text("muted", (x(on), baseline), text, anchor="middle")
            right_edge, year = x(on) + half, on.year


def _named(days: Sequence[date]) -> list[date]:
    """The periods themselves where they are months or longer, else the first day of each month, or the very first."""
    if len(days) < 2 or (days[-1] - days[0]).days / (len(days) - 1) >= _MONTHLY:
        return list(days)
    firsts = {date(day.year, day.month, 1) for day in days}
    return sorted(first for first in firsts if first >= days[0]) or [days[0]]
