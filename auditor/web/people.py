"""The administrator's pages: who may use the product, in which roles, with what certificates, when away."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain.people import Role
from auditor.errors import AuditorError, BadInput, Conflict
from auditor.services import (
    absences,
    audit_troubles,
    credentials,
    identifiers,
    passwords,
    people,
    privilege,
    second_factors,
    view_log,
    web_sessions,
)
from auditor.services.credentials import Certificate
from auditor.services.identifiers import Identifier
from auditor.services.view_log import Wanted
from auditor.storage.people import User
from auditor.web import forms, pages
from auditor.web.visits import Visit


def listed(visit: Visit) -> Response:
    """Everybody, and the form for one more."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Add a person."""
    form = visit.form
    name, password = form.get("name", "").strip(), form.get("password", "")
    try:
        person = people.NewPerson(
            name=name,
            roles=_roles(visit),
            password_hash=passwords.hashed(password, name=name) if password else None,
            display_name=forms.text(form, "display_name"),
            email=forms.text(form, "email"),
        )
        with visit.database.write() as session:
            number = people.add(session, person, by=visit.me.name, at=visit.at).id
    except (BadInput, Conflict) as error:
        return _list(visit, error=error)
    return RedirectResponse(f"/people/{number}", status_code=303)


def person(visit: Visit) -> Response:
    """One person."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """One change of a person: the form's button names it."""
    what = visit.form.get("change", "")
    if what != _PASSWORD and what not in _CHANGES:
        raise BadInput("there is no such change of a person: reload the page and try again")
    try:
        if what == _PASSWORD:
            _reset_password(visit)
        else:
            with visit.database.write() as session:
                _CHANGES[what](visit, session, people.numbered(session, visit.number("person")))
    except (BadInput, Conflict) as error:
        return _page(visit, error=error)
    return RedirectResponse(f"/people/{visit.number('person')}", status_code=303)


def views(visit: Visit) -> Response:
    """Who was shown which case, the newest first (45 CFR 164.312(b))."""
    case, user = visit.asked("case"), visit.asked("user")
    if case and not (case.isascii() and case.isdigit() and len(case) <= 9):
        raise BadInput("the case is no number: write it as it stands in the address of its page")
    wanted = Wanted(case_id=int(case) if case else None, user_name=user or None, reader=visit.me.name)
    with visit.database.read() as session:
        found = view_log.listed(session, wanted)
    return pages.page(visit, "people/views.html", views=found, case=case, user=user, most=view_log.MOST)


def _set_roles(visit: Visit, session: Session, user: User) -> None:
    roles = _roles(visit)
    if user.name == visit.me.name and Role.ADMIN not in roles:
        raise Conflict("nobody takes the role admin from themselves: another administrator does")
    people.set_roles(session, name=user.name, roles=roles, by=visit.me.name, at=visit.at)


def _disable(visit: Visit, session: Session, user: User) -> None:
    if user.name == visit.me.name:
        raise Conflict("nobody disables themselves: another administrator does")
    people.disable(session, name=user.name, by=visit.me.name, at=visit.at)


def _end_sessions(visit: Visit, session: Session, user: User) -> None:
    web_sessions.end_all(session, user.id, by=visit.me.name, at=visit.at, but=visit.me.session_id)


def _remove_second_factor(visit: Visit, session: Session, user: User) -> None:
    second_factors.remove(session, user.name, by=visit.me.name, at=visit.at)


def _hold(visit: Visit, session: Session, user: User) -> None:
    held = Certificate(
        title=visit.form.get("title", ""),
        expires_on=forms.maybe_day(visit.form, "expires", "its last good day"),
        certificate_number=forms.text(visit.form, "number"),
    )
    credentials.hold(session, user.name, held, by=visit.me.name, at=visit.at)


def _drop(visit: Visit, session: Session, user: User) -> None:
    credentials.remove(session, user.name, visit.form.get("title", ""), by=visit.me.name, at=visit.at)


def _name_in_claims(visit: Visit, session: Session, user: User) -> None:
    identifiers.add(session, user.name, _identifier(visit), by=visit.me.name, at=visit.at)


def _drop_identifier(visit: Visit, session: Session, user: User) -> None:
    identifiers.remove(session, user.name, _identifier(visit), by=visit.me.name, at=visit.at)


def _identifier(visit: Visit) -> Identifier:
    return Identifier(field=visit.form.get("field", ""), value=visit.form.get("value", ""))


def _be_away(visit: Visit, session: Session, user: User) -> None:
    first_on = forms.day(visit.form, "first_on", "the first day")
    days = (first_on, forms.day(visit.form, "last_on", "the last day"))
    absences.add(session, user.name, days, by=visit.me.name, at=visit.at)


def _be_back(visit: Visit, session: Session, user: User) -> None:
    number = visit.form.get("absence", "")
    if number not in {str(each.id) for each in absences.listed(session, user.name)}:
        raise BadInput("there is no such absence of this person: reload the page")
    absences.remove(session, int(number), by=visit.me.name, at=visit.at)


def _reset_password(visit: Visit) -> None:
    """Hashed before the transaction begins: it takes a moment."""
    with visit.database.read() as session:
        name = people.numbered(session, visit.number("person")).name
    new_hash = passwords.hashed(visit.form.get("password", ""), name=name)
    with visit.database.write() as session:
        people.reset_password(session, name=name, password_hash=new_hash, by=visit.me.name, at=visit.at)


_PASSWORD = "password"  # noqa: S105 - the name of a change
_CHANGES: dict[str, Callable[[Visit, Session, User], None]] = {
    "roles": _set_roles,
    "disable": _disable,
    "sessions": _end_sessions,
    "second-factor": _remove_second_factor,
    "credential": _hold,
    "drop-credential": _drop,
    "identifier": _name_in_claims,
    "drop-identifier": _drop_identifier,
    "absence": _be_away,
    "drop-absence": _be_back,
}


def _list(visit: Visit, *, error: AuditorError | None = None) -> HTMLResponse:
    with visit.database.read() as session:
        return pages.page(
            visit,
            "people/list.html",
            status=error.http_status if error else 200,
            people=people.everyone(session),
            roles=list(Role),
            typed=visit.form,
            error=forms.sentence(error),
        )


def _page(visit: Visit, *, error: AuditorError | None = None) -> HTMLResponse:
    with visit.database.read() as session:
        user = people.numbered(session, visit.number("person"))
        waiting = audit_troubles.waiting_for_absent(session, user.name)
        return pages.page(
            visit,
            "people/person.html",
            status=error.http_status if error else 200,
            user=user,
            roles=list(Role),
            sessions=web_sessions.open_sessions(session, user.name, lifetime=visit.site.lifetime, at=visit.at),
            second_factor=second_factors.is_set(session, user.id),
            credentials=credentials.listed(session, user.name),
            waiting=privilege.only_known(session, waiting.get(user.name, {}), visit.me.name),
            identifiers=identifiers.listed(session, user.name),
            fields=identifiers.FIELDS,
            absences=absences.listed(session, user.name, since=visit.today),
            today=visit.today,
            error=forms.sentence(error),
        )


def _roles(visit: Visit) -> list[Role]:
    return people.roles_of(",".join(role for role in Role if visit.form.get(f"role-{role}")))
