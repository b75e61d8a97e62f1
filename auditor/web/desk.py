"""The start page: each role's desk. Who holds several roles changes between them."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.domain.people import Role
from auditor.errors import BadInput, Unavailable
from auditor.reports import desk_document, trend_document
from auditor.reports.charts.model import Unit
from auditor.reports.trend_model import TrendRow
from auditor.services import schedule, trend_reporting
from auditor.services.desks import manager, officer, own, population
from auditor.services.due_audits import Moment
from auditor.services.reporting import Paper
from auditor.web import multiples, pages
from auditor.web.audiences import OFFICERS
from auditor.web.routing import EVERYONE, Shows, route
from auditor.web.visits import Visit

Values = Mapping[str, object]
_MOST_ROWS = 12


def start(visit: Visit) -> Response:
    """The desk of the role that was asked for, or of the first that the person holds."""
    held = [role for role in _DESKS if role in visit.me.roles]
    if not held:
        return RedirectResponse("/account", status_code=303)
    asked = visit.asked("as")
    if asked and asked not in [role.value for role in held]:
        raise BadInput(f"there is no such desk for you: take {' or '.join(role.value for role in held)}")
    role = Role(asked) if asked else held[0]
    with visit.database.read() as session:
        values = _DESKS[role](visit, session)
    return pages.page(visit, f"desk/{role.value}.html", also=values, role=role, held=held)


def count_claims(visit: Visit) -> Response:
    """Count the claims of the year in every source, and come back to the desk."""
    counting = population.count(
        visit.database,
        Moment(on=visit.today, by=visit.me.name, at=visit.at),
        environment=visit.site.settings.environment,
    )
    if counting.problems:
        raise Unavailable("; ".join(counting.problems))
    return RedirectResponse("/?as=officer#coverage-head", status_code=303)


def _officer(visit: Visit, session: Session) -> Values:
    settings = visit.site.settings
    paper = Paper(practice=settings.practice, time_zone=settings.time_zone)
    sight = officer.Sight(on=visit.today, at=visit.at, viewer=visit.me.name)
    desk = officer.officer_desk(session, sight, paper=paper)
    return {
        "desk": desk,
        "lede": desk_document.lede(desk),
        "name": desk_document.name,
        "sentence": desk_document.sentence,
        "state": desk_document.state,
        "coverage_note": desk_document.coverage_note(desk),
        "numbers": desk_document.numbers,
        "most_rows": _MOST_ROWS,
        "year": visit.today.year,
        "today": visit.today,
        "plans": schedule.year(session, visit.today.year, on=visit.today, reader=visit.me.name),
    }


def _manager(visit: Visit, session: Session) -> Values:
    costs = visit.site.settings.costs
    prices = manager.Prices(
        rework_cents=round(costs.rework * 100),
        appeal_cents=round(costs.complex_appeal * 100),
        auditor_hour_cents=round(costs.auditor_hour * 100),
        never_resubmitted=costs.never_resubmitted,
        minutes=costs.case_minutes,
    )
    desk = manager.manager_desk(session, on=visit.today, viewer=visit.me.name, prices=prices)
    arms, gap = trend_reporting.rows_of(desk.arms), trend_reporting.rows_of(desk.gap)
    return {
        "desk": desk,
        "prices": costs,
        "charts": multiples.drawn(arms, Unit.SHARE, "arm") + multiples.drawn(gap, Unit.POINTS, "gap"),
        "newest": [trend_document.cells(row) for row in _newest(arms) + _newest(gap)],
    }


def _newest(rows: tuple[TrendRow, ...]) -> list[TrendRow]:
    told = [row for row in rows if row.figure.n]
    return [row for row in told if row.period == max(each.period for each in told)]


def _auditor(visit: Visit, session: Session) -> Values:
    minutes = visit.site.settings.costs.case_minutes
    return {"desk": own.auditor_desk(session, visit.me.name, minutes=minutes), "today": visit.today}


def _coder(visit: Visit, session: Session) -> Values:
    return {"desk": own.coder_desk(session, visit.me.name), "today": visit.today}


_DESKS: Mapping[Role, Callable[[Visit, Session], Values]] = {
    Role.OFFICER: _officer,
    Role.MANAGER: _manager,
    Role.AUDITOR: _auditor,
    Role.CODER: _coder,
}

ROUTES = (
    route("/", start, allow=EVERYONE, shows=Shows.COUNTS),
    route("/desk/count", count_claims, allow=OFFICERS, shows=Shows.NOTHING, post=True),
)
