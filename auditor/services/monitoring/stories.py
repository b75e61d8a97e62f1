"""Readings in alarm as stories: everything that drifts in one strand is one story, with one headline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from auditor.domain.alerts import AlertKind, StreamState
from auditor.domain.monitors import AUDITED_KINDS, MonitorKind, Reading, Strand
from auditor.domain.stories import Cause, Severity, Signal, Story, StoryChart
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.case_mix import cause
from auditor.services.monitoring.causes import causes
from auditor.services.monitoring.costs import CostModel, Pricing, cost_note, mean_prices, priced
from auditor.services.monitoring.cube import level_scores
from auditor.services.monitoring.evaluation import Evaluation
from auditor.services.monitoring.feed_stories import feed_stories
from auditor.services.monitoring.level_moves import LevelTable
from auditor.services.monitoring.signals import usual_start
from auditor.services.monitoring.story_charts import Caption, audited_chart, output_chart
from auditor.services.monitoring.story_words import headline, lead_name, next_step, sentence
from auditor.services.monitoring.strands import WatchedStrand
from auditor.services.monitoring.week_parts import SourceWeeks
from auditor.services.monitoring.weeks import last_day

_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            MonitorKind.AUDITED_ERRORS,
            MonitorKind.OVERCODING,
            MonitorKind.UNDERCODING,
            MonitorKind.DOLLARS_IN_ERROR,
            MonitorKind.CALIBRATION,
            MonitorKind.EM_LEVEL,
            MonitorKind.MODIFIER_RATES,
            MonitorKind.STOPPED_CODES,
            MonitorKind.VIOLATION_RATES,
            MonitorKind.CODE_RATES,
            MonitorKind.HCC_CAPTURE,
            MonitorKind.UNSPECIFIED_CODES,
            MonitorKind.CLEAN_CLAIMS,
            MonitorKind.DENIAL_CAUSES,
            MonitorKind.DENIALS,
            MonitorKind.OVERRIDES,
            MonitorKind.DISAGREEMENT,
            MonitorKind.CODE_FAMILIES,
            MonitorKind.CODES_PER_CLAIM,
            MonitorKind.CHARGE_PER_CLAIM,
            MonitorKind.CONFIDENCE_LEVEL,
        )
    )
}
"""Which reading leads a story: what auditors found, then what says most about the cause."""
_HIGH_CENTS_A_WEEK = 100_000
_MOST_SIGNALS = 40


@dataclass(frozen=True, kw_only=True)
class Teller:
    """What stories of one source are told from."""

    evaluation: Evaluation
    weeks: SourceWeeks
    costs: CostModel

    def stories(self) -> dict[str, Story]:
        """The stories of every strand and feed in alarm, by story key."""
        told: dict[str, Story] = {}
        alarms = [each for each in self.evaluation.readings if each.state is StreamState.ALARM]
        drifting = [each for each in alarms if each.kind is not MonitorKind.FEED]
        strands = dict.fromkeys(reading.strand for reading in drifting)
        alone = {(strand.source, strand.arm) for strand in strands if not strand.is_pooled}
        for strand in strands:
            if strand.is_pooled and (strand.source, strand.arm) in alone:
                continue  # the version that drifts tells it
            told[strand.name] = self._drift(strand, [reading for reading in drifting if reading.strand == strand])
        return told | feed_stories(self.evaluation)

    def _drift(self, strand: Strand, readings: Sequence[Reading]) -> Story:
        watched = next(each for each in self.evaluation.strands if each.strand == strand)
        ordered = sorted(readings, key=lambda reading: (_ORDER[reading.kind], reading.part is not None))
        pricing = self._pricing(watched)
        moved = [(reading, signal) for reading in ordered for signal in reading.signals]
        signals = tuple(priced(signal, reading.kind, pricing) for reading, signal in moved[:_MOST_SIGNALS])
        lead, since = signals[0], self._since(strand, ordered)
        cost = [signal.cost_cents_a_week for signal in signals if signal.cost_cents_a_week is not None]
        cents = sum(abs(each) for each in cost) if cost else None
        return Story(
            kind=AlertKind.DRIFT,
            headline=headline(ordered, strand, since),
            sentence=sentence(ordered, strand, since),
            severity=self._severity(ordered, cents),
            source=strand.source,
            weeks_until=last_day(self.evaluation.state.cube.weeks[-1]),
            since=since,
            arm=strand.arm.value,
            model_version=strand.model_version,
            predecessor=watched.predecessor,
            signals=signals,
            signals_left_out=len(moved) - len(signals),
            chart=self._chart(watched, ordered[0], lead, since),
            causes=self._causes(watched, replace(lead, since=since)),
            cost_cents_a_week=cents,
            cost_note=cost_note(signals, rework=any(each.kind is MonitorKind.STOPPED_CODES for each in readings)),
            claims_a_week=float(watched.own.claims[-4:].mean()),
            next_step=next_step(ordered[0].kind),
        )

    def _since(self, strand: Strand, readings: Sequence[Reading]) -> date:
        """Since when the strand drifts: the earliest of what moved, and no later than its open alert says."""
        began = min(usual_start(reading.signals) for reading in readings)
        past, weeks = self.evaluation.state.pasts.get(strand), self.evaluation.state.cube.weeks
        known = past is not None and past.since is not None and past.since < len(weeks)
        return min(began, weeks[past.since]) if known and past and past.since is not None else began

    def _pricing(self, watched: WatchedStrand) -> Pricing:
        cube = self.evaluation.state.cube
        own = cube.levels(watched.own)
        table = LevelTable(own, own, own, level_scores())
        return Pricing(prices=mean_prices(self.weeks.prices()), levels=table, costs=self.costs)

    def _severity(self, readings: Sequence[Reading], cents: int | None) -> Severity:
        audited = any(reading.kind in AUDITED_KINDS for reading in readings)
        high = audited or len(readings) > 1 or (cents or 0) >= _HIGH_CENTS_A_WEEK
        return Severity.HIGH if high else Severity.MEDIUM

    def _chart(self, watched: WatchedStrand, reading: Reading, lead: Signal, since: date) -> StoryChart:
        name, state = lead_name(reading), self.evaluation.state
        editions = self.evaluation.state.reference.editions
        title = f"{name[:1].upper()}{name[1:]} by week"
        caption = Caption(title=title, lead=lead, since=since, editions=editions)
        if reading.kind is MonitorKind.VIOLATION_RATES:
            return self.evaluation.rules.chart(watched.strand, caption)
        if reading.kind not in AUDITED_KINDS:
            return output_chart(state.cube, watched, reading, caption, reference=state.reference)
        return audited_chart(self._audited(reading), reading.kind, caption, cube=state.cube, watched=watched)

    def _audited(self, reading: Reading) -> Sequence[AuditedOutcome]:
        """What auditors found of everything that the reading's stream reads, in every arm and version."""
        for stream in self.evaluation.audited:
            same = (stream.monitor.name, stream.split.strand, stream.part)
            if same == (reading.monitor, reading.strand, reading.part):
                return stream.alike(self.evaluation.state.outcomes)
        return self.evaluation.state.outcomes

    def _causes(self, watched: WatchedStrand, lead: Signal) -> tuple[Cause, ...]:
        state = self.evaluation.state
        if not watched.splits:
            return ()
        found = causes(state, watched, lead, self.weeks.claims())
        return (*found, cause(self.evaluation.mixes, watched.strand.name, lead))
