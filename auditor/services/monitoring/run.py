"""A run of the monitors: read the sources, judge, and write readings, alerts and mails in one transaction.

No claims source is read while our tables are locked. A run for an earlier day than the newest one only answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from auditor.domain.alerts import StreamState
from auditor.domain.events import Event, EventKind
from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.domain.stories import Story
from auditor.errors import AuditorError
from auditor.services import claim_sources
from auditor.services.alert_folding import MACHINE, Folded, Folding, Told
from auditor.services.audited_outcomes import AuditedOutcome, coding_outcomes
from auditor.services.claim_sources import Access
from auditor.services.guidelines.weekly import ViolationWeek, weekly_violations
from auditor.services.monitoring import cube as cubes
from auditor.services.monitoring.case_mix import question_for, standardise
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.definitions import current
from auditor.services.monitoring.evaluation import Evaluation, SourceState, evaluate
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.pasts import pasts
from auditor.services.monitoring.payment_categories import payment_categories
from auditor.services.monitoring.rate_tables import Reference
from auditor.services.monitoring.stories import Teller, feed_key
from auditor.services.monitoring.strands import StrandPast
from auditor.services.monitoring.weeks import whole_weeks
from auditor.services.notices import Letterhead
from auditor.sources.weeks import WeekCounts
from auditor.storage import history
from auditor.storage.database import Database
from auditor.storage.monitors import Alert, MonitorRun, StreamReading


@dataclass(frozen=True, kw_only=True)
class RunRules:
    """What a run takes from the settings; an alert that nobody acknowledges for `escalate_days` is handed up."""

    false_mails_a_year: float
    costs: CostModel
    letterhead: Letterhead
    environment: Mapping[str, str]
    escalate_days: int = 7
    own_rules: Path | None = None


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """Readings of all streams, the alerts that are open after it, and what it opened and ended."""

    as_of: date
    readings: tuple[Reading, ...]
    alerts: tuple[Alert, ...]
    opened: tuple[int, ...]
    ended: tuple[int, ...]
    recorded: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What our own tables say of one source."""

    access: Access
    outcomes: tuple[AuditedOutcome, ...]
    pasts: Mapping[Strand, StrandPast]
    violations: tuple[ViolationWeek, ...]


def run_monitors(
    database: Database, *, rules: RunRules, as_of: date, at: datetime, memory: Memory | None = None
) -> RunResult:
    """Run every monitor over every source that answers, as of a day, and write down what it says."""
    found, problems = judge_sources(database, rules=rules, as_of=as_of, memory=memory)
    with database.read() as session:
        quiet_weeks = current(session).weeks.quiet
    told = _told(found, rules.costs, as_of=as_of, quiet_weeks=quiet_weeks)
    result = _record(database, [evaluation for evaluation, _ in found], told, rules=rules, at=at)
    return replace(result, problems=tuple(problems))


def judge_sources(
    database: Database,
    *,
    rules: RunRules,
    as_of: date,
    before: datetime | None = None,
    memory: Memory | None = None,
) -> tuple[list[tuple[Evaluation, WeekCounts]], list[str]]:
    """Every source that answers, judged as of a day, and a sentence for each that does not; nothing is written.

    `before` is for backtests: findings and alerts made later are not known. `memory` is for a series of runs.
    """
    memory = memory or Memory()
    with database.read() as session:
        definitions = current(session)
        weeks = whole_weeks(as_of, definitions.weeks.history)
        known = [
            _Known(
                access=claim_sources.access_to(source),
                outcomes=coding_outcomes(memory.outcomes(session, source.id, before=before)),
                pasts={} if before else pasts(session, source=source.name, weeks=weeks, as_of=as_of),
                violations=weekly_violations(session, source_id=source.id),
            )
            for source in claim_sources.in_use(session)
        ]
        reference = Reference(categories=payment_categories(session))
    states, counts, problems = [], [], []
    for each in known:
        try:
            counted = memory.counts(each.access, weeks, rules.environment)
        except AuditorError as error:
            problems.append(f"source {each.access.name}: {error}")
            continue
        counts.append(counted)
        states.append(_state(each, weeks, counted, reference))
    evaluations = evaluate(states, definitions, false_mails_a_year=rules.false_mails_a_year)
    places = {each.access.name: each.access for each in known}
    found = []
    for evaluation, counted in zip(evaluations, counts, strict=True):
        try:
            found.append((_without_mix(evaluation, counted, places, rules), counted))
        except AuditorError as error:
            problems.append(f"source {evaluation.state.source}: {error}")
    return found, problems


