"""Puts the workbench together: routes, error pages, limits, headers."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from auditor.errors import AuditorError
from auditor.services.calculators import answers
from auditor.settings import Settings
from auditor.storage.database import Database
from auditor.web import (
    account_routes,
    alert_routes,
    appraisals,
    audit_routes,
    calculators,
    desk,
    entry_routes,
    failures,
    follow_routes,
    people_routes,
    plan_routes,
    query_routes,
    review_routes,
)
from auditor.web.counting import Counter, OnTheSpot
from auditor.web.headers import SecurityHeaders
from auditor.web.routing import checked
from auditor.web.visits import Calculate, Site

ROUTES = (
    *entry_routes.ROUTES,
    *desk.ROUTES,
    *review_routes.ROUTES,
    *audit_routes.ROUTES,
    *alert_routes.ROUTES,
    *plan_routes.ROUTES,
    *appraisals.ROUTES,
    *calculators.ROUTES,
    *follow_routes.ROUTES,
    *query_routes.ROUTES,
    *people_routes.ROUTES,
    *account_routes.ROUTES,
)


def create_app(
    database: Database,
    settings: Settings,
    *,
    clock: Callable[[], datetime] | None = None,
    counter: Counter | None = None,
    calculate: Calculate = answers.answer,
) -> ASGIApp:
    """The application over an open database; ValueError when a route does not name its roles."""
    now = clock or (lambda: datetime.now(UTC))
    app = Starlette(
        routes=checked(ROUTES),
        exception_handlers={
            AuditorError: failures.on_auditor_error,
            HTTPException: failures.on_http_error,
            Exception: failures.on_bug,
        },
    )
    app.state.site = Site(
        database=database, settings=settings, clock=now, counter=counter or OnTheSpot(), calculate=calculate
    )
    return SecurityHeaders(app)
