"""All monitors over one source at one moment: weekly counts and audited outcomes in, readings out.

A pure function of what the source and the audits hold: run again for the same day, it says the same, late claims
and overturned findings included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from auditor.domain.monitors import AUDITED_KINDS, MonitorDefinition, MonitorKind, Reading, Strand
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.guidelines.weekly import ViolationWeek
from auditor.services.monitoring.audited import read_audited
from auditor.services.monitoring.audited_streams import AuditedStream, day_of, restarted, streams_of
from auditor.services.monitoring.budget import Budget, share_out
from auditor.services.monitoring.cube import WeekCube
from auditor.services.monitoring.definitions import Definitions
from auditor.services.monitoring.feed import read_feed
from auditor.services.monitoring.measures import Mixes
from auditor.services.monitoring.output import OutputReader
from auditor.services.monitoring.rate_tables import Reference, missing_for
from auditor.services.monitoring.strands import StrandPast, WatchedStrand, watched
from auditor.services.monitoring.violations import RuleStreams, violation_cubes
from auditor.services.monitoring.weeks import last_day

_WEEKS_A_YEAR = 52
_NO_REFERENCE = Reference(categories={})


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """What is known of a source: counts by week, audited outcomes in draw order, and earlier decisions by strand.

    `reference` is what our tables say about codes, `violations` what guideline checks counted.
    """

    source: str
    cube: WeekCube
    outcomes: tuple[AuditedOutcome, ...]
    pasts: Mapping[Strand, StrandPast]
    reference: Reference = _NO_REFERENCE
    violations: tuple[ViolationWeek, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Readings of one source, and what stories about them are told from.

    `audited` are the streams that audited readings are of, `mixes` figures without case mix.
    """

    state: SourceState
    strands: tuple[WatchedStrand, ...]
    readings: tuple[Reading, ...]
    rules: RuleStreams
    audited: tuple[AuditedStream, ...] = ()
    mixes: Mixes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """The streams of a source before they are read: audited ones, and monitors to be read on every strand."""

    state: SourceState
    strands: tuple[WatchedStrand, ...]
    audited: tuple[AuditedStream, ...]
    monitors: tuple[MonitorDefinition, ...]
    rules: RuleStreams

    def can_read(self, monitor: MonitorDefinition) -> bool:
        """Whether the source tells what this monitor reads."""
        if monitor.kind is MonitorKind.VIOLATION_RATES:
            return bool(self.rules.cubes)
        return not missing_for(monitor.kind, self.state.cube, self.state.reference)


def evaluate(
    states: Sequence[SourceState], definitions: Definitions, *, false_mails_a_year: float
) -> list[Evaluation]:
    """Read every stream of every source, each with its share of the false-alarm budget."""
    watches = [watch(state, definitions) for state in states]
    budget = budget_of(watches, false_mails_a_year=false_mails_a_year)
    return [_evaluated(each, definitions, budget) for each in watches]


def budget_of(watches: Sequence[Watch], *, false_mails_a_year: float) -> Budget:
    """The budget over all streams that there are."""
    streams = [(each.monitor, 1) for one in watches for each in one.audited if not each.missing]
    streams += [(monitor, len(one.strands)) for one in watches for monitor in one.monitors if one.can_read(monitor)]
    return share_out(streams, mails_a_year=false_mails_a_year)


def watch(state: SourceState, definitions: Definitions) -> Watch:
    """The streams that the monitors make of a source."""
    weeks = definitions.weeks
    strands = watched(state.cube, source=state.source, pasts=state.pasts, baseline=weeks.baseline, least=weeks.least)
    monitors = definitions.watching(state.source)
    end = last_day(state.cube.weeks[-1])
    known = [outcome for outcome in state.outcomes if day_of(outcome) <= end]
    audited = [
        stream
        for monitor in monitors
        if monitor.kind in AUDITED_KINDS
        for strand in strands
        for stream in _audited(replace(state, outcomes=tuple(known)), strand, monitor)
    ]
    output = tuple(each for each in monitors if each.kind not in (*AUDITED_KINDS, MonitorKind.FEED))
    return Watch(
        state=state,
        strands=tuple(strands),
        audited=tuple(audited),
        monitors=output,
        rules=rule_streams(state, definitions),
    )


