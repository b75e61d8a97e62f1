"""What the outbox keeps, written out: each kind of mail by its templates, each channel by its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from auditor.domain.assignment_mails import AssignmentMail
from auditor.domain.bundle_mails import BundleItem, BundleMail
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
    bundle_mails,
    channel_messages,
    digest_mails,
    follow_through_mails,
    mail_documents,
    query_mails,
    record_mails,
    signature_mails,
)
from auditor.services import assignment_notices, digests, record_reminders, signature_notices
from auditor.services import query_mails as queries
from auditor.services.follow_through import reminders
from auditor.services.notices import DRIFT_ALERT
from auditor.services.signed_links import Link, Purpose, token

LINK_DAYS = 14

_SHEETS: dict[str, tuple[Any, Callable[[Any], RenderedMail]]] = {
    DRIFT_ALERT: (StoryMail, mail_documents.render),
    assignment_notices.KIND: (AssignmentMail, assignment_mails.render),
    reminders.KIND: (FollowThroughMail, follow_through_mails.render),
    digests.KIND: (DigestMail, digest_mails.render),
    signature_notices.KIND: (SignatureMail, signature_mails.render),
    queries.KIND: (QueryMail, query_mails.render),
    record_reminders.KIND: (RecordMail, record_mails.render),
}
_ITEMS: dict[str, Callable[[Any], BundleItem]] = {
    reminders.KIND: follow_through_mails.item,
    queries.KIND: query_mails.item,
    record_reminders.KIND: record_mails.item,
}


@dataclass(frozen=True, kw_only=True)
class ReaderLinks:
    """What signs the links that only one reader has, and the moment from which they are good."""

    key: bytes = field(repr=False)
    at: datetime

    def linked(self, mail: StoryMail) -> StoryMail:
        """The mail with its reader's link to acknowledge, where there is something to acknowledge."""
        if not mail.recipient or mail.occasion.is_over:
            return mail
        link = Link(
            purpose=Purpose.ACKNOWLEDGE,
            number=mail.alert_id,
            user=mail.recipient,
            expires_at=self.at + timedelta(days=LINK_DAYS),
        )
        place = mail.alert_url.rpartition("/alerts/")[0]
        return replace(mail, acknowledge_url=f"{place}/acknowledge/{token(link, key=self.key)}")


def rendered(kind: str, content: Mapping[str, object], checkpoint: Checkpoint) -> RenderedMail:
    """A mail's texts and chart from what the outbox keeps of it."""
    told, render = _SHEETS[kind]
    return render(msgspec.convert(_whole(content, checkpoint), told))


def alert_mail(content: Mapping[str, object], checkpoint: Checkpoint, reader: ReaderLinks) -> RenderedMail:
    """A mail about an alert, with the reader's own link to acknowledge it where there is something to acknowledge."""
    mail = msgspec.convert(_whole(content, checkpoint), StoryMail)
    return mail_documents.render(reader.linked(mail))


def bundle_mail(content: Mapping[str, Any], checkpoint: Checkpoint, reader: ReaderLinks) -> RenderedMail:
    """A mail that holds a list; an alert stands there once, as told of last, with the reader's own link."""
    items = {_subject(part, place): _item(part, checkpoint, reader) for place, part in enumerate(content["parts"])}
    shared = {name: content[name] for name in ("recipient_name", "practice", "url")}
    return bundle_mails.render(BundleMail(**shared, items=tuple(items.values()), checkpoint=checkpoint))


def _subject(part: Mapping[str, Any], place: int) -> object:
    """An alert by its number, so that what is told of it last stands for all; anything else for itself."""
    return part["content"]["alert_id"] if part["kind"] == DRIFT_ALERT else f"part {place}"


def _item(part: Mapping[str, Any], checkpoint: Checkpoint, reader: ReaderLinks) -> BundleItem:
    told, _ = _SHEETS[part["kind"]]
    mail = msgspec.convert(_whole(part["content"], checkpoint), told)
    return mail_documents.item(reader.linked(mail)) if isinstance(mail, StoryMail) else _ITEMS[part["kind"]](mail)


def channel_message(kind: ChannelKind, content: Mapping[str, object], checkpoint: Checkpoint) -> RenderedMail:
    """A message to a channel; its text is the JSON that the channel takes."""
    return channel_messages.render(kind, msgspec.convert(_whole(content, checkpoint), StoryMail))


def _whole(content: Mapping[str, object], checkpoint: Checkpoint) -> dict[str, object]:
    return {**content, "checkpoint": {"number": checkpoint.number, "sha256": checkpoint.sha256}}
