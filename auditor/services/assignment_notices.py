"""Mails to auditors whose cases have been drawn: one each, put into the outbox once an audit."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Subquery, case, func, select, union_all
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.chain import plain, sha256_text
from auditor.domain.mails import MailState
from auditor.services import schedule
from auditor.services.notices import Letterhead
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import OutboxMessage
from auditor.storage.people import User
from auditor.storage.review_work import FurtherReview


def queue(
    session: Session, audit_id: int, *, letterhead: Letterhead, at: datetime, people: Collection[str] | None = None
) -> int:
    """Tell every auditor with cases in the audit and a mail address; how many were told now.

    `people` are those who got cases from somebody else just now: they are told again, and only they.
    """
    audit = session.get_one(Audit, audit_id)
    given = _given(audit_id)
    blind = func.sum(case((given.c.blind.is_(True), 1), else_=0))
    question = (
        select(User.id, func.count(), blind)
        .join(given, given.c.name == User.name)
        .where(User.disabled_at.is_(None), User.email.is_not(None))
        .group_by(User.id)
        .order_by(User.id)
    )
    told = 0
    for user_id, cases, blind_cases in session.execute(question).all():
        user = session.get_one(User, user_id)
        if people is not None and user.name not in people:
            continue
        key = f"assigned-{audit_id}-{user.id}{'' if people is None else f'-{at.isoformat()}'}"
        if session.scalar(select(OutboxMessage.id).where(OutboxMessage.idempotency_key == key)):
            continue
        message = _message(audit, user, (cases, int(blind_cases)), letterhead=letterhead, key=key)
        message.queued_at = message.next_try_at = at
        session.add(message)
        told += 1
    return told


def _given(audit_id: int) -> Subquery:
    """Every review of the audit by whom it was given to: second ones are not told apart."""
    first = select(AuditCase.assigned_to.label("name"), AuditCase.blind).where(AuditCase.audit_id == audit_id)
    second = (
        select(FurtherReview.assigned_to, AuditCase.blind)
        .join(FurtherReview.case)
        .where(AuditCase.audit_id == audit_id, FurtherReview.review_pass == ReviewPass.SECOND)
    )
    return union_all(first, second).subquery()


def _message(audit: Audit, user: User, cases: tuple[int, int], *, letterhead: Letterhead, key: str) -> OutboxMessage:
    content = {
        "recipient_name": user.display_name,
        "practice": letterhead.practice,
        "audit_id": audit.id,
        "plan": audit.plan.name,
        "first_on": audit.first_on,
        "last_on": audit.last_on,
        "drawn_at": audit.drawn_at,
        "drawn_by": audit.opened_by,
        "cases": cases[0],
        "blind": cases[1],
        "queue_url": f"{letterhead.base_url.rstrip('/')}/review?audit={audit.id}",
        "time_zone": letterhead.time_zone,
        "finish_by": schedule.finish_by(audit),
    }
    token = sha256_text(f"{key} {audit.opened_at.isoformat()}")[:32]
    return OutboxMessage(
        idempotency_key=key,
        message_id=f"<{token}@{letterhead.mail_domain}>",
        kind="audit_assigned",
        recipient=str(user.email),
        content=plain(content),
        state=MailState.QUEUED,
    )
