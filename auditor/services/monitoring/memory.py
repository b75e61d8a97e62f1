"""What earlier runs of a series have read already, so that looking at every week of a year reads each week once.

For runs one after another in one process over claims that stand still: backtests, and the demo. A run on its own
begins with an empty memory and reads everything anew, so that late claims correct the past.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.errors import AuditorError
from auditor.services import claim_sources
from auditor.services.audited_outcomes import AuditedOutcome, audited_outcomes, audits_in_order
from auditor.services.claim_sources import Access
from auditor.services.monitoring.weeks import last_day
from auditor.sources.tally import WeekTally
from auditor.sources.weeks import ClaimCount, LineCount, WeekCounts
from auditor.storage.audits import Audit, SignOff


@dataclass
class Memory:
    """Weeks by source, and the outcomes of audits that were signed and so cannot change.

    A source in `failed` did not answer once, and is not asked again in this series.
    """

    weeks: dict[str, dict[date, WeekCounts]] = field(default_factory=lambda: defaultdict(dict))
    failed: dict[str, AuditorError] = field(default_factory=dict)
    signed: dict[int, tuple[AuditedOutcome, ...]] = field(default_factory=dict)

    def counts(self, access: Access, weeks: Sequence[date], environment: Mapping[str, str]) -> WeekCounts:
        """The counts of these weeks; only those not read before are asked of the source."""
        known = self.weeks[access.name]
        missing = [week for week in weeks if week not in known]
        if missing:
            read = self._read(access, missing, environment)
            known |= dict.fromkeys(missing, replace(read, lines=(), claims=(), tallies=())) | _by_week(read)
        chosen = [known[week] for week in weeks]
        return WeekCounts(
            lines=tuple(line for each in chosen for line in each.lines),
            claims=tuple(claim for each in chosen for claim in each.claims),
            prices=chosen[0].prices,
            tallies=tuple(tally for each in chosen for tally in each.tallies),
            missing=chosen[0].missing,
        )

    def _read(self, access: Access, weeks: Sequence[date], environment: Mapping[str, str]) -> WeekCounts:
        if access.name in self.failed:
            raise self.failed[access.name]
        try:
            with claim_sources.opened(access, environment=environment) as source:
                return source.week_counts(weeks[0], last_day(weeks[-1]))
        except AuditorError as error:
            self.failed[access.name] = error
            raise

    def outcomes(self, session: Session, source_id: int, *, before: datetime | None) -> tuple[AuditedOutcome, ...]:
        """All outcomes of a source; those of audits signed by then are scored once."""
        order = audits_in_order(session, source_id=source_id)
        fixed = self._fixed(session, order, before)
        new = [audit_id for audit_id in order if audit_id not in self.signed]
        fresh: dict[int, list[AuditedOutcome]] = defaultdict(list)
        for outcome in audited_outcomes(session, source_id=source_id, before=before, audit_ids=new):
            fresh[outcome.audit_id].append(outcome)
        self.signed |= {audit_id: tuple(fresh[audit_id]) for audit_id in new if audit_id in fixed}
        return tuple(outcome for audit_id in order for outcome in self.signed.get(audit_id, fresh[audit_id]))

    def _fixed(self, session: Session, audit_ids: Iterable[int], before: datetime | None) -> set[int]:
        """The audits that stand signed, and were so before a moment."""
        question = select(SignOff.audit_id).join(Audit, Audit.id == SignOff.audit_id)
        question = question.where(Audit.state == AuditState.SIGNED, SignOff.audit_id.in_(audit_ids))
        if before is not None:
            question = question.where(SignOff.signed_at < before)
        found = set(session.scalars(question))
        self.signed = {audit_id: kept for audit_id, kept in self.signed.items() if audit_id in found}
        return found


def _by_week(read: WeekCounts) -> dict[date, WeekCounts]:
    lines, claims, tallies = _grouped(read.lines), _grouped(read.claims), _grouped(read.tallies)
    return {
        week: replace(read, lines=lines.get(week, ()), claims=claims.get(week, ()), tallies=tallies.get(week, ()))
        for week in {*lines, *claims, *tallies}
    }


_Counted = TypeVar("_Counted", LineCount, ClaimCount, WeekTally)


def _grouped(counts: Iterable[_Counted]) -> dict[date, tuple[_Counted, ...]]:
    found: dict[date, list[_Counted]] = defaultdict(list)
    for each in counts:
        found[each.week_start].append(each)
    return {week: tuple(counted) for week, counted in found.items()}
