"""Sends what the outbox holds: rendered and claimed, handed over outside any transaction, its fate written down.

One message a transaction; any number of senders may work at once, and no message goes out twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from auditor.domain.assignment_mails import AssignmentMail
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.follow_through_mails import FollowThroughMail
from auditor.domain.query_mails import QueryMail
from auditor.domain.stories import RenderedMail, StoryMail
from auditor.mail.messages import message
from auditor.mail.transports import FateUnknown, NotTaken, Transport
from auditor.reports import assignment_mails, follow_through_mails, mail_documents, query_mails
from auditor.services import outbox
from auditor.services.outbox import DueMail, OutgoingMail
from auditor.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Sender:
    """On whose behalf mails go out, and how."""

    transport: Transport
    sender: str
    practice: str


@dataclass(kw_only=True)
class Delivery:
    """What became of the mails that were due."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    uncertain: int = 0


def deliver(database: Database, sender: Sender, *, now: Callable[[], datetime]) -> Delivery:
    """Send every mail that is due; `now` tells the moment again for each."""
    done = Delivery()
    with database.write() as session:
        done.uncertain += outbox.give_up_lost(session, at=now())
    with database.read() as session:
        waiting = outbox.due(session, at=now())
    for mail in waiting:
        claimed = _claimed(database, mail, at=now())
        if claimed is not None:
            _hand_over(database, sender, claimed, now=now, done=done)
    return done


def _claimed(database: Database, mail: DueMail, *, at: datetime) -> OutgoingMail | None:
    with database.read() as session:
        checkpoint = outbox.checkpoint(session)
    written = rendered(mail.kind, mail.content, checkpoint)
    with database.write() as session:
        return outbox.claim(session, mail.id, written, at=at)


def rendered(kind: str, content: Mapping[str, object], checkpoint: Checkpoint) -> RenderedMail:
    """A mail's texts and chart from what the outbox keeps of it."""
    whole = {**content, "checkpoint": {"number": checkpoint.number, "sha256": checkpoint.sha256}}
    if kind == "audit_assigned":
        return assignment_mails.render(msgspec.convert(whole, AssignmentMail))
    if kind == "follow_through":
        return follow_through_mails.render(msgspec.convert(whole, FollowThroughMail))
    if kind == "provider_query":
        return query_mails.render(msgspec.convert(whole, QueryMail))
    return mail_documents.render(msgspec.convert(whole, StoryMail))


def _hand_over(
    database: Database, sender: Sender, mail: OutgoingMail, *, now: Callable[[], datetime], done: Delivery
) -> None:
    try:
        sender.transport.send(message(mail, sender=sender.sender, practice=sender.practice))
    except NotTaken as error:
        with database.write() as session:
            state = outbox.refused(session, mail.id, error=str(error), permanent=error.permanent, at=now())
        done.dead += state.is_final
        done.put_off += not state.is_final
    except FateUnknown as error:
        with database.write() as session:
            outbox.uncertain(session, mail.id, error=str(error), at=now())
        done.uncertain += 1
    else:
        with database.write() as session:
            outbox.sent(session, mail.id, at=now())
        done.sent += 1