def rule_streams(state: SourceState, definitions: Definitions) -> RuleStreams:
    """What guideline checks counted, as streams; a source that was never checked has none."""
    weeks, cubes = definitions.weeks, violation_cubes(state.cube.weeks, state.violations)
    return RuleStreams(cubes=cubes, pasts=state.pasts, baseline=weeks.baseline, least=weeks.least)


def _audited(state: SourceState, strand: WatchedStrand, monitor: MonitorDefinition) -> list[AuditedStream]:
    found = streams_of(state.outcomes, strand.strand, predecessor=strand.predecessor, monitor=monitor)
    restart = state.pasts.get(strand.strand, StrandPast()).restart
    if not restart:
        return found
    last = state.cube.weeks[-1]
    begins = state.cube.weeks[restart] if restart < len(state.cube.weeks) else last_day(last) + timedelta(days=1)
    return [replace(stream, split=restarted(stream.split, begins)) for stream in found]


def outcomes_a_year(stream: AuditedStream) -> float:
    """Audited outcomes a year, from the weeks that had any."""
    days = [day_of(outcome) for outcome in (*stream.split.baseline, *stream.split.watched)]
    if not days:
        return 1.0
    span = max(4, (max(days) - min(days)).days // 7 + 1)
    return max(1.0, len(days) / span * _WEEKS_A_YEAR)


def _evaluated(one: Watch, definitions: Definitions, budget: Budget) -> Evaluation:
    audited = read_audited_streams(one, definitions, budget)
    readings = (*audited, *read_output_streams(one, budget), *_feed(one, definitions))
    return Evaluation(state=one.state, strands=one.strands, readings=readings, rules=one.rules, audited=one.audited)


def read_audited_streams(one: Watch, definitions: Definitions, budget: Budget) -> tuple[Reading, ...]:
    """Readings of what auditors found."""
    weeks = one.state.cube.weeks
    quiet_since = weeks[-min(definitions.weeks.quiet, len(weeks))]
    arls = [0.0 if stream.missing else budget.arl(stream.monitor, outcomes_a_year(stream)) for stream in one.audited]
    return tuple(
        read_audited(stream, arl=arl, quiet_since=quiet_since) for stream, arl in zip(one.audited, arls, strict=True)
    )


def read_output_streams(one: Watch, budget: Budget) -> tuple[Reading, ...]:
    """Readings of all AI output, audited or not."""
    return tuple(_read(one, strand, monitor, budget) for strand in one.strands for monitor in one.monitors)


def _read(one: Watch, strand: WatchedStrand, monitor: MonitorDefinition, budget: Budget) -> Reading:
    level = _level(one, monitor, budget)
    if monitor.kind is MonitorKind.VIOLATION_RATES:
        return one.rules.read(strand.strand, monitor, level=level)
    return OutputReader(one.state.cube, strand, one.state.reference).read(monitor, level=level)


def _level(one: Watch, monitor: MonitorDefinition, budget: Budget) -> float:
    """What a monitor may spend this week; one that cannot read spends nothing, and has no threshold to speak of."""
    return budget.weekly_level(monitor) if one.can_read(monitor) else 1.0


def _feed(one: Watch, definitions: Definitions) -> list[Reading]:
    weeks, readings = definitions.weeks, []
    for monitor in definitions.watching(one.state.source):
        if monitor.kind is MonitorKind.FEED:
            readings += read_feed(
                one.state.cube, monitor, source=one.state.source, least=weeks.least, baseline=weeks.baseline
            )
    return readings
