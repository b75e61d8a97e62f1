"""A story as a message to a channel: JSON for a webhook or a log, blocks for Slack, a card for Teams.

Forms: Slack Block Kit for incoming webhooks; Adaptive Cards 1.4 as Teams workflows take them.
Holds what a story holds, and no more.
"""

import json
from collections.abc import Mapping
from html import escape

from auditor.domain.chain import plain
from auditor.domain.notices import ChannelKind
from auditor.domain.stories import RenderedMail, StoryMail
from auditor.reports import mail_documents, story_tables
from auditor.reports.document import KeyFigure
from auditor.reports.words import say

_MOST_HEAD = 150  # letters of a Slack header
_CARD = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


def render(kind: ChannelKind, mail: StoryMail) -> RenderedMail:
    """The message; its text is the body to post, or the line to write."""
    subject = mail_documents.subject(mail)
    forms = {ChannelKind.SLACK: _slack, ChannelKind.TEAMS: _teams}
    form = forms.get(kind)
    body = form(mail, subject) if form else _event(mail)
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return RenderedMail(subject=subject, text=text, html="", chart_png=None)


def _event(mail: StoryMail) -> Mapping[str, object]:
    """What machines read: the whole story but its chart, under the names of the product."""
    story = plain(mail.story)
    if not isinstance(story, dict):
        raise ValueError("a story is told as an object")
    story.pop("chart")
    return {
        "event": f"alert.{mail.occasion}",
        "alert": mail.alert_id,
        "url": mail.alert_url,
        "practice": mail.practice,
        "opened_at": mail.opened_at.isoformat(),
        "owner": mail.owner,
        "story": story,
        "checkpoint": {"number": mail.checkpoint.number, "sha256": mail.checkpoint.sha256},
    }


def _slack(mail: StoryMail, subject: str) -> Mapping[str, object]:
    blocks: list[object] = [
        {"type": "header", "text": {"type": "plain_text", "text": subject[:_MOST_HEAD]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": escape(_sentences(mail), quote=False)}},
    ]
    figures = [f"*{figure.label}*\n{escape(_figure(figure), quote=False)}" for figure in _figures(mail)]
    if figures:
        blocks.append({"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in figures]})
    button = {"type": "button", "text": {"type": "plain_text", "text": _open(mail)}, "url": mail.alert_url}
    blocks.append({"type": "actions", "elements": [button]})
    return {"text": subject, "blocks": blocks}


def _teams(mail: StoryMail, subject: str) -> Mapping[str, object]:
    body: list[object] = [
        {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "text": subject, "wrap": True},
        {"type": "TextBlock", "text": _sentences(mail), "wrap": True},
    ]
    facts = [{"title": figure.label, "value": _figure(figure)} for figure in _figures(mail)]
    if facts:
        body.append({"type": "FactSet", "facts": facts})
    card = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": _open(mail), "url": mail.alert_url}],
    }
    return {"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]}


def _figures(mail: StoryMail) -> tuple[KeyFigure, ...]:
    return () if mail.occasion.is_over else story_tables.key_figures(mail.story)


def _figure(figure: KeyFigure) -> str:
    return f"{figure.value} ({figure.span})" if figure.span else figure.value


def _sentences(mail: StoryMail) -> str:
    opened = mail_documents.opened(mail)
    told = [say("mail", name, mail=mail, opened=opened) for name in ("opening", "next", "owner")]
    return " ".join(part for part in (told[0], mail.story.sentence, *told[1:]) if part)


def _open(mail: StoryMail) -> str:
    return say("mail", "open", mail=mail)
