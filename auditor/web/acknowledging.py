"""Acknowledging an alert by the link of a mail, without a login. The page asks; only its button changes anything."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from auditor.domain.people import Role
from auditor.services import alerts, people
from auditor.services.signed_links import Link, Purpose, opened
from auditor.storage.monitors import Alert
from auditor.web import pages
from auditor.web.visits import Visit


def ask(visit: Visit) -> Response:
    """What the alert is about, and the button. Whoever follows the link alone changes nothing."""
    link = _link(visit)
    with visit.database.read() as session:
        alert = _alert(session, link)
    return _page(visit, alert, link, done=False)


def acknowledge(visit: Visit) -> Response:
    """Acknowledge it in the name of the person the link was made for."""
    link = _link(visit)
    with visit.database.write() as session:
        _alert(session, link)
        alert = alerts.acknowledge(session, link.number, by=link.user, at=visit.at)
    return _page(visit, alert, link, done=True)


def _link(visit: Visit) -> Link:
    text = visit.request.path_params["token"]
    return opened(text, Purpose.ACKNOWLEDGE, key=visit.database.link_key, at=visit.at)


def _alert(session: Session, link: Link) -> Alert:
    people.acting(session, link.user, Role.MANAGER, Role.OFFICER, Role.ADMIN)
    return alerts.numbered(session, link.number)


def _page(visit: Visit, alert: Alert, link: Link, *, done: bool) -> Response:
    return pages.page(visit, "acknowledge/alert.html", alert=alert, link=link, done=done)
