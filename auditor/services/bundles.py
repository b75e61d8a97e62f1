"""Folds what one run tells one person into one mail, so that a bad morning is one mail with a list.

Foldable are notices that are a sentence and a link: alerts about the machinery, reminders of actions, rebuttals,
records and queries. An alert that shows figures comes by itself, as do assignments, which carry a calendar entry.
What is folded keeps its row in the outbox, and with it the key under which it is told once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.mails import MailState
from auditor.domain.query_mails import QueryOccasion
from auditor.services import query_mails, record_reminders
from auditor.services.alert_folding import MACHINE
from auditor.services.follow_through import reminders
from auditor.services.letters import Letter, post
from auditor.services.notices import DRIFT_ALERT, Letterhead
from auditor.storage import history
from auditor.storage.monitors import OutboxMessage

KIND = "bundle"


def fold(session: Session, *, letterhead: Letterhead, at: datetime) -> int:
    """Fold what was queued at this moment and has not left yet; how many mails hold a list now."""
    people: dict[tuple[str, str], list[OutboxMessage]] = {}
    for message in _waiting(session, at):
        if _is_foldable(message):
            people.setdefault((message.recipient, message.content["recipient_name"]), []).append(message)
    several = [parts for parts in people.values() if len(parts) > 1]
    for parts in several:
        _fold(session, parts, letterhead=letterhead, at=at)
    return len(several)


def holding(mails: Iterable[OutboxMessage]) -> dict[int, int]:
    """In which of these mails each folded one went out, by their numbers."""
    bundled = (mail for mail in mails if mail.kind == KIND)
    return {part["message"]: mail.id for mail in bundled for part in mail.content["parts"] if "message" in part}


def _waiting(session: Session, at: datetime) -> Iterator[OutboxMessage]:
    """Mails to people from this moment; one that a sender claims meanwhile is left to it."""
    question = (
        select(OutboxMessage)
        .where(OutboxMessage.queued_at == at, OutboxMessage.state == MailState.QUEUED)
        .where(OutboxMessage.attempts == 0, OutboxMessage.channel.is_(None))
        .order_by(OutboxMessage.id)
        .with_for_update(skip_locked=True)
    )
    return iter(session.scalars(question))


def _is_foldable(message: OutboxMessage) -> bool:
    content = message.content
    if message.kind == DRIFT_ALERT:
        return content["story"]["kind"] == AlertKind.OPERATIONAL and not content["story"]["signals"]
    if message.kind == query_mails.KIND:
        return bool(content["occasion"] == QueryOccasion.OVERDUE)
    return message.kind in (reminders.KIND, record_reminders.KIND)


def _fold(session: Session, parts: Sequence[OutboxMessage], *, letterhead: Letterhead, at: datetime) -> None:
    keys = ",".join(each.idempotency_key for each in parts)
    letter = Letter(
        key=f"bundle-{sha256_text(keys)[:32]}",
        kind=KIND,
        recipient=parts[0].recipient,
        content={
            "recipient_name": parts[0].content["recipient_name"],
            "practice": letterhead.practice,
            "url": f"{letterhead.base_url.rstrip('/')}/",
            "parts": [{"message": each.id, "kind": each.kind, "content": each.content} for each in parts],
        },
        born_at=at,
        mail_domain=letterhead.mail_domain,
    )
    if not post(session, letter, at=at, not_before=max(each.next_try_at for each in parts)):
        raise ValueError("parts that were folded before are queued no more")
    for each in parts:
        each.state = MailState.FOLDED
    body = {"message_id": letter.message_id, "parts": [each.id for each in parts]}
    history.record(session, Event(kind=EventKind.MAIL_FOLDED, by=MACHINE, body=body), at=at)
