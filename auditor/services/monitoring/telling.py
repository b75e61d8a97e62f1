"""What a run says, ready to be folded into alerts: stories, readings, and who can say that all is quiet."""

from collections.abc import Sequence
from datetime import date

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import MonitorKind
from auditor.domain.stories import Story
from auditor.services.alert_folding import Told
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.evaluation import Evaluation
from auditor.services.monitoring.feed_stories import feed_key, is_starved, surge_key
from auditor.services.monitoring.stories import Teller
from auditor.services.monitoring.week_parts import SourceWeeks


def told(found: Sequence[tuple[Evaluation, SourceWeeks]], costs: CostModel, *, as_of: date, quiet_weeks: int) -> Told:
    """Everything that the evaluations of a run tell."""
    stories: dict[str, Story] = {}
    readings: dict[str, object] = {}
    speaking: dict[str, set[str]] = {}
    dry: set[str] = set()
    for evaluation, weeks in found:
        stories |= Teller(evaluation=evaluation, weeks=weeks, costs=costs).stories()
        for strand in {reading.strand for reading in evaluation.readings}:
            own = [reading for reading in evaluation.readings if reading.strand == strand]
            readings[strand.name] = own
            speaking[strand.name] = {each.monitor for each in own if each.state is StreamState.QUIET}
        feeds = [each for each in evaluation.readings if each.kind is MonitorKind.FEED]
        dry |= {each.strand.source for each in feeds if is_starved(each)}
        for key in (feed_key, surge_key):
            readings[key(evaluation.state.source)] = feeds
    return Told(
        as_of=as_of,
        stories=stories,
        readings=readings,
        sources=[evaluation.state.source for evaluation, _ in found],
        quiet_weeks=quiet_weeks,
        speaking=speaking,
        dry=dry,
    )
