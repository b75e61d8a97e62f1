"""What earlier runs of a series have read already, so that looking at every week of a year reads each week once.

For runs one after another in one process over claims that stand still: backtests, and the demo. A run on its own
begins with an empty memory, and asks the source of every week whether it is as it was when it was counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.errors import AuditorError
from auditor.services import claim_sources
from auditor.services.audited_outcomes import AuditedOutcome, audited_outcomes, audits_in_order
from auditor.services.claim_sources import Access
from auditor.services.monitoring.kept_outcomes import ScoredAudit
from auditor.services.monitoring.kept_weeks import NOTHING, Kept
from auditor.services.monitoring.known_mix import KnownMix
from auditor.services.monitoring.week_parts import SourceWeeks, WeekPart
from auditor.services.monitoring.week_reading import Counted, read_weeks
from auditor.sources.case_mix import MixCount, MixQuestion
from auditor.storage.audits import Audit, SignOff


@dataclass
class Memory:
    """Weeks and case mixes by source, audits as scored, and outcomes under a signature that holds, so cannot change.

    A source in `failed` did not answer once, and is not asked again in this series.
    """

    weeks: dict[str, dict[date, WeekPart]] = field(default_factory=lambda: defaultdict(dict))
    mixes: dict[str, KnownMix] = field(default_factory=lambda: defaultdict(KnownMix))
    failed: dict[str, AuditorError] = field(default_factory=dict)
    scored: dict[int, ScoredAudit] = field(default_factory=dict)
    signed: dict[int, tuple[AuditedOutcome, ...]] = field(default_factory=dict)

    def counted(self, access: Access, weeks: Sequence[date], kept: Kept, environment: Mapping[str, str]) -> Counted:
        """These weeks of a source; only those that no earlier run of the series has read are asked for."""
        known = self.weeks[access.name]
        missing = [week for week in weeks if week not in known]
        fresh = NOTHING
        if missing:
            read = self._read(access, missing, kept, environment)
            known |= {part.week_on: part for part in read.weeks.parts}
            fresh = read.fresh
        return Counted(weeks=SourceWeeks(parts=tuple(known[week] for week in weeks)), fresh=fresh)

    def _read(self, access: Access, weeks: Sequence[date], kept: Kept, environment: Mapping[str, str]) -> Counted:
        if access.name in self.failed:
            raise self.failed[access.name]
        try:
            with claim_sources.opened_to_count(access, environment=environment) as source:
                return read_weeks(source, weeks, kept)
        except AuditorError as error:
            self.failed[access.name] = error
            raise

    def case_mix(self, access: Access, question: MixQuestion, environment: Mapping[str, str]) -> tuple[MixCount, ...]:
        """The case mix of what moved; only what no earlier run of the series has asked is asked for."""
        known = self.mixes[access.name]
        if missing := known.missing(question):
            with claim_sources.opened_to_count(access, environment=environment) as source:
                for part in missing:
                    known.learn(part, source.case_mix(part))
        return known.answer(question)

    def outcomes(self, session: Session, source_id: int, *, before: datetime) -> tuple[AuditedOutcome, ...]:
        """All outcomes of a source, known before a moment; those of audits signed by then are scored once."""
        order = audits_in_order(session, source_id=source_id)
        fixed = self._fixed(session, order, before)
        new = [audit_id for audit_id in order if audit_id not in self.signed]
        fresh: dict[int, list[AuditedOutcome]] = defaultdict(list)
        for outcome in audited_outcomes(session, source_id=source_id, before=before, audit_ids=new):
            fresh[outcome.audit_id].append(outcome)
        self.signed |= {audit_id: tuple(fresh[audit_id]) for audit_id in new if audit_id in fixed}
        return tuple(outcome for audit_id in order for outcome in self.signed.get(audit_id, fresh[audit_id]))

    def _fixed(self, session: Session, audit_ids: Iterable[int], before: datetime) -> set[int]:
        """The audits whose signature holds, and was given before a moment: not those that were reopened since."""
        question = select(SignOff.audit_id).join(Audit, Audit.id == SignOff.audit_id)
        question = question.where(Audit.state == AuditState.SIGNED, SignOff.audit_id.in_(audit_ids))
        question = question.where(SignOff.signed_at < before, SignOff.tainted_at.is_(None))
        found = set(session.scalars(question))
        self.signed = {audit_id: kept for audit_id, kept in self.signed.items() if audit_id in found}
        return found
