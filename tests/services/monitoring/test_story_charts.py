"""The chart of an audited story shows what its stream reads, week by week, and people under it."""

from dataclasses import replace
from datetime import timedelta

from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorDefinition, MonitorKind, Slice
from auditor.domain.stories import Measure, Signal, StoryChart
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited_streams import streams_of
from auditor.services.monitoring.definitions import defaults
from auditor.services.monitoring.story_charts import Caption, audited_chart
from auditor.services.monitoring.strands import WatchedStrand
from tests.services.monitoring.test_audited import FIRST, MONITOR, STRAND, outcomes
from tests.services.monitoring.test_streams import SITE

SINCE = FIRST + timedelta(weeks=20)
NOTHING = Measure(estimate=0.05, low=None, high=None, numerator=5, n=100)
LEAD = Signal(
    monitor="audited_errors",
    what="audited error rate",
    unit="share",
    denominator="audited cases",
    direction=1,
    baseline=NOTHING,
    now=NOTHING,
    ratio=None,
    p_value=None,
    since=SINCE,
)
AI = outcomes([0.05] * 20, version="3.0") + outcomes([0.2] * 4, version="3.1", from_week=20)
PEOPLE = [
    replace(each, arm=CodingSource.HUMAN, model_version=None, case_id=each.case_id + 90_000)
    for each in outcomes([0.1] * 12, version="", from_week=12, seed=9)
]


def drawn(found: list[AuditedOutcome], kind: MonitorKind = MonitorKind.AUDITED_ERRORS) -> StoryChart:
    arm = SITE.cube.humans()
    watched = WatchedStrand(strand=STRAND, predecessor="3.0", first_week=0, own=arm, base=arm, splits=())
    caption = Caption(title="Audited error rate by week", lead=LEAD, since=SINCE)
    return audited_chart(found, kind, caption, cube=SITE.cube, watched=watched)


def monitor(kind: MonitorKind, by: Slice | None = None) -> MonitorDefinition:
    return next(each for each in defaults().monitors if (each.kind, each.by) == (kind, by))


def test_people_stand_under_the_version_and_what_it_replaced_in_the_same_weeks() -> None:
    elsewhere = outcomes([1.0] * 3, version="2.9")
    ours, people = drawn([*AI, *PEOPLE, *elsewhere]).series
    assert [point.week_on for point in ours.points] == [point.week_on for point in people.points]
    assert (ours.arm, people.arm, people.name) == ("ai", "human", "people, audited")
    assert {point.n for point in ours.points} == {30}
    assert [point.n for point in people.points] == [0] * 12 + [30] * 12
    assert people.points[0].estimate is None
    assert len(drawn(AI).series) == 1


def test_a_slice_s_chart_is_of_the_slice() -> None:
    found = [replace(each, specialty=("CARD", "FM")[place % 2]) for place, each in enumerate([*AI, *PEOPLE])]
    sliced = monitor(MonitorKind.AUDITED_ERRORS, Slice.SPECIALTY)
    small = replace(sliced, options={**sliced.options, "least_baseline": 50})
    card, _ = streams_of(found, STRAND, predecessor="3.0", monitor=small)
    assert card.part == "specialty=CARD"
    assert {each.specialty for each in card.alike(found)} == {"CARD"}
    assert {point.n for point in drawn(card.alike(found)).series[0].points} == {15}


def test_the_chart_of_confidence_is_of_the_cases_of_which_the_ai_was_surest() -> None:
    found = [replace(each, confidence=(0.5, 0.9)[place % 2]) for place, each in enumerate(AI)]
    unsaid = [replace(each, confidence=None) for each in PEOPLE]
    calibration = monitor(MonitorKind.CALIBRATION)
    [stream] = streams_of([*found, *unsaid], STRAND, predecessor="3.0", monitor=calibration)
    assert {each.confidence for each in stream.alike([*found, *unsaid])} == {0.9}
    [whole] = streams_of(AI, STRAND, predecessor="3.0", monitor=MONITOR)
    assert whole.alike([*AI, *PEOPLE]) == [*AI, *PEOPLE]
