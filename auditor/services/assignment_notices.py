"""Mails to auditors who have got cases: one when they get their first of an audit, more when others join those.

Audits that are drawn together, such as past months at the first run, are told of in one mail a person.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, union_all
from sqlalchemy.orm import Session

from auditor.domain.assignment_mails import AssignedAudit
from auditor.domain.audits import AuditState, ReviewPass, ReviewStatus
from auditor.domain.chain import sha256_text
from auditor.services import schedule
from auditor.services.letters import Letter, post
from auditor.services.notices import Letterhead
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import OutboxMessage
from auditor.storage.people import User
from auditor.storage.review_work import FurtherReview

KIND = "audit_assigned"
_LOT = "assigned-lot-"
_ARRIVALS_APART = timedelta(days=1)  # claims of a rolling frame come in ones and twos: at most one mail a day


@dataclass(frozen=True, kw_only=True)
class _Given:
    """One review that somebody has to do: of the case with this number, coded blind or not."""

    number: int
    blind: bool
    done: bool


@dataclass(frozen=True, kw_only=True)
class _News:
    """What one auditor is told: the reviews that the mail is about, all that wait, and whether there were others."""

    key: str
    about: Sequence[_Given]
    waiting: int
    newest: int
    joined: bool


def queue(
    session: Session, audit_id: int, *, letterhead: Letterhead, at: datetime, people: Collection[str] | None = None
) -> int:
    """Tell every auditor with a mail address of cases that they were not told of yet; how many were told now.

    `people` are those who got cases from somebody else just now: they are told again, and only they.
    """
    if people is None:
        return queue_all(session, [audit_id], letterhead=letterhead, at=at)
    audit = session.get_one(Audit, audit_id)
    told = 0
    for user, given in _by_person(session, audit_id):
        news = (
            _passed_on(given, key=f"assigned-{audit_id}-{user.id}-{at.isoformat()}") if user.name in people else None
        )
        if news is not None:
            letter = _letter(session, [(audit, news)], user, letterhead)
            told += post(session, letter, at=at, not_before=letterhead.release(at))
    return told


def queue_all(session: Session, audit_ids: Iterable[int], *, letterhead: Letterhead, at: datetime) -> int:
    """Tell every auditor once of new cases in all of these audits; how many were told now."""
    everything: dict[int, tuple[User, list[tuple[Audit, _News]]]] = {}
    for audit_id in audit_ids:
        audit = session.get_one(Audit, audit_id)
        for user, given in _by_person(session, audit_id):
            key = f"assigned-{audit_id}-{user.id}"
            news = _fresh(audit, given, _told(session, user, audit_id), key=key, at=at)
            if news is not None:
                everything.setdefault(user.id, (user, []))[1].append((audit, news))
    letters = [_letter(session, found, user, letterhead) for user, found in everything.values()]
    return sum(post(session, letter, at=at, not_before=letterhead.release(at)) for letter in letters)


def _by_person(session: Session, audit_id: int) -> list[tuple[User, list[_Given]]]:
    """Everybody who can be told, with their reviews in the audit: second ones are not told apart."""
    of_audit = AuditCase.audit_id == audit_id
    first = select(
        AuditCase.assigned_to.label("name"),
        AuditCase.number.label("number"),
        AuditCase.blind.label("blind"),
        AuditCase.review_status.label("status"),
    ).where(of_audit)
    second = (
        select(FurtherReview.assigned_to, AuditCase.number, AuditCase.blind, FurtherReview.review_status)
        .join(FurtherReview.case)
        .where(of_audit, FurtherReview.review_pass == ReviewPass.SECOND)
    )
    every = union_all(first, second).subquery()
    question = (
        select(User, every.c.number, every.c.blind, every.c.status)
        .join(every, every.c.name == User.name)
        .where(User.disabled_at.is_(None), User.email.is_not(None))
        .order_by(User.id, every.c.number)
    )
    found: dict[int, tuple[User, list[_Given]]] = {}
    for user, number, blind, status in session.execute(question):
        given = _Given(number=number, blind=blind, done=status == ReviewStatus.DONE)
        found.setdefault(user.id, (user, []))[1].append(given)
    return list(found.values())


def _told(session: Session, user: User, audit_id: int) -> list[tuple[OutboxMessage, int]]:
    """The mails that somebody got about the audit, alone or with others, and the newest case that each told of."""
    key, lot = f"assigned-{audit_id}-{user.id}", f"{_LOT}{user.id}-"
    keys = OutboxMessage.idempotency_key
    named = or_(keys == key, *(keys.startswith(prefix, autoescape=True) for prefix in (f"{key}-", lot)))
    found = []
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == KIND, named)):
        parts = message.content.get("audits") or [{"audit_id": audit_id, "newest": message.content["newest"]}]
        found += [(message, int(part["newest"])) for part in parts if part["audit_id"] == audit_id]
    return found


def _fresh(
    audit: Audit, given: Sequence[_Given], told: Sequence[tuple[OutboxMessage, int]], *, key: str, at: datetime
) -> _News | None:
    """What is newer than the newest case that they were told of; None where there is nothing to tell now."""
    known = max((newest for _, newest in told), default=0)
    about = [each for each in given if each.number > known and not each.done]
    if not about:
        return None
    arriving = audit.state is AuditState.OPEN
    if arriving and any(message.queued_at > at - _ARRIVALS_APART for message, _ in told):
        return None
    newest = max(each.number for each in given)
    return _News(
        key=f"{key}-{newest}" if told else key,
        about=about,
        waiting=sum(not each.done for each in given),
        newest=newest,
        joined=bool(told),
    )


def _passed_on(given: Sequence[_Given], *, key: str) -> _News | None:
    """All that waits for somebody who got cases from another."""
    about = [each for each in given if not each.done]
    newest = max(each.number for each in given)
    return _News(key=key, about=about, waiting=len(about), newest=newest, joined=False) if about else None


def _letter(session: Session, found: Sequence[tuple[Audit, _News]], user: User, letterhead: Letterhead) -> Letter:
    """The mail about one audit, or about several at once."""
    audit, news = found[0]
    latest, several = audit.rounds[-1], len(found) > 1
    parts = [_part(session, each, told) for each, told in found] if several else []
    content = {
        "recipient_name": user.display_name,
        "practice": letterhead.practice,
        "audit_id": audit.id,
        "plan": audit.plan.name,
        "first_on": audit.first_on,
        "last_on": audit.last_on,
        "drawn_at": latest.drawn_at,
        "drawn_by": latest.drawn_by,
        "arriving": audit.state is AuditState.OPEN,
        "hold_days": audit.plan.hold_days,
        "cases": sum(len(told.about) for _, told in found),
        "blind": sum(each.blind for _, told in found for each in told.about),
        "joined": any(told.joined for _, told in found),
        "waiting": sum(told.waiting for _, told in found),
        "newest": news.newest,
        "queue_url": f"{letterhead.base_url.rstrip('/')}/review{'' if several else f'?audit={audit.id}'}",
        "time_zone": letterhead.time_zone,
        "finish_by": schedule.finish_by(session, audit),
        "audits": parts,
    }
    named = sha256_text(",".join(told.key for _, told in found))[:16]
    return Letter(
        key=f"{_LOT}{user.id}-{named}" if several else news.key,
        kind=KIND,
        recipient=str(user.email),
        content=content,
        born_at=audit.opened_at,
        mail_domain=letterhead.mail_domain,
    )


def _part(session: Session, audit: Audit, news: _News) -> AssignedAudit:
    return AssignedAudit(
        audit_id=audit.id,
        plan=audit.plan.name,
        first_on=audit.first_on,
        last_on=audit.last_on,
        cases=len(news.about),
        newest=news.newest,
        finish_by=schedule.finish_by(session, audit),
    )
