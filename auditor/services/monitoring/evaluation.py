"""All monitors over one source at one moment: weekly counts and audited outcomes in, readings out.

A pure function of what the source and the audits hold: run again for the same day, it says the same, late claims
and overturned findings included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from auditor.domain.monitors import MonitorDefinition, MonitorKind, Reading, Strand
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited import AuditedStrand, day_of, read_audited, split_outcomes
from auditor.services.monitoring.cube import WeekCube
from auditor.services.monitoring.definitions import Definitions
from auditor.services.monitoring.feed import read_feed
from auditor.services.monitoring.output import OutputReader
from auditor.services.monitoring.strands import StrandPast, WatchedStrand, watched
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
    """What is known of a source: counts by week, audited outcomes in draw order, and earlier decisions by strand."""

    source: str
    cube: WeekCube
    outcomes: tuple[AuditedOutcome, ...]
    pasts: Mapping[Strand, StrandPast]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Readings of one source, and what stories about them are told from."""

    state: SourceState
    strands: tuple[WatchedStrand, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """The streams of a source before they are read."""

    state: SourceState
    strands: tuple[WatchedStrand, ...]
    audited: tuple[AuditedStrand, ...]
    monitors: tuple[MonitorDefinition, ...]


def evaluate(
    states: Sequence[SourceState], definitions: Definitions, *, false_mails_a_year: float
) -> list[Evaluation]:
    """Read every stream of every source, each with its share of the false-alarm budget."""
    watches = [_watch(state, definitions) for state in states]
    budget = _budget(watches, false_mails_a_year)
    if budget is None:
        return [Evaluation(state=w.state, strands=(), readings=tuple(_feed(w, definitions))) for w in watches]
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


def _budget(watches: Sequence[_Watch], false_mails_a_year: float) -> FalseAlarmBudget | None:
    flows = [_flow(split) for watch in watches for split in watch.audited]
    families = sum(len(watch.strands) * len(watch.monitors) for watch in watches)
    if not flows and not families:
        return None
    return false_alarm_budget(mails_a_year=false_mails_a_year, outcomes_a_year=flows, weekly_families=families)


def _watch(state: SourceState, definitions: Definitions) -> _Watch:
    weeks = definitions.weeks
    strands = watched(state.cube, source=state.source, pasts=state.pasts, baseline=weeks.baseline, least=weeks.least)
    found = (definitions.of(kind, state.source) for kind in OUTPUT_KINDS)
    monitors = tuple(monitor for monitor in found if monitor is not None)
    audited = audited_strands(state, strands, definitions)
    return _Watch(state=state, strands=tuple(strands), audited=audited, monitors=monitors)


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
    readings += _feed(watch, definitions)
    return Evaluation(state=state, strands=watch.strands, readings=tuple(readings))


def _feed(watch: _Watch, definitions: Definitions) -> list[Reading]:
    monitor = definitions.of(MonitorKind.FEED, watch.state.source)
    if monitor is None:
        return []
    weeks = definitions.weeks
    return read_feed(watch.state.cube, monitor, source=watch.state.source, least=weeks.least, baseline=weeks.baseline)
