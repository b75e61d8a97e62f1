"""A person's own account: roles, and where else they are logged in."""

from zoneinfo import available_timezones

from starlette.responses import RedirectResponse, Response

from auditor.domain.alerts import AlertKind
from auditor.domain.notices import Delivery
from auditor.errors import BadInput
from auditor.services import logins, passwords, people, second_factors, subscriptions, web_sessions
from auditor.web import login, pages
from auditor.web.visits import Visit


def account(visit: Visit) -> Response:
    """Who I am here, and my open sessions."""
    with visit.database.read() as session:
        user = people.named(session, visit.me.name)
        found = web_sessions.open_sessions(session, user.name, lifetime=visit.site.lifetime, at=visit.at)
        practice_zone = visit.site.settings.time_zone
        told = subscriptions.deliveries(session, user)
        zones = sorted(available_timezones())
        return pages.page(
            visit,
            "account/account.html",
            user=user,
            sessions=found,
            zones=zones,
            practice_zone=practice_zone,
            told=told,
            deliveries=list(Delivery),
            second_factor=second_factors.is_set(session, user.id),
            codes_left=second_factors.recovery_codes_left(session, user.id),
        )


def choose_notices(visit: Visit) -> Response:
    """Be told of alerts in another way from now on."""
    try:
        wanted = {kind: Delivery(visit.form[kind.value]) for kind in AlertKind if visit.form.get(kind.value)}
    except ValueError:
        raise BadInput("there is no such way to be told: reload the page and choose one") from None
    with visit.database.write() as session:
        subscriptions.choose(session, visit.me.name, wanted, by=visit.me.name, at=visit.at)
    return RedirectResponse("/account", status_code=303)


def change_password(visit: Visit) -> Response:
    """A new password, by whoever knows the old one; every other login ends."""
    typed = logins.Credentials(name=visit.me.name, password=visit.form.get("password", ""), address=visit.address)
    new_hash = passwords.hashed(visit.form.get("new_password", ""), name=visit.me.name)
    with login.checking:
        logins.change_password(visit.database, typed, new_hash, session_id=visit.me.session_id, at=visit.at)
    return RedirectResponse("/account", status_code=303)


def set_time_zone(visit: Visit) -> Response:
    """Show moments in another zone from now on."""
    chosen = visit.form.get("time_zone") or None
    with visit.database.write() as session:
        people.set_time_zone(session, name=visit.me.name, time_zone=chosen, by=visit.me.name, at=visit.at)
    return RedirectResponse("/account", status_code=303)


def end_other_sessions(visit: Visit) -> Response:
    """Log out everywhere but here."""
    with visit.database.write() as session:
        user = people.named(session, visit.me.name)
        web_sessions.end_all(session, user.id, by=user.name, at=visit.at, but=visit.me.session_id)
    return RedirectResponse("/account", status_code=303)
