"""Alerts for those who decide: the inbox, one alert down to its evidence, and what to do with it."""

from collections.abc import Callable
from datetime import date, datetime
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.domain.alerts import AlertKind, AlertMove
from auditor.domain.audits import SEED_BYTES
from auditor.domain.notices import Delivery
from auditor.domain.people import Role
from auditor.errors import BadInput
from auditor.reports import drift_document
from auditor.services import alert_audits, alerts, drift_reporting, outbox, subscriptions
from auditor.services.alert_precedents import precedents
from auditor.services.alerts import Grounds
from auditor.services.newest_errors import newest_errors
from auditor.services.suspect_evidence import evidence
from auditor.storage.people import User
from auditor.web import documents, pages
from auditor.web.visits import Visit

_OWNERS = {Role.MANAGER.value, Role.OFFICER.value}
_Doing = Callable[[Session, Visit, int], object]


def inbox(visit: Visit) -> Response:
    """Alerts that wait for somebody, or all of them; and whether mails about them arrive."""
    everything = visit.asked("show") == "all"
    with visit.database.read() as session:
        found = alerts.every(session, only_open=not everything)
        return pages.page(
            visit,
            "alerts/inbox.html",
            alerts=found,
            everything=everything,
            mails=outbox.counts(session),
            told=subscriptions.told(session, AlertKind.DRIFT, Delivery.NOW),
        )


def alert(visit: Visit) -> Response:
    """One alert: what drifts, since when, what it costs, why, and what to do next."""
    number = visit.number("alert")
    with visit.database.read() as session:
        report = drift_reporting.alert_report(session, number, paper=documents.paper(visit))
        found = alerts.numbered(session, number)
        document = drift_document.alert_document(report, report.alerts[0])
        return pages.page(
            visit,
            "alerts/alert.html",
            document=document,
            story=report.alerts[0].story,
            alert=found,
            allowed=[move for move in AlertMove if move.is_allowed(found.state)],
            moves=AlertMove,
            owners=_owners(session),
            today=visit.today,
            steps=alerts.steps(session, number),
            earlier=precedents(session, found),
            evidence=evidence(session, number),
            told=outbox.about(session, number),
            errors=newest_errors(session, report.alerts[0].story, name=visit.me.name),
            gone_since=alerts.gone_since(session, found),
            also=documents.drawings(document),
        )


def move(visit: Visit) -> Response:
    """Do what the pressed button says, and show the alert as it stands then."""
    number, wanted = visit.number("alert"), visit.form.get("move", "")
    if wanted not in _MOVES:
        raise BadInput("there is no such step for an alert: reload the page and choose one")
    with visit.database.write() as session:
        _MOVES[wanted](session, visit, number)
    return RedirectResponse(f"/alerts/{number}", status_code=303)


def order_audit(visit: Visit) -> Response:
    """Order a targeted audit of claims that show the alert."""
    number, cases = visit.number("alert"), visit.form.get("cases", "")
    if not (cases.isascii() and cases.isdigit() and len(cases) < 6):
        raise BadInput("say how many cases to order, as a number")
    request = alert_audits.Order(alert_id=number, size=int(cases), seed=token_hex(SEED_BYTES))
    environment = visit.site.settings.environment
    alert_audits.order(visit.database, request, by=visit.me.name, at=visit.at, environment=environment)
    return RedirectResponse(f"/alerts/{number}", status_code=303)


def report(visit: Visit) -> Response:
    """The drift report of one alert, to take away."""
    number = visit.number("alert")
    with visit.database.read() as session:
        found = drift_reporting.alert_report(session, number, paper=documents.paper(visit))
    document = drift_document.alert_document(found, found.alerts[0])
    return documents.taken_away(document, visit.request.path_params["form"], name=f"alert-{number}")


def day_report(visit: Visit) -> Response:
    """The drift report of today, to take away: every alert that is open, and what every stream says."""
    question = drift_reporting.DriftQuestion(as_of=visit.today)
    with visit.database.read() as session:
        found = drift_reporting.day_report(session, question, paper=documents.paper(visit))
    form = visit.request.path_params["form"]
    return documents.taken_away(drift_document.document(found), form, name=f"drift-{question.as_of}")


def _owners(session: Session) -> list[User]:
    people = session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.display_name))
    return [user for user in people if _OWNERS & set(user.roles)]


def _grounds(visit: Visit) -> Grounds:
    audit = visit.form.get("audit", "")
    return Grounds(reason=visit.form.get("reason", ""), audit_id=int(audit) if audit.isdigit() else None)


def _until(visit: Visit) -> date:
    try:
        return datetime.strptime(visit.form.get("until", ""), "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        raise BadInput("say until which day to be silent") from None


_MOVES: dict[str, _Doing] = {
    "acknowledge": lambda session, visit, n: alerts.acknowledge(session, n, by=visit.me.name, at=visit.at),
    "investigate": lambda session, visit, n: alerts.investigate(session, n, by=visit.me.name, at=visit.at),
    "assign": lambda session, visit, n: alerts.assign(
        session, n, to=visit.form.get("to", ""), by=visit.me.name, at=visit.at
    ),
    "silence": lambda session, visit, n: alerts.silence(
        session, n, until=_until(visit), by=visit.me.name, at=visit.at
    ),
    "confirm": lambda session, visit, n: alerts.confirm(
        session, n, grounds=_grounds(visit), by=visit.me.name, at=visit.at
    ),
    "resolve": lambda session, visit, n: alerts.resolve(
        session, n, grounds=_grounds(visit), by=visit.me.name, at=visit.at
    ),
    "dismiss": lambda session, visit, n: alerts.dismiss(
        session, n, grounds=_grounds(visit), by=visit.me.name, at=visit.at
    ),
    "reopen": lambda session, visit, n: alerts.reopen(
        session, n, grounds=_grounds(visit), by=visit.me.name, at=visit.at
    ),
}
