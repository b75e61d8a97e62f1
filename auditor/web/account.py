"""A person's own account: roles, and where else they are logged in."""

from starlette.responses import RedirectResponse, Response

from auditor.services import people, web_sessions
from auditor.web import pages
from auditor.web.visits import Visit


def account(visit: Visit) -> Response:
    """Who I am here, and my open sessions."""
    with visit.database.read() as session:
        user = people.named(session, visit.me.name)
        found = web_sessions.open_sessions(session, user.name, lifetime=visit.site.lifetime, at=visit.at)
        return pages.page(visit, "account.html", user=user, sessions=found)


def end_other_sessions(visit: Visit) -> Response:
    """Log out everywhere but here."""
    with visit.database.write() as session:
        user = people.named(session, visit.me.name)
        web_sessions.end_all(session, user.id, by=user.name, at=visit.at, but=visit.me.session_id)
    return RedirectResponse("/account", status_code=303)
