"""Corrective actions: who does what until when, and the follow-up audit that shows whether it helped.

When an action is done its follow-up plan is made: the plan of the audit that it came from, for one period that
begins after the action was done. `run-due` opens and draws it like every other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.domain.corrective_actions import CHECK_DAYS, ActionState, ActionStep
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import audits, identifiers, people
from auditor.services.follow_through import follow_up_plans
from auditor.services.trend_pool import SPLITS
from auditor.storage import history
from auditor.storage.follow_through import ActionEntry, CorrectiveAction
from auditor.storage.practice_days import day_of

_TITLE_LENGTH = 200
_EVENTS = {ActionStep.ADDED: EventKind.ACTION_ADDED, ActionStep.CHECKED: EventKind.ACTION_CHECKED}
_OF_A_CLAIM = tuple(name for name in SPLITS if name not in ("arm", "stratum", "plan", "code_section"))


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """What is to be done. `field` and `value` say whose coding it is about; `check_days` 0 asks for no check."""

    title: str
    owner: str
    due_on: date
    education_topic: str | None = None
    audit_id: int | None = None
    field: str | None = None
    value: str | None = None
    check_days: int = CHECK_DAYS
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Update:
    """What changes: None keeps what stands."""

    owner: str | None = None
    due_on: date | None = None
    education_topic: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the action helped, by the comparison of `effects`, and what is to be said to that."""

    effective: bool
    note: str | None = None


def add(session: Session, new: NewAction, *, by: str, at: datetime) -> CorrectiveAction:
    """Add an action with its owner and the last day on which it is to be done."""
    _refuse_nonsense(session, new, day_of(session, at))
    first_on = new.due_on + timedelta(days=1)
    checked = new.audit_id is not None and new.check_days > 0
    action = CorrectiveAction(
        title=new.title.strip(),
        education_topic=(new.education_topic or "").strip() or None,
        audit_id=new.audit_id,
        field=new.field,
        value=new.value,
        owner=people.acting(session, new.owner).name,
        due_on=new.due_on,
        state=ActionState.OPEN,
        added_by=by,
        added_at=at,
        check_first_on=first_on if checked else None,
        check_last_on=first_on + timedelta(days=new.check_days - 1) if checked else None,
    )
    session.add(action)
    session.flush()
    _step(session, action, ActionEntry(step=ActionStep.ADDED, note=_note(new.note), by=by, at=at))
    return action


def doubt(session: Session, action: CorrectiveAction) -> str | None:
    """A sentence where nobody is known under the name whose coding the action is about."""
    if action.field not in identifiers.FIELDS or action.value is None:
        return None
    if identifiers.is_known(session, identifiers.Identifier(field=action.field, value=action.value)):
        return None
    return (
        f"no user and no claim under audit is known as {action.field} {action.value}: if that is a slip, cancel this"
        " action and give it anew"
    )


def update(session: Session, action_id: int, change: Update, *, by: str, at: datetime) -> CorrectiveAction:
    """Give an open action another owner, day or topic; what it said before stays readable."""
    action = _open(session, action_id)
    if change == replace(Update(), note=change.note) and not _note(change.note):
        raise BadInput("nothing to change: name an owner, a day, a topic or a note")
    if change.owner is not None:
        action.owner = people.acting(session, change.owner).name
    if change.education_topic is not None:
        action.education_topic = change.education_topic.strip() or None
    if change.due_on is not None and change.due_on != action.due_on:
        _refuse_past(change.due_on, day_of(session, at))
        action.due_on = change.due_on
        _move_check(action, change.due_on + timedelta(days=1))
    _step(session, action, ActionEntry(step=ActionStep.UPDATED, note=_note(change.note), by=by, at=at))
    return action


def done(session: Session, action_id: int, *, note: str | None, by: str, at: datetime) -> CorrectiveAction:
    """Say that it was done; its follow-up plan is made, over days that begin after this one."""
    action = _open(session, action_id)
    action.state, action.done_by, action.done_at = ActionState.DONE, by, at
    if action.check_first_on is not None:
        if action.check_first_on <= day_of(session, at):
            _move_check(action, day_of(session, at) + timedelta(days=1))
        action.check_plan = follow_up_plans.make(session, action, at=at)
    _step(session, action, ActionEntry(step=ActionStep.DONE, note=_note(note), by=by, at=at))
    return action


