"""How many claims there are by arm, payer and specialty, counted in their sources and kept with the date.

The desk sets what was audited against them. Counted once a week by `run-due`, and whenever somebody asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.domain.events import Event, EventKind
from auditor.errors import AuditorError
from auditor.services import claim_sources
from auditor.services.claim_sources import Access
from auditor.services.due_audits import Moment
from auditor.sources.population import Population
from auditor.sources.shares import ShareCount
from auditor.storage import history
from auditor.storage.database import Database
from auditor.storage.plans import Plan, PopulationCount, Source

YEAR = timedelta(days=365)
_AGAIN = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Counting:
    """The sources that were counted, and what went wrong, one sentence each."""

    counted: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Brief:
    source_id: int
    access: Access
    every: Population
    planned: Population | None


def count(database: Database, moment: Moment, *, environment: Mapping[str, str], only_due: bool = False) -> Counting:
    """Count the claims of the year that ends on a day, in every source; one that fails stops no other.

    `only_due` leaves out sources that were counted within the last seven days.
    """
    with database.read() as session:
        sources = _sources(session, moment.at if only_due else None)
        briefs = [_brief(session, source, moment.on) for source in sources]
    counted: list[str] = []
    problems: list[str] = []
    for brief in briefs:
        try:
            with claim_sources.opened(brief.access, environment=environment) as source:
                shares = source.shares(brief.every, brief.planned)
        except AuditorError as error:
            problems.append(f"source {brief.access.name}: {error}")
            continue
        with database.write() as session:
            _record(session, brief, shares, by=moment.by, at=moment.at)
        counted.append(brief.access.name)
    return Counting(counted=tuple(counted), problems=tuple(problems))


def newest(session: Session) -> list[PopulationCount]:
    """The newest count of every source in use."""
    latest = select(func.max(PopulationCount.id)).group_by(PopulationCount.source_id)
    question = (
        select(PopulationCount)
        .join(Source, Source.id == PopulationCount.source_id)
        .where(PopulationCount.id.in_(latest), Source.removed_at.is_(None))
        .order_by(Source.name)
    )
    return list(session.scalars(question))


def _sources(session: Session, at: datetime | None) -> list[Source]:
    """The sources in use; with a moment only those that were not counted in the week before it."""
    found = claim_sources.in_use(session)
    if at is None:
        return found
    fresh = {each.source_id for each in newest(session) if at - each.counted_at < _AGAIN}
    return [source for source in found if source.id not in fresh]


def _brief(session: Session, source: Source, on: date) -> _Brief:
    every = Population(first_on=on - YEAR + timedelta(days=1), last_on=on)
    in_force = (
        select(Plan)
        .where(Plan.source_id == source.id, Plan.approved_at.is_not(None), Plan.retired_at.is_(None))
        .order_by(Plan.id)
    )
    return _Brief(
        source_id=source.id,
        access=claim_sources.access_to(source),
        every=every,
        planned=_planned(every, session.scalars(in_force).all()),
    )


def _planned(every: Population, plans: Sequence[Plan]) -> Population | None:
    """The part of all claims that some plan covers; None where there is no plan."""
    conditions = [_condition(plan) for plan in plans]
    if not conditions:
        return None
    where = None if None in conditions else " OR ".join(f"({each})" for each in conditions)
    return Population(first_on=every.first_on, last_on=every.last_on, where=where)


def _condition(plan: Plan) -> str | None:
    """Which claims a plan covers, in SQL; None for all of them."""
    arm = f"coding_source = '{plan.coding_source.value}'" if plan.coding_source else None
    parts = [part for part in (arm, plan.where_sql and f"({plan.where_sql})") if part]
    return " AND ".join(parts) or None


def _record(session: Session, brief: _Brief, shares: Iterable[ShareCount], *, by: str, at: datetime) -> None:
    rows = [asdict(each) for each in shares]
    session.add(
        PopulationCount(
            source_id=brief.source_id,
            first_on=brief.every.first_on,
            last_on=brief.every.last_on,
            counted_at=at,
            shares=rows,
        )
    )
    body = {"source_id": brief.source_id, "last_on": str(brief.every.last_on), "shares_sha256": digest(rows)}
    history.record(session, Event(kind=EventKind.SOURCE_COUNTED, by=by, body=body), at=at)
