"""The chart of a story: the leading signal by week in the drifting arm, and in people's coding under it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorKind, Reading
from auditor.domain.stories import ChartEvent, ChartPoint, ChartSeries, Signal, StoryChart
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited_streams import EVENTS, day_of
from auditor.services.monitoring.cube import ArmWeeks, Floats, WeekCube, level_scores
from auditor.services.monitoring.edition_days import EditionDay
from auditor.services.monitoring.rate_tables import MEANS, NamedRates, Reference, rates_for
from auditor.services.monitoring.strands import WatchedStrand
from auditor.services.monitoring.weeks import monday
from auditor.sources.tally import Tally

_MOST_WEEKS = 39


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What a chart is about: its title, the leading signal, since when the strand as a whole drifts, and editions."""

    title: str
    lead: Signal
    since: date
    editions: tuple[EditionDay, ...] = ()


def output_chart(
    cube: WeekCube, watched: WatchedStrand, reading: Reading, caption: Caption, *, reference: Reference
) -> StoryChart:
    """A rate, a mean or the visit level, week by week."""
    human = cube.humans()
    if reading.kind is MonitorKind.EM_LEVEL:
        ours = _means(cube, cube.levels(watched.base))
        theirs = _means(cube, cube.levels(human))
    elif reading.kind in MEANS:
        ours, theirs = (_tally(cube, arm, MEANS[reading.kind][0]) for arm in (watched.base, human))
    else:
        rates = rates_for(reading.kind, cube, watched, reference)
        ours, theirs = _both(cube, rates, caption.lead.what)
    return _two_arms(cube, watched, caption, points=(ours, theirs))


def rate_chart(cube: WeekCube, watched: WatchedStrand, caption: Caption, *, row: int) -> StoryChart:
    """One row of a cube's codes, week by week."""
    human = cube.humans()
    ours = _rates(cube, watched.base.codes[row], watched.base.claims)
    return _two_arms(cube, watched, caption, points=(ours, _rates(cube, human.codes[row], human.claims)))


def _two_arms(
    cube: WeekCube,
    watched: WatchedStrand,
    caption: Caption,
    *,
    points: tuple[tuple[ChartPoint, ...], tuple[ChartPoint, ...]],
) -> StoryChart:
    ours, theirs = points
    name = f"AI {watched.strand.model_version or ''}".strip()
    series = [ChartSeries(name=name, arm=watched.strand.arm.value, points=ours)]
    if any(point.estimate is not None for point in theirs):
        series.append(ChartSeries(name="people", arm="human", points=theirs))
    shown = cube.weeks[-_MOST_WEEKS:]
    return StoryChart(
        title=caption.title,
        unit=caption.lead.unit,
        centre=caption.lead.baseline.estimate,
        series=tuple(series),
        events=_events(cube, watched, caption, shown=(shown[0], shown[-1])),
    )


def feed_chart(cube: WeekCube, claims: Floats, lead: Signal, title: str) -> StoryChart:
    """Claims a week."""
    points = tuple(
        ChartPoint(week_on=week, estimate=float(count), n=round(count))
        for week, count in zip(cube.weeks, claims.tolist(), strict=True)
    )[-_MOST_WEEKS:]
    events = (ChartEvent(on=lead.since, label="drop" if lead.direction < 0 else "surge"),)
    series = (ChartSeries(name="claims", arm="feed", points=points),)
    return StoryChart(title=title, unit="count", centre=lead.baseline.estimate, series=series, events=events)


def audited_chart(
    outcomes: Sequence[AuditedOutcome],
    kind: MonitorKind,
    caption: Caption,
    *,
    cube: WeekCube,
    watched: WatchedStrand,
) -> StoryChart:
    """The audited rate by week of the claims, of the strand and what it replaced, and of people under it."""
    strand, versions = watched.strand, (watched.predecessor, watched.strand.model_version)
    arm = [each for each in outcomes if each.arm is strand.arm]
    own = _by_week([each for each in arm if strand.is_pooled or each.model_version in versions], kind)
    people = _by_week([each for each in outcomes if each.arm is CodingSource.HUMAN], kind)
    weeks = sorted(own)[-_MOST_WEEKS:]
    series = [ChartSeries(name="audited", arm="ai", points=_audited_points(own, weeks))]
    if any(week in people for week in weeks):
        series.append(ChartSeries(name="people, audited", arm="human", points=_audited_points(people, weeks)))
    return StoryChart(
        title=caption.title,
        unit="share",
        centre=caption.lead.baseline.estimate,
        series=tuple(series),
        events=_events(cube, watched, caption, shown=(weeks[0], weeks[-1])),
    )


def _by_week(outcomes: Iterable[AuditedOutcome], kind: MonitorKind) -> dict[date, list[bool]]:
    found: defaultdict[date, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        found[monday(day_of(outcome))].append(EVENTS[kind](outcome))
    return found


def _audited_points(by_week: Mapping[date, list[bool]], weeks: Sequence[date]) -> tuple[ChartPoint, ...]:
    said = [(week, by_week.get(week, [])) for week in weeks]
    return tuple(ChartPoint(week_on=on, estimate=sum(e) / len(e) if e else None, n=len(e)) for on, e in said)


def _events(
    cube: WeekCube, watched: WatchedStrand, caption: Caption, *, shown: tuple[date, date]
) -> tuple[ChartEvent, ...]:
    """When the strand began to drift and, where later, the leading signal; its version; code-set editions."""
    events = [ChartEvent(on=caption.since, label="drift began")]
    if caption.lead.since != caption.since:
        events.append(ChartEvent(on=caption.lead.since, label=f"since {caption.lead.since:%-d %b}"))
    if watched.predecessor is not None:
        events.append(ChartEvent(on=cube.weeks[watched.first_week], label=f"version {watched.strand.model_version}"))
    editions = {date(year, month, 1) for year in range(shown[0].year, shown[1].year + 1) for month in (1, 10)}
    imported = {each.on: each.name for each in caption.editions}
    days = sorted(editions | set(imported))
    events += [ChartEvent(on=day, label=imported.get(day, "code sets")) for day in days]
    return tuple(sorted((each for each in events if shown[0] <= each.on <= shown[1]), key=lambda event: event.on))


Points = tuple[ChartPoint, ...]


def _both(cube: WeekCube, rates: NamedRates, what: str) -> tuple[Points, Points]:
    """The strand's and people's rate of one row."""
    table = rates.table
    if table is None:
        raise ValueError("a signal has a table that it was read from")
    row = rates.names.index(what)
    return _rates(cube, table.base[row], table.base_claims), _rates(cube, table.human[row], table.human_claims)


def _tally(cube: WeekCube, arm: ArmWeeks, measure: Tally) -> Points:
    tally = cube.tally(arm, measure)
    return _rates(cube, tally.totals.sum(axis=0), tally.units)


def _rates(cube: WeekCube, counts: Floats, claims: Floats) -> tuple[ChartPoint, ...]:
    points = [
        ChartPoint(week_on=week, estimate=count / n if n else None, n=round(n))
        for week, count, n in zip(cube.weeks, counts.tolist(), claims.tolist(), strict=True)
    ]
    return tuple(points[-_MOST_WEEKS:])


def _means(cube: WeekCube, levels: Floats) -> tuple[ChartPoint, ...]:
    visits = levels.sum(axis=(0, 1))
    totals = (levels * level_scores()[:, :, None]).sum(axis=(0, 1))
    return _rates(cube, totals, visits)
