"""How long providers took to answer, and how many queries are open or overdue."""

from dataclasses import dataclass
from datetime import date
from statistics import mean, median

from sqlalchemy.orm import Session

from auditor.domain.queries import QueryState
from auditor.services import queries

_DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class ResponseTimes:
    """Days from the question to the answer, None when nobody has answered yet; and what is still open."""

    answered: int
    median_days: float | None
    mean_days: float | None
    unanswered: int
    open: int
    overdue: int


def response_times(session: Session, *, on: date, reader: str | None = None) -> ResponseTimes:
    """Over all queries that were sent; for a reader, those of audits that they may know of."""
    sent = [each for each in queries.listed(session, reader=reader) if each.opened_at is not None]
    days = [
        (each.answered_at - each.opened_at).total_seconds() / _DAY_SECONDS
        for each in sent
        if each.answered_at is not None and each.opened_at is not None
    ]
    waiting = [each for each in sent if each.state is QueryState.OPEN]
    return ResponseTimes(
        answered=len(days),
        median_days=median(days) if days else None,
        mean_days=mean(days) if days else None,
        unanswered=sum(each.state is QueryState.CLOSED and each.answered_at is None for each in sent),
        open=len(waiting),
        overdue=sum(each.due_on < on for each in waiting),
    )
