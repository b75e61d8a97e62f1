"""What metrics count of provider queries: how many of a case were answered, and whether one was missed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.queries import QueryState
from auditor.storage.cases import AuditCase
from auditor.storage.queries import MissedQuery, ProviderQuery


@dataclass(frozen=True, kw_only=True)
class QueryFacts:
    """Queries of a case that were answered, or closed without an answer; open ones are pending."""

    decided: int = 0
    answered: int = 0
    missed: bool = False


NONE = QueryFacts()


def of_audits(session: Session, audit_ids: Iterable[int]) -> Mapping[int, QueryFacts]:
    """The facts of every case that has any, by the number of the case."""
    wanted = list(audit_ids)
    answered = ProviderQuery.answered_at.is_not(None)
    question = (
        select(ProviderQuery.case_id, func.count(), func.count(ProviderQuery.answered_at))
        .join(AuditCase, AuditCase.id == ProviderQuery.case_id)
        .where(AuditCase.audit_id.in_(wanted), answered | (ProviderQuery.state == QueryState.CLOSED))
        .group_by(ProviderQuery.case_id)
    )
    asked = {case: {"decided": decided, "answered": known} for case, decided, known in session.execute(question)}
    missed_ones = select(MissedQuery.case_id).join(AuditCase, AuditCase.id == MissedQuery.case_id)
    missed = set(session.scalars(missed_ones.where(AuditCase.audit_id.in_(wanted))))
    return {case: QueryFacts(missed=case in missed, **asked.get(case, {})) for case in {*asked, *missed}}
