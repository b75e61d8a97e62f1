"""What the outbox keeps, written out: each kind of mail by its templates, each channel by its form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from auditor.domain.assignment_mails import AssignmentMail
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.digest_mails import DigestMail
from auditor.domain.follow_through_mails import FollowThroughMail
from auditor.domain.notices import ChannelKind
from auditor.domain.query_mails import QueryMail
from auditor.domain.record_mails import RecordMail
from auditor.domain.signature_mails import SignatureMail
from auditor.domain.stories import RenderedMail, StoryMail
from auditor.reports import (
    assignment_mails,
    channel_messages,
    digest_mails,
    follow_through_mails,
    mail_documents,
    query_mails,
    record_mails,
    signature_mails,
)
from auditor.services import digests, record_reminders, signature_notices
from auditor.services.signed_links import Link, Purpose, token

LINK_DAYS = 14


def rendered(kind: str, content: Mapping[str, object], checkpoint: Checkpoint) -> RenderedMail:
    """A mail's texts and chart from what the outbox keeps of it."""
    whole = _whole(content, checkpoint)
    if kind == "audit_assigned":
        return assignment_mails.render(msgspec.convert(whole, AssignmentMail))
    if kind == "follow_through":
        return follow_through_mails.render(msgspec.convert(whole, FollowThroughMail))
    if kind == digests.KIND:
        return digest_mails.render(msgspec.convert(whole, DigestMail))
    if kind == signature_notices.KIND:
        return signature_mails.render(msgspec.convert(whole, SignatureMail))
    if kind == "provider_query":
        return query_mails.render(msgspec.convert(whole, QueryMail))
    if kind == record_reminders.KIND:
        return record_mails.render(msgspec.convert(whole, RecordMail))
    return mail_documents.render(msgspec.convert(whole, StoryMail))


def alert_mail(
    content: Mapping[str, object], checkpoint: Checkpoint, *, link_key: bytes, at: datetime
) -> RenderedMail:
    """A mail about an alert, with the reader's own link to acknowledge it where there is something to acknowledge."""
    mail = msgspec.convert(_whole(content, checkpoint), StoryMail)
    if mail.recipient and not mail.occasion.is_over:
        link = Link(
            purpose=Purpose.ACKNOWLEDGE,
            number=mail.alert_id,
            user=mail.recipient,
            expires_at=at + timedelta(days=LINK_DAYS),
        )
        place = mail.alert_url.rpartition("/alerts/")[0]
        mail = replace(mail, acknowledge_url=f"{place}/acknowledge/{token(link, key=link_key)}")
    return mail_documents.render(mail)


def channel_message(kind: ChannelKind, content: Mapping[str, object], checkpoint: Checkpoint) -> RenderedMail:
    """A message to a channel; its text is the JSON that the channel takes."""
    return channel_messages.render(kind, msgspec.convert(_whole(content, checkpoint), StoryMail))


def _whole(content: Mapping[str, object], checkpoint: Checkpoint) -> dict[str, object]:
    return {**content, "checkpoint": {"number": checkpoint.number, "sha256": checkpoint.sha256}}
