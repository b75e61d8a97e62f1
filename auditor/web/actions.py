"""Corrective actions: who does what until when, and what the follow-up audit has shown."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.domain.corrective_actions import CHECK_DAYS
from auditor.domain.people import Role
from auditor.errors import AuditorError, BadInput, Conflict, Forbidden
from auditor.services import people, privilege
from auditor.services.follow_through import actions, effects, follow_up_plans
from auditor.services.follow_through.actions import NewAction, Update, Verdict
from auditor.storage.follow_through import CorrectiveAction
from auditor.web import forms, pages
from auditor.web.visits import Visit

_GIVERS = frozenset({Role.OFFICER, Role.MANAGER})


def listed(visit: Visit) -> Response:
    """All actions, and a form for a new one."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Give an action."""
    try:
        new = _new(visit)
        with visit.database.write() as session:
            if new.audit_id is not None:
                privilege.refuse_audit(session, new.audit_id, visit.me.name)
            made = actions.add(session, new, by=visit.me.name, at=visit.at).id
    except AuditorError as error:
        return _list(visit, problem=error)
    return RedirectResponse(f"/actions/{made}", status_code=303)


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
    if found.audit_id is not None:
        privilege.refuse_audit(session, found.audit_id, visit.me.name)
    return found


def _changed(visit: Visit, change: Callable[[Session], CorrectiveAction]) -> Response:
    try:
        with visit.database.write() as session:
            _opened(visit, session)
            change(session)
    except AuditorError as error:
        return _page(visit, problem=error)
    return RedirectResponse(f"/actions/{visit.number('action')}", status_code=303)


def _list(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        known = {each.id: each for each in privilege.known_audits(session, visit.me.name)}
        found = [each for each in actions.every(session) if each.audit_id is None or each.audit_id in known]
        audits = [(each.id, each.plan.name) for each in known.values() if each.frame is not None]
        owners = [user for user in people.everyone(session) if not user.disabled_at]
    return pages.page(
        visit,
        "actions/list.html",
        status=problem.http_status if problem else 200,
        actions=found,
        audits=audits[::-1],
        owners=owners,
        today=visit.today,
        problem=str(problem) if problem else "",
        typed=visit.form,
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
    return pages.page(
        visit,
        "actions/action.html",
        status=problem.http_status if problem else 200,
        action=found,
        entries=entries,
        plan=plan,
        follow_up=follow_up,
        opens_on=follow_up_plans.opens_on(found),
        effect=effect,
        waits=waits,
        owners=owners,
        gives=bool(_GIVERS & visit.me.roles),
        today=visit.today,
        problem=str(problem) if problem else "",
        typed=visit.form,
    )
