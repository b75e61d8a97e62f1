"""A run of the monitors: read the sources, judge, and write readings, alerts and mails in one transaction.

No claims source is read while our tables are locked. A run for an earlier day than the newest one only answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from auditor.domain.events import Event, EventKind
from auditor.domain.monitors import Reading
from auditor.errors import AuditorError
from auditor.services import claim_sources, large_blocks
from auditor.services.alert_folding import MACHINE, Folded, Folding, Told
from auditor.services.claim_sources import Access
from auditor.services.monitoring import kept_outcomes, kept_weeks
from auditor.services.monitoring.briefs import Brief, Look, brief
from auditor.services.monitoring.case_mix import question_for, standardise
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.cube import WeekCube, build
from auditor.services.monitoring.definitions import current
from auditor.services.monitoring.edition_days import edition_days
from auditor.services.monitoring.evaluation import Evaluation, SourceState, evaluate
from auditor.services.monitoring.kept_weeks import NOTHING
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.payment_categories import payment_categories
from auditor.services.monitoring.rate_tables import Reference
from auditor.services.monitoring.telling import told
from auditor.services.monitoring.week_reading import Counted
from auditor.services.monitoring.weeks import whole_weeks
from auditor.services.notices import Letterhead
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
class Judged:
    """A source as it was judged, what was known of it beforehand, and the weeks it was judged by."""

    brief: Brief
    evaluation: Evaluation
    counted: Counted


def run_monitors(
    database: Database, *, rules: RunRules, as_of: date, at: datetime, memory: Memory | None = None
) -> RunResult:
    """Run every monitor over every source that answers, as of a day, and write down what it says."""
    found, problems = judge_sources(database, rules=rules, as_of=as_of, memory=memory)
    with database.read() as session:
        quiet_weeks = current(session).weeks.quiet
    sides = [(each.evaluation, each.counted.weeks) for each in found]
    what = told(sides, rules.costs, as_of=as_of, quiet_weeks=quiet_weeks)
    return replace(_record(database, found, what, rules=rules, at=at), problems=tuple(problems))


def judge_sources(
    database: Database,
    *,
    rules: RunRules,
    as_of: date,
    before: datetime | None = None,
    memory: Memory | None = None,
) -> tuple[list[Judged], list[str]]:
    """Every source that answers, judged as of a day, and a sentence for each that does not; nothing is written.

    `before` is for backtests: findings and alerts made later are not known. `memory` is for a series of runs.
    """
    large_blocks.give_back()
    with database.read() as session:
        definitions = current(session)
        weeks = whole_weeks(as_of, definitions.weeks.history)
        look = Look(as_of=as_of, weeks=weeks, before=before)
        known = [brief(session, source, look, memory or Memory()) for source in claim_sources.in_use(session)]
        reference = Reference(
            categories=payment_categories(session, before=before), editions=edition_days(session, before=before)
        )
    states, answered, problems = [], [], []
    while known:  # what is kept of a source's weeks goes as soon as its cube is made: there is much of it
        name = known[0].access.name
        try:
            each, counted, cube = _counted(known.pop(0), weeks, memory or Memory(), rules)
        except AuditorError as error:
            problems.append(f"source {name}: {error}")
        else:
            answered.append((each, counted))
            states.append(_state(each, cube, reference))
    evaluations = evaluate(states, definitions, false_mails_a_year=rules.false_mails_a_year)
    found = []
    for evaluation, (each, counted) in zip(evaluations, answered, strict=True):
        try:
            apart = _without_mix(evaluation, counted, each.access, rules, memory or Memory())
        except AuditorError as error:
            problems.append(f"source {evaluation.state.source}: {error}")
        else:
            found.append(Judged(brief=each, evaluation=apart, counted=counted))
    return found, problems


def _without_mix(
    evaluation: Evaluation, counted: Counted, access: Access, rules: RunRules, memory: Memory
) -> Evaluation:
    """What moved, standardised: the source is asked once more, about what moved alone."""
    question = question_for(evaluation)
    if question is None:
        return evaluation
    counts = memory.case_mix(access, question, rules.environment)
    return standardise(evaluation, counted.weeks.claims(), counts)


def _counted(known: Brief, weeks: Sequence[date], memory: Memory, rules: RunRules) -> tuple[Brief, Counted, WeekCube]:
    """The cube of a source's weeks, with what is still asked of them once it is made."""
    counted = memory.counted(known.access, weeks, known.kept, rules.environment)
    cube = build(weeks, counted.weeks.parts)
    return replace(known, kept=NOTHING), replace(counted, weeks=counted.weeks.for_stories()), cube


def _state(known: Brief, cube: WeekCube, reference: Reference) -> SourceState:
    return SourceState(
        source=known.access.name,
        cube=cube,
        outcomes=known.outcomes,
        pasts=known.pasts,
        reference=reference,
        violations=known.violations,
    )


def _record(database: Database, found: Sequence[Judged], what: Told, *, rules: RunRules, at: datetime) -> RunResult:
    readings = tuple(reading for each in found for reading in each.evaluation.readings)
    with database.write() as session:
        newest = session.scalar(select(func.max(MonitorRun.as_of)))
        past = newest is not None and what.as_of < newest
        if past:
            alerts = list(session.scalars(select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.id)))
            folded = Folded(lasting=alerts)
        else:
            folded = Folding(session=session, letterhead=rules.letterhead, at=at).fold(what)
            run = MonitorRun(as_of=what.as_of, ran_at=at)
            session.add(run)
            session.flush()
            session.add_all(_row(run, reading) for reading in readings)
            for each in found:
                since = each.evaluation.state.cube.weeks[0]
                kept_weeks.keep(session, each.counted.fresh, source_id=each.brief.source_id, since=since, at=at)
                kept_outcomes.keep(session, each.brief.scored.fresh, at=at)
            states = [reading.state.value for reading in readings]
            body = {
                "as_of": what.as_of,
                "streams": len(readings),
                "alarms": states.count("alarm"),
                "opened": [alert.id for alert in folded.opened],
                "ended": [alert.id for alert in folded.ended],
            }
            history.record(session, Event(kind=EventKind.MONITORS_RUN, by=MACHINE, body=body), at=at)
    still = sorted([*folded.opened, *folded.lasting], key=lambda alert: alert.id)
    return RunResult(
        as_of=what.as_of,
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
