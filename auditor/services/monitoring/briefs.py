"""What our own tables say of a source before it is asked: where it is, its weeks as kept, audits, earlier alerts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.domain.monitors import Strand
from auditor.services import claim_sources
from auditor.services.audited_outcomes import AuditedOutcome, coding_outcomes
from auditor.services.claim_sources import Access
from auditor.services.guidelines.weekly import ViolationWeek, weekly_violations
from auditor.services.monitoring.kept_outcomes import Scored, scored
from auditor.services.monitoring.kept_weeks import Kept, kept
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.pasts import pasts
from auditor.services.monitoring.strands import StrandPast
from auditor.storage.plans import Source


@dataclass(frozen=True, kw_only=True)
class Look:
    """The day of a run, the weeks it reads, and the moment from which on nothing is known (None: all is)."""

    as_of: date
    weeks: tuple[date, ...]
    before: datetime | None


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What our own tables say of one source."""

    source_id: int
    access: Access
    kept: Kept
    outcomes: tuple[AuditedOutcome, ...]
    scored: Scored
    pasts: Mapping[Strand, StrandPast]
    violations: tuple[ViolationWeek, ...]


def brief(session: Session, source: Source, look: Look, memory: Memory) -> Brief:
    """All of it, in one look at our tables."""
    if look.before is None:
        known = pasts(session, source=source.name, weeks=look.weeks, as_of=look.as_of)
        audits = scored(session, source.id, memory.scored)
    else:
        known, audits = {}, Scored(outcomes=memory.outcomes(session, source.id, before=look.before))
    return Brief(
        source_id=source.id,
        access=claim_sources.access_to(source),
        kept=kept(session, source_id=source.id, weeks=look.weeks),
        outcomes=coding_outcomes(audits.outcomes),
        scored=audits,
        pasts=known,
        violations=weekly_violations(session, source_id=source.id, before=look.before),
    )
