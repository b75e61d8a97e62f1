"""Mails about provider queries, put into the outbox: the provider's has the link, the asker's tells what happened."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.query_mails import QueryOccasion
from auditor.services.letters import Letter, post
from auditor.services.notices import Letterhead
from auditor.storage.people import User
from auditor.storage.practice_days import day_of
from auditor.storage.queries import ProviderQuery

KIND = "provider_query"


@dataclass(frozen=True, kw_only=True)
class _Told:
    occasion: QueryOccasion
    key: str
    recipient: str
    recipient_name: str
    url: str
    on: date


def ask(
    session: Session, query: ProviderQuery, occasion: QueryOccasion, *, letterhead: Letterhead, at: datetime
) -> int:
    """Write to the provider; how many mails were queued (0 without an address, or when it was queued before)."""
    user = _user(session, query.addressee)
    recipient = query.email or (user.email if user else None)
    if recipient is None:
        return 0
    told = _Told(
        occasion=occasion,
        key=f"query-{query.id}-{occasion}-{query.reminders}",
        recipient=recipient,
        recipient_name=user.display_name if user else "",
        url=f"{letterhead.base_url.rstrip('/')}/answer/{query.link}",
        on=day_of(session, at),
    )
    return _queue(session, query, told, letterhead=letterhead, at=at)


def tell_asker(
    session: Session, query: ProviderQuery, occasion: QueryOccasion, *, letterhead: Letterhead, at: datetime
) -> int:
    """Write to whoever asked, once an occasion; how many mails were queued."""
    user = _user(session, query.asked_by)
    if user is None or user.email is None or user.disabled_at is not None:
        return 0
    told = _Told(
        occasion=occasion,
        key=f"query-{query.id}-{occasion}-asker",
        recipient=user.email,
        recipient_name=user.display_name,
        url=f"{letterhead.base_url.rstrip('/')}/cases/{query.case_id}/queries/{query.id}",
        on=day_of(session, at),
    )
    return _queue(session, query, told, letterhead=letterhead, at=at)


def _queue(session: Session, query: ProviderQuery, told: _Told, *, letterhead: Letterhead, at: datetime) -> int:
    asker = _user(session, query.asked_by)
    content = {
        "occasion": told.occasion,
        "recipient_name": told.recipient_name,
        "practice": letterhead.practice,
        "query_id": query.id,
        "audit_id": query.case.audit_id,
        "case_number": query.case.number,
        "asked_by": asker.display_name if asker else query.asked_by,
        "due_on": query.due_on,
        "overdue": told.on > query.due_on,
        "url": told.url,
    }
    letter = Letter(
        key=told.key,
        kind=KIND,
        recipient=told.recipient,
        content=content,
        born_at=query.drafted_at,
        mail_domain=letterhead.mail_domain,
    )
    return int(post(session, letter, at=at))


def _user(session: Session, name: str | None) -> User | None:
    return session.scalar(select(User).where(User.name == name)) if name else None
