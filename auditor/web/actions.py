"""Corrective actions: who does what until when, and what the follow-up audit has shown."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import Response

from auditor.domain.corrective_actions import CHECK_DAYS, ActionState
from auditor.domain.people import Role
from auditor.errors import AuditorError, BadInput, Conflict, Forbidden
from auditor.services import people
from auditor.services.follow_through import actions, effects, follow_up_plans
from auditor.services.follow_through.actions import NewAction, Update, Verdict
from auditor.storage.follow_through import CorrectiveAction
from auditor.web import follow_through, forms
from auditor.web.visits import Visit

_GIVERS = frozenset({Role.OFFICER, Role.MANAGER})


def listed(visit: Visit) -> Response:
    """All actions, and a form for a new one."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Give an action."""

    def added(session: Session) -> CorrectiveAction:
        new = _new(visit)
        follow_through.refuse_hidden(session, new.audit_id, visit)
        return actions.add(session, new, by=visit.me.name, at=visit.at)

    return follow_through.done(visit, added, place="/actions", again=lambda error: _list(visit, problem=error))


def action(visit: Visit) -> Response:
    """One action with its steps, and its effect once that can be seen."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """Another owner, day, topic or a note."""

    def changed(session: Session) -> CorrectiveAction:
        update = Update(
            owner=forms.text(visit.form, "owner"),
            due_on=forms.maybe_day(visit.form, "due_on", "the last day"),
            education_topic=forms.text(visit.form, "education_topic"),
            note=forms.text(visit.form, "note"),
        )
        return actions.update(session, visit.number("action"), update, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def done(visit: Visit) -> Response:
    """Say that it was done: its owner, or who gives actions."""

    def changed(session: Session) -> CorrectiveAction:
        note = forms.text(visit.form, "note")
        return actions.done(session, visit.number("action"), note=note, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def cancel(visit: Visit) -> Response:
    """Give it up."""

    def changed(session: Session) -> CorrectiveAction:
        note = forms.text(visit.form, "note") or ""
        return actions.cancel(session, visit.number("action"), note=note, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def judge(visit: Visit) -> Response:
    """Close it with what its follow-up audit has shown."""

    def changed(session: Session) -> CorrectiveAction:
        verdict = visit.form.get("verdict")
        if verdict not in ("effective", "not_effective"):
            raise BadInput("choose whether the action was effective")
        said = Verdict(effective=verdict == "effective", note=forms.text(visit.form, "note"))
        effects.effect(session, actions.numbered(session, visit.number("action")))
        return actions.judge(session, visit.number("action"), said, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def _new(visit: Visit) -> NewAction:
    field, _, value = (forms.text(visit.form, "of") or "").partition("=")
    days = forms.number(visit.form, "check_days", "the days that are checked")
    return NewAction(
        title=visit.form.get("title", ""),
        owner=visit.form.get("owner", ""),
        due_on=forms.day(visit.form, "due_on", "the last day"),
        education_topic=forms.text(visit.form, "education_topic"),
        audit_id=forms.number(visit.form, "audit_id", "the audit"),
        field=field.strip() or None,
        value=value.strip() or None,
        note=forms.text(visit.form, "note"),
        check_days=CHECK_DAYS if days is None else days,
    )


def _may(visit: Visit, found: CorrectiveAction) -> bool:
    return bool(_GIVERS & visit.me.roles) or found.owner == visit.me.name


def _opened(visit: Visit, session: Session) -> CorrectiveAction:
    found = actions.numbered(session, visit.number("action"))
    if not _may(visit, found):
        raise Forbidden(f"action {found.id} is another person's: your own are on your start page")
    follow_through.refuse_hidden(session, found.audit_id, visit)
    return found


def _changed(visit: Visit, change: Callable[[Session], CorrectiveAction]) -> Response:
    def changed(session: Session) -> CorrectiveAction:
        _opened(visit, session)
        return change(session)

    return follow_through.done(visit, changed, place="/actions", again=lambda error: _page(visit, problem=error))


def _list(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        found, audits = follow_through.shown(session, actions.every(session), visit)
        owners = [user for user in people.everyone(session) if not user.disabled_at]
    return follow_through.page(
        visit,
        "actions/list.html",
        problem,
        actions=found,
        audits=audits,
        owners=owners,
        asked_audit=visit.asked("audit"),
    )


def _page(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        found = _opened(visit, session)
        entries, plan = list(found.entries), found.check_plan
        follow_up = follow_up_plans.follow_up_audit(session, found)
        effect, waits = None, ""
        try:
            effect = effects.effect(session, found) if follow_up is not None else None
        except Conflict as error:
            waits = str(error)
        owners = [user for user in people.everyone(session) if not user.disabled_at]
        doubt = actions.doubt(session, found) if found.state is ActionState.OPEN else None
    return follow_through.page(
        visit,
        "actions/action.html",
        problem,
        doubt=doubt,
        action=found,
        entries=entries,
        plan=plan,
        follow_up=follow_up,
        opens_on=follow_up_plans.opens_on(found),
        effect=effect,
        waits=waits,
        owners=owners,
        gives=bool(_GIVERS & visit.me.roles),
    )