def _without_mix(
    evaluation: Evaluation, counts: WeekCounts, places: Mapping[str, Access], rules: RunRules
) -> Evaluation:
    """What moved, standardised: the source is asked once more, about what moved alone."""
    question = question_for(evaluation)
    if question is None:
        return evaluation
    with claim_sources.opened(places[evaluation.state.source], environment=rules.environment) as source:
        return standardise(evaluation, counts.claims, source.case_mix(question))


def _state(known: _Known, weeks: Sequence[date], counts: WeekCounts, reference: Reference) -> SourceState:
    return SourceState(
        source=known.access.name,
        cube=cubes.build(weeks, counts),
        outcomes=known.outcomes,
        pasts=known.pasts,
        reference=reference,
        violations=known.violations,
    )


def _told(found: Sequence[tuple[Evaluation, WeekCounts]], costs: CostModel, *, as_of: date, quiet_weeks: int) -> Told:
    stories: dict[str, Story] = {}
    readings: dict[str, object] = {}
    speaking: dict[str, set[str]] = {}
    dry: set[str] = set()
    for evaluation, counts in found:
        stories |= Teller(evaluation=evaluation, counts=counts, costs=costs).stories()
        for strand in {reading.strand for reading in evaluation.readings}:
            own = [reading for reading in evaluation.readings if reading.strand == strand]
            readings[strand.name] = own
            speaking[strand.name] = {each.monitor for each in own if each.state is StreamState.QUIET}
        feeds = [each for each in evaluation.readings if each.kind is MonitorKind.FEED]
        dry |= {each.strand.source for each in feeds if each.state is StreamState.ALARM}
        readings[feed_key(evaluation.state.source)] = feeds
    return Told(
        as_of=as_of,
        stories=stories,
        readings=readings,
        sources=[evaluation.state.source for evaluation, _ in found],
        quiet_weeks=quiet_weeks,
        speaking=speaking,
        dry=dry,
    )


def _record(
    database: Database, evaluations: Sequence[Evaluation], told: Told, *, rules: RunRules, at: datetime
) -> RunResult:
    readings = tuple(reading for evaluation in evaluations for reading in evaluation.readings)
    with database.write() as session:
        newest = session.scalar(select(func.max(MonitorRun.as_of)))
        past = newest is not None and told.as_of < newest
        if past:
            alerts = list(session.scalars(select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.id)))
            folded = Folded(lasting=alerts)
        else:
            folded = Folding(session=session, letterhead=rules.letterhead, at=at).fold(told)
            run = MonitorRun(as_of=told.as_of, ran_at=at)
            session.add(run)
            session.flush()
            session.add_all(_row(run, reading) for reading in readings)
            states = [reading.state.value for reading in readings]
            body = {
                "as_of": told.as_of,
                "streams": len(readings),
                "alarms": states.count("alarm"),
                "opened": [alert.id for alert in folded.opened],
                "ended": [alert.id for alert in folded.ended],
            }
            history.record(session, Event(kind=EventKind.MONITORS_RUN, by=MACHINE, body=body), at=at)
    still = sorted([*folded.opened, *folded.lasting], key=lambda alert: alert.id)
    return RunResult(
        as_of=told.as_of,
        readings=readings,
        alerts=tuple(still),
        opened=tuple(alert.id for alert in folded.opened),
        ended=tuple(alert.id for alert in folded.ended),
        recorded=not past,
    )


def _row(run: MonitorRun, reading: Reading) -> StreamReading:
    return StreamReading(
        run_id=run.id,
        monitor=reading.monitor,
        stream=reading.stream,
        state=reading.state,
        statistic=reading.statistic,
        threshold=reading.threshold,
        n=reading.n,
        since=reading.since,
        note=reading.note,
    )
