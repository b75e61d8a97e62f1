"""Tries a plan's condition and strata on its source before the plan is written, so that a slip is told at once."""

from collections.abc import Mapping
from datetime import date

from auditor.errors import AuditorError, Unavailable
from auditor.services import claim_sources
from auditor.services.plans import NewPlan
from auditor.sources.population import Population
from auditor.storage.database import Database

_SOME_DAY = date(1900, 1, 1)  # a day without claims: the question is what is tried, not what it finds


def untried(database: Database, new: NewPlan, *, environment: Mapping[str, str]) -> str | None:
    """BadInput when the source refuses the plan's condition; a sentence when it could not be asked, else None."""
    if new.where_sql is None and not new.stratify:
        return None
    asked = Population(first_on=_SOME_DAY, last_on=_SOME_DAY, where=new.where_sql, stratify=new.stratify)
    with database.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, new.source))
    try:
        source = claim_sources.opened(access, environment=environment)
    except AuditorError as away:
        return _sentence(away)
    with source:
        try:
            source.strata(asked)
        except Unavailable as away:
            return _sentence(away)
    return None


def _sentence(away: AuditorError) -> str:
    return f"the condition and the strata were not tried on the source: {away}"