def cancel(session: Session, action_id: int, *, note: str, by: str, at: datetime) -> CorrectiveAction:
    """Give an open action up, with the reason."""
    action = _open(session, action_id)
    if not _note(note):
        raise BadInput("say why it is given up")
    action.state = ActionState.CANCELLED
    _step(session, action, ActionEntry(step=ActionStep.CANCELLED, note=_note(note), by=by, at=at))
    return action


def judge(session: Session, action_id: int, verdict: Verdict, *, by: str, at: datetime) -> CorrectiveAction:
    """Say what the follow-up audit has shown, and close the action."""
    action = numbered(session, action_id, lock=True)
    if action.state is not ActionState.DONE:
        raise Conflict(f"action {action_id} is {action.state}: its effect is judged when it is done, and once")
    action.state = ActionState.EFFECTIVE if verdict.effective else ActionState.NOT_EFFECTIVE
    action.checked_by, action.checked_at = by, at
    _step(session, action, ActionEntry(step=ActionStep.CHECKED, note=_note(verdict.note), by=by, at=at))
    return action


def numbered(session: Session, action_id: int, *, lock: bool = False) -> CorrectiveAction:
    """The action of that number."""
    found = session.get(CorrectiveAction, action_id, with_for_update={"of": CorrectiveAction} if lock else None)
    if found is None:
        raise NotFound(f"there is no corrective action {action_id}: see `auditor action list`")
    return found


def every(session: Session, *, only_open: bool = False, owner: str | None = None) -> Sequence[CorrectiveAction]:
    """Actions, those that are not closed first, then by the day on which they are due."""
    question = select(CorrectiveAction)
    if owner is not None:
        question = question.where(CorrectiveAction.owner == owner)
    found = session.scalars(question.order_by(CorrectiveAction.due_on, CorrectiveAction.id)).all()
    return sorted(
        (each for each in found if not (only_open and each.state.is_closed)), key=lambda a: a.state.is_closed
    )


def _open(session: Session, action_id: int) -> CorrectiveAction:
    action = numbered(session, action_id, lock=True)
    if action.state is not ActionState.OPEN:
        raise Conflict(f"action {action_id} is {action.state} already")
    return action


def _move_check(action: CorrectiveAction, first_on: date) -> None:
    if action.check_first_on is not None and action.check_last_on is not None:
        length = action.check_last_on - action.check_first_on
        action.check_first_on, action.check_last_on = first_on, first_on + length


def _refuse_nonsense(session: Session, new: NewAction, today: date) -> None:
    if not 1 <= len(new.title.strip()) <= _TITLE_LENGTH:
        raise BadInput(f"an action has a title of 1 to {_TITLE_LENGTH} letters, which stands in mails")
    if (new.field is None) != (new.value is None):
        raise BadInput("say whose coding with both, the field and its value, as in coder_of_record and anna")
    if new.field is not None and new.field not in _OF_A_CLAIM:
        raise BadInput(f"an action cannot be about {new.field}: take one of {', '.join(_OF_A_CLAIM)}")
    if new.check_days < 0:
        raise BadInput("the check looks at 1 day or more, or at 0 for no check")
    if new.audit_id is not None:
        audits.numbered(session, new.audit_id)
    _refuse_past(new.due_on, today)


def _refuse_past(due_on: date, today: date) -> None:
    """By the day in UTC, and with a day to spare for those who live in another."""
    if due_on < today - timedelta(days=1):
        raise BadInput(f"{due_on} is past: name a day from today on")


def _note(text: str | None) -> str | None:
    return (text or "").strip() or None


def _step(session: Session, action: CorrectiveAction, entry: ActionEntry) -> None:
    names = ("state", "owner", "due_on", "education_topic", "check_first_on", "check_last_on", "check_plan_id")
    session.flush()
    entry.number = len(action.entries) + 1
    entry.values = {name: getattr(action, name) for name in names}
    action.entries.append(entry)
    session.flush()
    body = {
        "action": action.id,
        "audit": action.audit_id,
        "step": entry.step,
        "owner": action.owner,
        "due_on": action.due_on,
        "state": action.state,
        "plan_id": action.check_plan_id,
        "content_sha256": digest({"title": action.title, "values": entry.values, "note": entry.note}),
    }
    kind = _EVENTS.get(entry.step, EventKind.ACTION_CHANGED)
    history.record(session, Event(kind=kind, by=entry.by, body=body), at=entry.at)
