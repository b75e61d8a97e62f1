"""The outbox: which mails are due, who may send each, and what became of it. Sends nothing.

A mail is claimed by a change of state that only one sender can make; what was claimed and never reported back is
`uncertain`, and is not sent again by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from auditor.domain.checkpoints import Checkpoint
from auditor.domain.events import Event, EventKind
from auditor.domain.mails import MailState
from auditor.domain.stories import RenderedMail
from auditor.errors import Conflict, NotFound
from auditor.storage import history
from auditor.storage.monitors import OutboxMessage

MOST_ATTEMPTS = 8
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)
_LOST_AFTER = timedelta(minutes=30)
_MOST_ERROR_LETTERS = 300


@dataclass(frozen=True, kw_only=True)
class DueMail:
    """A mail that may be sent now, with what is needed to render it."""

    id: int
    kind: str
    content: dict[str, Any]
    channel: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutgoingMail:
    """A mail that this sender has claimed."""

    id: int
    message_id: str
    recipient: str
    rendered: RenderedMail
    written_at: datetime


def due(session: Session, *, at: datetime) -> list[DueMail]:
    """Queued mails whose time has come, the oldest first."""
    question = (
        select(OutboxMessage)
        .where(OutboxMessage.state == MailState.QUEUED, OutboxMessage.next_try_at <= at)
        .order_by(OutboxMessage.id)
    )
    return [
        DueMail(id=row.id, kind=row.kind, content=row.content, channel=row.channel)
        for row in session.scalars(question)
    ]


def checkpoint(session: Session) -> Checkpoint:
    """The newest entry of the event log, as the foot of a mail names it."""
    number, sha256 = history.head(session)
    return Checkpoint(number=number, sha256=sha256)


def claim(session: Session, mail_id: int, rendered: RenderedMail, *, at: datetime) -> OutgoingMail | None:
    """Take a queued mail for sending, as rendered; None when another sender was faster."""
    claimed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == mail_id, OutboxMessage.state == MailState.QUEUED)
        .values(
            state=MailState.SENDING,
            attempts=OutboxMessage.attempts + 1,
            claimed_at=at,
            subject=rendered.subject,
            body_text=rendered.text,
            body_html=rendered.html,
            chart_png=rendered.chart_png,
        )
    )
    if not isinstance(claimed, CursorResult) or claimed.rowcount != 1:
        return None
    row = session.get_one(OutboxMessage, mail_id)
    return OutgoingMail(
        id=row.id, message_id=row.message_id, recipient=row.recipient, rendered=rendered, written_at=row.queued_at
    )


def sent(session: Session, mail_id: int, *, at: datetime) -> None:
    """The server took it."""
    row = session.get_one(OutboxMessage, mail_id)
    row.state, row.sent_at, row.last_error = MailState.SENT, at, None
    _log(session, row, EventKind.MAIL_SENT, at=at)


def refused(session: Session, mail_id: int, *, error: str, permanent: bool, at: datetime) -> MailState:
    """The server did not take it: try again later, or give up when it said never or too many tries have failed."""
    row = session.get_one(OutboxMessage, mail_id)
    row.last_error = error[:_MOST_ERROR_LETTERS]
    if permanent or row.attempts >= MOST_ATTEMPTS:
        row.state = MailState.DEAD
        _log(session, row, EventKind.MAIL_FAILED, at=at)
    else:
        row.state = MailState.QUEUED
        row.next_try_at = at + min(_FIRST_WAIT * 2 ** (row.attempts - 1), _LONGEST_WAIT)
    return row.state


def uncertain(session: Session, mail_id: int, *, error: str, at: datetime) -> None:
    """The server had it in hand and never told its fate."""
    row = session.get_one(OutboxMessage, mail_id)
    row.state, row.last_error = MailState.UNCERTAIN, error[:_MOST_ERROR_LETTERS]
    _log(session, row, EventKind.MAIL_FAILED, at=at)


def give_up_lost(session: Session, *, at: datetime) -> int:
    """Mails that a sender claimed long ago and never reported on become uncertain; how many."""
    question = select(OutboxMessage).where(
        OutboxMessage.state == MailState.SENDING, OutboxMessage.claimed_at < at - _LOST_AFTER
    )
    lost = list(session.scalars(question))
    for row in lost:
        uncertain(session, row.id, error="its sender stopped before it reported", at=at)
    return len(lost)


def send_again(session: Session, mail_id: int, *, at: datetime) -> OutboxMessage:
    """Queue a mail of uncertain fate, or one that was given up, once more, because a person says so."""
    row = session.get(OutboxMessage, mail_id)
    if row is None:
        raise NotFound(f"there is no mail {mail_id}: see `auditor mail list`")
    if row.state not in (MailState.UNCERTAIN, MailState.DEAD):
        raise Conflict(f"mail {mail_id} is {row.state}: only an uncertain or dead one is sent again")
    row.state, row.next_try_at, row.attempts = MailState.QUEUED, at, 0
    _log(session, row, EventKind.MAIL_QUEUED, at=at)
    return row


def every(session: Session) -> Sequence[OutboxMessage]:
    """All mails, the newest first."""
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).all()


def about(session: Session, alert_id: int) -> Sequence[OutboxMessage]:
    """Who was told of an alert, the first first."""
    question = select(OutboxMessage).where(OutboxMessage.alert_id == alert_id)
    return session.scalars(question.order_by(OutboxMessage.id)).all()


def counts(session: Session) -> dict[str, int]:
    """How many mails stand where."""
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all()
    return {state.value: number for state, number in rows}


def _log(session: Session, row: OutboxMessage, kind: EventKind, *, at: datetime) -> None:
    body = {"message": row.id, "kind": row.kind, "message_id": row.message_id, "state": row.state.value}
    history.record(session, Event(kind=kind, by="auditor", body=body), at=at)
