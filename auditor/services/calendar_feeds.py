"""A calendar for each person, behind a signed address that needs no login: due audits, and cases to review."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.calendar_entries import CalendarEntry
from auditor.domain.people import Role
from auditor.domain.schedules import Slot, SlotState
from auditor.errors import NotFound
from auditor.reports import figures
from auditor.services import people, schedule, signed_links
from auditor.services.notices import Letterhead
from auditor.services.signed_links import Link, Purpose
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import CalendarFeed, User
from auditor.storage.plans import Plan
from auditor.storage.practice_days import day_of

_GOOD_FOR = timedelta(days=3653)
_AHEAD = timedelta(days=400)
_OPEN = (SlotState.COMING, SlotState.ARRIVING, SlotState.DUE)
_GONE = "this calendar's address is no longer good: get the new one on your calendar page"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Whose calendar it is, and what is in it."""

    name: str
    entries: tuple[CalendarEntry, ...]


def token(session: Session, name: str, *, key: bytes, at: datetime, renew: bool = False) -> str:
    """The secret part of a person's address; `renew` makes another one, and the old one shows nothing any more."""
    user = people.named(session, name)
    feed = session.get(CalendarFeed, user.id)
    if feed is None:
        feed = CalendarFeed(user_id=user.id, number=1, made_at=at)
        session.add(feed)
    elif renew:
        feed.number, feed.made_at = feed.number + 1, at
    session.flush()
    link = Link(purpose=Purpose.CALENDAR, number=feed.number, user=user.name, expires_at=feed.made_at + _GOOD_FOR)
    return signed_links.token(link, key=key)


def feed(session: Session, text: str, *, key: bytes, letterhead: Letterhead, at: datetime) -> Feed:
    """What is behind an address; NotFound when it was renewed, or its owner may not act any more."""
    link = signed_links.opened(text, Purpose.CALENDAR, key=key, at=at)
    user = session.scalar(select(User).where(User.name == link.user, User.disabled_at.is_(None)))
    kept = session.get(CalendarFeed, user.id) if user else None
    if user is None or kept is None or kept.number != link.number:
        raise NotFound(_GONE)
    on = day_of(session, at)
    return Feed(name=user.display_name, entries=entries(session, user, letterhead=letterhead, on=on))


def entries(session: Session, user: User, *, letterhead: Letterhead, on: date) -> tuple[CalendarEntry, ...]:
    """A person's days: what falls due for officers and for auditors of the plan, and cases that wait for them.

    What is past its day and still open stands on today, and says since when it is overdue.
    """
    roles, base = set(user.roles), letterhead.base_url.rstrip("/")
    slots = schedule.all_slots(session, on=on, until=on + _AHEAD, reader=user.name)
    mine = _plans_of(session, user)
    found = [
        _due(slot, base=base, domain=letterhead.mail_domain)
        for slot in slots
        if slot.state in _OPEN and (Role.OFFICER in roles or slot.plan_id in mine)
    ]
    if Role.OFFICER in roles:
        found += [
            _sign(slot, base=base, domain=letterhead.mail_domain)
            for slot in slots
            if slot.state not in (*_OPEN, SlotState.SIGNED, SlotState.ABANDONED)
        ]
    waiting = _waiting(session, user)
    found += [
        _review(slot, waiting[slot.audit_id], base=base, domain=letterhead.mail_domain)
        for slot in slots
        if slot.audit_id in waiting
    ]
    found.sort(key=lambda entry: (entry.on, entry.uid))
    return tuple(sorted((_today_at_least(each, on) for each in found), key=lambda entry: entry.on))


def _today_at_least(entry: CalendarEntry, on: date) -> CalendarEntry:
    """The entry, on today where its day is past; it changes day by day, so that calendars move it along."""
    if entry.on >= on:
        return entry
    summary = f"Overdue since {figures.day(entry.on)}: {entry.summary}"
    return replace(entry, on=on, summary=summary, changed_at=_start(on))


def _plans_of(session: Session, user: User) -> set[int]:
    return {plan.id for plan in session.scalars(select(Plan)) if user.name in plan.auditors or user.name == plan.lead}


def _waiting(session: Session, user: User) -> dict[int | None, int]:
    """How many cases wait for a person, by audit."""
    rows = session.execute(
        select(AuditCase.audit_id, func.count())
        .join(Audit, Audit.id == AuditCase.audit_id)
        .where(AuditCase.assigned_to == user.name, AuditCase.review_status == ReviewStatus.PENDING)
        .where(Audit.state == AuditState.DRAWN)
        .group_by(AuditCase.audit_id)
    )
    return {row[0]: row[1] for row in rows}


def _due(slot: Slot, *, base: str, domain: str) -> CalendarEntry:
    return CalendarEntry(
        uid=f"due-{slot.plan_id}-{slot.period.first_on}@{domain}",
        on=slot.due_on,
        summary=f"Audit falls due: {slot.plan}",
        description=f"Claims from {figures.days(slot.period.first_on, slot.period.last_on)}.",
        url=f"{base}/plans/{slot.plan_id}",
        changed_at=_start(slot.due_on),
    )


def _sign(slot: Slot, *, base: str, domain: str) -> CalendarEntry:
    return CalendarEntry(
        uid=f"sign-{slot.audit_id}@{domain}",
        on=slot.finish_by,
        summary=f"To be signed: audit {slot.audit_id}, {slot.plan}",
        description=f"{slot.done} of {slot.cases} cases are done.",
        url=f"{base}/audits/{slot.audit_id}",
        changed_at=_start(slot.due_on),
    )


def _review(slot: Slot, cases: int, *, base: str, domain: str) -> CalendarEntry:
    return CalendarEntry(
        uid=f"review-{slot.audit_id}@{domain}",
        on=slot.finish_by,
        summary=f"{cases} case{'s' if cases != 1 else ''} to review: {slot.plan}",
        description=f"Audit {slot.audit_id} should be signed by {figures.day(slot.finish_by)}.",
        url=f"{base}/review?audit={slot.audit_id}",
        changed_at=_start(slot.due_on),
    )


def _start(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)
