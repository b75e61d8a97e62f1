"""Checks of the weeks that are due: each whole week of service, and again until late claims of it have come.

Only where an edition was imported: without one there is nothing dated to be judged by.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.plans import Period
from auditor.errors import AuditorError
from auditor.services import claim_sources
from auditor.services.guidelines.checking import CheckRequest, check
from auditor.services.monitoring.weeks import WEEK, last_day, whole_weeks
from auditor.storage.database import Database
from auditor.storage.guidelines import Edition, GuidelineRun
from auditor.storage.plans import Source

WEEKS = 26
_LATE = timedelta(days=28)  # claims of a week are waited for so long
_AGAIN = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class DueChecks:
    """The runs that were made, and what went wrong, one sentence each."""

    run_ids: tuple[int, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CheckRules:
    """What checks take from the edge: the environment of sources, and the house's own rules."""

    environment: Mapping[str, str]
    own_rules: Path | None


def run_due_checks(database: Database, rules: CheckRules, *, on: date, by: str, at: datetime) -> DueChecks:
    """Check what is due of every source; one that fails stops only its own checks."""
    with database.read() as session:
        asked = [(source.name, period) for source in _sources(session) for period in _due(session, source.id, on, at)]
    runs: list[int] = []
    problems: list[str] = []
    failed: set[str] = set()
    for name, period in asked:
        if name in failed:
            continue
        request = CheckRequest(
            source=name, first_on=period.first_on, last_on=period.last_on, most_listed=0, own_rules=rules.own_rules
        )
        try:
            runs.append(check(database, request, by=by, at=at, environment=rules.environment).run_id)
        except AuditorError as error:
            failed.add(name)
            problems.append(f"guideline check of source {name}: {error}")
    return DueChecks(run_ids=tuple(runs), problems=tuple(problems))


def periods_due(runs: Sequence[GuidelineRun], *, on: date, at: datetime) -> list[Period]:
    """Whole weeks before a day that no check covers well enough, neighbouring ones as one period."""
    due = [week for week in whole_weeks(on, WEEKS) if not _is_settled(week, runs, at)]
    periods: list[Period] = []
    for week in due:
        if periods and periods[-1].last_on + timedelta(days=1) == week:
            periods[-1] = Period(first_on=periods[-1].first_on, last_on=last_day(week))
        else:
            periods.append(Period(first_on=week, last_on=last_day(week)))
    return periods


def _is_settled(week: date, runs: Iterable[GuidelineRun], at: datetime) -> bool:
    """Checked after its late claims had come, or within the last week."""
    whole = [run.ran_at for run in runs if run.first_on <= week and run.last_on >= last_day(week)]
    late = datetime.combine(week, time(), tzinfo=UTC) + WEEK + _LATE
    return any(ran_at >= late or at - ran_at < _AGAIN for ran_at in whole)


def _sources(session: Session) -> list[Source]:
    has_lists = session.scalar(select(Edition.id).limit(1)) is not None
    return claim_sources.in_use(session) if has_lists else []


def _due(session: Session, source_id: int, on: date, at: datetime) -> list[Period]:
    runs = session.scalars(select(GuidelineRun).where(GuidelineRun.source_id == source_id)).all()
    return periods_due(runs, on=on, at=at)
