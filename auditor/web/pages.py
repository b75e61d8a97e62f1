"""Renders pages: the frame around them, navigation by role, moments in the reader's zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse

from auditor.domain.people import Role
from auditor.reports.templates import environment
from auditor.web import static_files
from auditor.web.visits import Visit


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the navigation; `roles` may see it."""

    path: str
    name: str
    roles: frozenset[Role]


PLACES = (
    Place(path="/review", name="Review", roles=frozenset({Role.AUDITOR})),
    Place(path="/audits", name="Audits", roles=frozenset({Role.OFFICER, Role.MANAGER})),
    Place(path="/alerts", name="Alerts", roles=frozenset({Role.OFFICER, Role.MANAGER})),
    Place(path="/plans", name="Plans", roles=frozenset({Role.OFFICER, Role.MANAGER})),
    Place(path="/queries", name="Queries", roles=frozenset({Role.AUDITOR, Role.OFFICER, Role.CODER})),
    Place(path="/guidelines", name="Guidelines", roles=frozenset({Role.OFFICER, Role.MANAGER})),
    Place(path="/monitors", name="Monitors", roles=frozenset({Role.OFFICER, Role.MANAGER, Role.ADMIN})),
    Place(path="/adjudications", name="Adjudication", roles=frozenset({Role.AUDITOR, Role.OFFICER})),
    Place(path="/rulings", name="Rulings", roles=frozenset({Role.AUDITOR, Role.OFFICER})),
    Place(path="/trends", name="Trends", roles=frozenset({Role.OFFICER, Role.MANAGER})),
    Place(path="/rebuttals", name="Rebuttals", roles=frozenset({Role.OFFICER, Role.AUDITOR})),
    Place(path="/actions", name="Actions", roles=frozenset({Role.OFFICER, Role.MANAGER})),
    Place(path="/overpayments", name="Overpayments", roles=frozenset({Role.OFFICER})),
    Place(path="/calculators", name="Calculators", roles=frozenset(Role)),
    Place(path="/people", name="People", roles=frozenset({Role.ADMIN})),
    Place(path="/views", name="Views", roles=frozenset({Role.ADMIN, Role.OFFICER})),
)


_MOST_PLACES = 7  # what a line holds beside the name and the theme; the others are under "More"


def page(
    visit: Visit, template: str, *, status: int = 200, also: Mapping[str, object] | None = None, **values: object
) -> HTMLResponse:
    """A page of templates/web in its frame; `also` are further values."""
    return HTMLResponse(fragment(visit, template, **values, **(also or {})), status_code=status)


def fragment(visit: Visit, template: str, **values: object) -> str:
    """A template of templates/web as text."""
    who, here = visit.who, visit.request.url.path
    return (
        environment()
        .get_template(f"web/{template}")
        .render(
            asset=static_files.address,
            practice=visit.site.settings.practice,
            zone=visit.time_zone,
            me=who,
            places=[place for place in PLACES if who and place.roles & who.roles],
            most_places=_MOST_PLACES,
            here=here,
            paths_here=[place.path for place in PLACES if here == place.path or here.startswith(f"{place.path}/")],
            csrf=visit.csrf,
            **values,
        )
    )


def clock(visit: Visit, at: datetime) -> str:
    """A moment of today, to the second, in the reader's zone."""
    return f"{at.astimezone(ZoneInfo(visit.time_zone)):%H:%M:%S}"
