"""Reminds providers of open queries, and tells whoever asked when one is overdue. Running it again adds nothing."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from auditor.domain.queries import QueryState
from auditor.domain.query_mails import QueryOccasion
from auditor.services import queries, query_mails
from auditor.services.notices import Letterhead
from auditor.storage.practice_days import day_of
from auditor.storage.queries import ProviderQuery

REMINDED = tuple(timedelta(days=days) for days in (-1, 3, 7))
"""On which days a provider is reminded, counted from the day on which the answer is due."""


def remind(session: Session, *, letterhead: Letterhead, on: date, at: datetime) -> int:
    """Queue what is due on a day; how many mails."""
    told = 0
    for query in queries.listed(session, state=QueryState.OPEN):
        if _is_due(session, query, on):
            query.reminders = sum(query.due_on + after <= on for after in REMINDED)
            told += query_mails.ask(session, query, QueryOccasion.REMINDER, letterhead=letterhead, at=at)
        if on > query.due_on:
            told += query_mails.tell_asker(session, query, QueryOccasion.OVERDUE, letterhead=letterhead, at=at)
    return told


def _is_due(session: Session, query: ProviderQuery, on: date) -> bool:
    """Whether a reminder's day has come that was not used; never on the day of the question itself."""
    asked_today = query.opened_at is None or day_of(session, query.opened_at) >= on
    return not asked_today and sum(query.due_on + after <= on for after in REMINDED) > query.reminders
