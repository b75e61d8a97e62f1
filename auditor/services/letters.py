"""Puts what is to be told into the outbox: once under its key, with a Message-ID that stays, and with an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import plain, sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.mails import MailState
from auditor.storage import history
from auditor.storage.monitors import OutboxMessage


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail, or one message to a `channel`. `key` names what is told to whom: the same key is never queued twice.

    `born_at` is the moment of what it is about; with the key it makes a Message-ID that no other database shares.
    """

    key: str
    kind: str
    recipient: str
    content: Mapping[str, object]
    born_at: datetime
    mail_domain: str
    channel: str | None = None
    alert_id: int | None = None

    @property
    def message_id(self) -> str:
        """The Message-ID, the same however often it is asked for."""
        return f"<{sha256_text(f'{self.key} {self.born_at.isoformat()}')[:32]}@{self.mail_domain}>"


def post(session: Session, letter: Letter, *, at: datetime, not_before: datetime | None = None) -> bool:
    """Queue it, to go out from `not_before` on; False when it was queued before."""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.idempotency_key == letter.key)) is not None:
        return False
    message = OutboxMessage(
        idempotency_key=letter.key,
        message_id=letter.message_id,
        kind=letter.kind,
        recipient=letter.recipient,
        channel=letter.channel,
        content=plain(letter.content),
        alert_id=letter.alert_id,
        state=MailState.QUEUED,
        queued_at=at,
        next_try_at=not_before or at,
    )
    session.add(message)
    session.flush()
    body = {"message": message.id, "kind": message.kind, "message_id": message.message_id}
    about = {} if letter.alert_id is None else {"alert": letter.alert_id}
    history.record(session, Event(kind=EventKind.MAIL_QUEUED, by="auditor", body={**body, **about}), at=at)
    return True
