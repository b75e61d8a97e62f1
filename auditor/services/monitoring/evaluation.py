"""All monitors over one source at one moment: weekly counts and audited outcomes in, readings out.

A pure function of what the source and the audits hold: run again for the same day, it says the same, late claims
and overturned findings included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from auditor.domain.monitors import MonitorDefinition, MonitorKind, Reading, Strand
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.guidelines.weekly import ViolationWeek
from auditor.services.monitoring.audited import AuditedStrand, day_of, read_audited, split_outcomes
from auditor.services.monitoring.cube import WeekCube
from auditor.services.monitoring.definitions import Definitions
from auditor.services.monitoring.feed import read_feed
from auditor.services.monitoring.output import OutputReader
from auditor.services.monitoring.strands import StrandPast, WatchedStrand, watched
from auditor.services.monitoring.violations import RuleStreams, violation_cubes
from auditor.services.monitoring.weeks import last_day, monday
from auditor.stats.multiplicity import FalseAlarmBudget, false_alarm_budget

OUTPUT_KINDS = (
    MonitorKind.EM_LEVEL,
    MonitorKind.MODIFIER_RATES,
    MonitorKind.CODE_RATES,
    MonitorKind.STOPPED_CODES,
)
_WEEKS_A_YEAR = 52


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """What is known of a source: counts by week, audited outcomes in draw order, earlier decisions by strand, and
    what guideline checks counted."""

    source: str
    cube: WeekCube
    outcomes: tuple[AuditedOutcome, ...]
    pasts: Mapping[Strand, StrandPast]
    violations: tuple[ViolationWeek, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Readings of one source, and what stories about them are told from."""

    state: SourceState
    strands: tuple[WatchedStrand, ...]
    readings: tuple[Reading, ...]
    rules: RuleStreams


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """The streams of a source before they are read."""

    state: SourceState
    strands: tuple[WatchedStrand, ...]
    audited: tuple[AuditedStrand, ...]
    monitors: tuple[MonitorDefinition, ...]
    rules: RuleStreams
    rule_monitor: MonitorDefinition | None

    @property
    def families(self) -> int:
        """Weekly families of tests of each strand."""
        return len(self.monitors) + (self.rule_monitor is not None)


def evaluate(
    states: Sequence[SourceState], definitions: Definitions, *, false_mails_a_year: float
) -> list[Evaluation]:
    """Read every stream of every source, each with its share of the false-alarm budget."""
    watches = [_watch(state, definitions) for state in states]
    budget = _budget(watches, false_mails_a_year)
    if budget is None:
        return [_told(watch, (), _feed(watch, definitions)) for watch in watches]
    arls = iter(budget.arls)
    return [_evaluated(watch, definitions, budget, [next(arls) for _ in watch.audited]) for watch in watches]


def budget_for(
    evaluations: Sequence[Evaluation], definitions: Definitions, *, false_mails_a_year: float
) -> FalseAlarmBudget | None:
    """The budget that these evaluations were made with; None when there was nothing to share it over."""
    return _budget([_watch(each.state, definitions) for each in evaluations], false_mails_a_year)


def audited_strands(
    state: SourceState, strands: Sequence[WatchedStrand], definitions: Definitions
) -> tuple[AuditedStrand, ...]:
    """Baseline and watched outcomes of every strand; none when no monitor reads audited errors."""
    audit = definitions.of(MonitorKind.AUDITED_ERRORS, state.source)
    return tuple(_audited(state, strand, audit) for strand in strands) if audit else ()


def rule_streams(state: SourceState, definitions: Definitions) -> RuleStreams:
    """What guideline checks counted, as streams; a source that was never checked has none."""
    weeks, cubes = definitions.weeks, violation_cubes(state.cube.weeks, state.violations)
    return RuleStreams(cubes=cubes, pasts=state.pasts, baseline=weeks.baseline, least=weeks.least)


def _budget(watches: Sequence[_Watch], false_mails_a_year: float) -> FalseAlarmBudget | None:
    flows = [_flow(split) for watch in watches for split in watch.audited]
    families = sum(len(watch.strands) * watch.families for watch in watches)
    if not flows and not families:
        return None
    return false_alarm_budget(mails_a_year=false_mails_a_year, outcomes_a_year=flows, weekly_families=families)


def _watch(state: SourceState, definitions: Definitions) -> _Watch:
    weeks = definitions.weeks
    strands = watched(state.cube, source=state.source, pasts=state.pasts, baseline=weeks.baseline, least=weeks.least)
    found = (definitions.of(kind, state.source) for kind in OUTPUT_KINDS)
    monitors = tuple(monitor for monitor in found if monitor is not None)
    audited = audited_strands(state, strands, definitions)
    rules = rule_streams(state, definitions)
    return _Watch(
        state=state,
        strands=tuple(strands),
        audited=audited,
        monitors=monitors,
        rules=rules,
        rule_monitor=definitions.of(MonitorKind.VIOLATION_RATES, state.source) if rules.cubes else None,
    )


def _audited(state: SourceState, strand: WatchedStrand, monitor: MonitorDefinition) -> AuditedStrand:
    end = last_day(state.cube.weeks[-1])
    known = [outcome for outcome in state.outcomes if day_of(outcome) <= end]
    split = split_outcomes(known, strand.strand, predecessor=strand.predecessor, monitor=monitor)
    restart = state.pasts.get(strand.strand, StrandPast()).restart
    begins = state.cube.weeks[restart] if restart < len(state.cube.weeks) else end + timedelta(days=1)
    kept = tuple(outcome for outcome in split.watched if not restart or monday(day_of(outcome)) >= begins)
    return AuditedStrand(strand=split.strand, predecessor=split.predecessor, baseline=split.baseline, watched=kept)


def _flow(split: AuditedStrand) -> float:
    """Audited outcomes a year, from the weeks that had any."""
    days = [day_of(outcome) for outcome in (*split.baseline, *split.watched)]
    if not days:
        return 1.0
    span = max(4, (max(days) - min(days)).days // 7 + 1)
    return max(1.0, len(days) / span * _WEEKS_A_YEAR)


def _evaluated(
    watch: _Watch, definitions: Definitions, budget: FalseAlarmBudget, arls: Sequence[float]
) -> Evaluation:
    state = watch.state
    readings: list[Reading] = []
    audit = definitions.of(MonitorKind.AUDITED_ERRORS, state.source)
    quiet_since = state.cube.weeks[-min(definitions.weeks.quiet, len(state.cube.weeks))]
    for split, arl in zip(watch.audited, arls, strict=True):
        if audit is not None:
            readings.append(read_audited(split, audit, arl=arl, quiet_since=quiet_since))
    for strand in watch.strands:
        reader = OutputReader(state.cube, strand, budget.weekly_level)
        readings += [reader.read(monitor) for monitor in watch.monitors]
        if watch.rule_monitor is not None:
            readings.append(watch.rules.read(strand.strand, watch.rule_monitor, level=budget.weekly_level))
    readings += _feed(watch, definitions)
    return _told(watch, watch.strands, readings)


def _told(watch: _Watch, strands: Sequence[WatchedStrand], readings: Sequence[Reading]) -> Evaluation:
    return Evaluation(state=watch.state, strands=tuple(strands), readings=tuple(readings), rules=watch.rules)


def _feed(watch: _Watch, definitions: Definitions) -> list[Reading]:
    monitor = definitions.of(MonitorKind.FEED, watch.state.source)
    if monitor is None:
        return []
    weeks = definitions.weeks
    return read_feed(watch.state.cube, monitor, source=watch.state.source, least=weeks.least, baseline=weeks.baseline)
