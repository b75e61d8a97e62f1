"""Mails to those whom a rebuttal or an action concerns, each thing told once; `run-due` queues what is new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.corrective_actions import ActionState, occasion
from auditor.domain.follow_through_mails import Told
from auditor.domain.rebuttals import RebuttalStep
from auditor.services.follow_through import actions
from auditor.services.letters import Letter, post
from auditor.services.notices import Letterhead
from auditor.storage.follow_through import CorrectiveAction, Rebuttal, RebuttalEntry
from auditor.storage.people import User

KIND = "follow_through"
_REPEAT = timedelta(days=7)
_MOST_REPEATS = 4
_STEPS = {
    RebuttalStep.ARGUED: Told.REBUTTAL_ARGUED,
    RebuttalStep.ESCALATED: Told.REBUTTAL_ESCALATED,
    RebuttalStep.UPHELD: Told.REBUTTAL_UPHELD,
    RebuttalStep.OVERTURNED: Told.REBUTTAL_OVERTURNED,
}


@dataclass(frozen=True, kw_only=True)
class _News:
    """One thing to be told to one person; `key` is told once."""

    key: str
    to: str
    told: Told
    path: str
    number: int
    content: dict[str, object]


def queue(session: Session, *, letterhead: Letterhead, since: datetime, on: date, at: datetime) -> int:
    """Queue every mail that is due and was not queued before, of rebuttals what came after `since`; how many."""
    queued = 0
    for news in (*_of_rebuttals(session, since), *_of_actions(actions.every(session, only_open=True), on)):
        user = session.scalar(select(User).where(User.name == news.to, User.disabled_at.is_(None)))
        if user is not None and user.email:
            queued += post(session, _letter(news, user, letterhead), at=at)
    return queued


def _of_rebuttals(session: Session, since: datetime) -> Iterator[_News]:
    question = (
        select(RebuttalEntry, Rebuttal)
        .join(Rebuttal, Rebuttal.id == RebuttalEntry.rebuttal_id)
        .where(RebuttalEntry.at > since, RebuttalEntry.step.in_(list(_STEPS)))
        .order_by(RebuttalEntry.id)
    )
    for entry, rebuttal in session.execute(question):
        case = rebuttal.case
        to = {
            RebuttalStep.ARGUED: case.reviewed_by,
            RebuttalStep.ESCALATED: entry.escalated_to,
        }.get(entry.step, rebuttal.argued_by)
        if to is not None:
            yield _News(
                key=f"rebuttal-{rebuttal.id}-{entry.number}",
                to=to,
                told=_STEPS[entry.step],
                path=f"/results/{case.id}",
                number=rebuttal.id,
                content={"audit_id": case.audit_id, "case_number": case.number},
            )


def _of_actions(open_ones: Iterable[CorrectiveAction], on: date) -> Iterator[_News]:
    for action in open_ones:
        if action.state is not ActionState.OPEN:
            continue
        yield _of_action(action, Told.ACTION_GIVEN, action.owner)
        due = occasion(action.due_on, on)
        if due is not None:
            repeats = min(max((on - action.due_on) // _REPEAT, 0), _MOST_REPEATS - 1)
            yield _of_action(action, Told(f"action_{due}"), f"{action.owner}-{action.due_on}-{repeats}")


def _of_action(action: CorrectiveAction, told: Told, occasion_key: str) -> _News:
    return _News(
        key=f"action-{action.id}-{told}-{occasion_key}",
        to=action.owner,
        told=told,
        path=f"/actions/{action.id}",
        number=action.id,
        content={"title": action.title, "education_topic": action.education_topic, "due_on": action.due_on},
    )


def _letter(news: _News, user: User, letterhead: Letterhead) -> Letter:
    content = {
        **news.content,
        "told": news.told,
        "recipient_name": user.display_name,
        "practice": letterhead.practice,
        "number": news.number,
        "url": f"{letterhead.base_url.rstrip('/')}{news.path}",
    }
    return Letter(
        key=news.key,
        kind=KIND,
        recipient=str(user.email),
        content=content,
        born_at=user.created_at,
        mail_domain=letterhead.mail_domain,
    )
