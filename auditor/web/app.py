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
    account,
    acknowledging,
    adjudications,
    alerts,
    audit_deeds,
    audits,
    calculators,
    calendars,
    case_saving,
    codes,
    desk,
    failures,
    follow_routes,
    guidelines,
    home,
    login,
    monitors,
    plan_forms,
    plan_sizes,
    plans,
    review,
    rulings,
    sign_on,
)
from auditor.web.account_routes import ACCOUNT_ROUTES
from auditor.web.audiences import KEEPERS, OFFICERS, OVERSEERS, REVIEWERS, WATCHERS
from auditor.web.counting import Counter, OnTheSpot
from auditor.web.headers import SecurityHeaders
from auditor.web.people_routes import PEOPLE_ROUTES
from auditor.web.query_routes import QUERY_ROUTES
from auditor.web.routing import EVERYONE, PUBLIC, Shows, checked, route
from auditor.web.static_files import static_file
from auditor.web.visits import Calculate, Site

DEEDS = tuple(
    route(f"/audits/{{audit:number}}/{path}", deed, allow=OFFICERS, shows=Shows.COUNTS, post=True)
    for path, deed in (
        ("draw", audit_deeds.draw_audit),
        ("arrivals", audit_deeds.take_arrivals),
        ("release", audit_deeds.release_bills),
        ("extend", audit_deeds.extend_audit),
        ("target", audit_deeds.target_claims),
        ("reassign", audit_deeds.reassign_cases),
        ("close", audit_deeds.close_cases),
        ("sign-off", audit_deeds.sign_audit),
        ("reopen", audit_deeds.reopen_audit),
    )
)

ROUTES = (
    route("/healthz", home.healthz, allow=PUBLIC, shows=Shows.NOTHING),
    route("/static/{digest}/{name}", static_file, allow=PUBLIC, shows=Shows.NOTHING),
    route("/login", login.login_form, allow=PUBLIC, shows=Shows.NOTHING),
    route("/login", login.log_in, allow=PUBLIC, shows=Shows.NOTHING, post=True),
    route("/login/code", login.code_form, allow=PUBLIC, shows=Shows.NOTHING),
    route("/login/code", login.take_code, allow=PUBLIC, shows=Shows.NOTHING, post=True),
    route("/login/sso", sign_on.depart, allow=PUBLIC, shows=Shows.NOTHING),
    route("/login/sso/callback", sign_on.come_back, allow=PUBLIC, shows=Shows.NOTHING),
    route("/logout", login.log_out, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route("/", desk.start, allow=EVERYONE, shows=Shows.COUNTS),
    route("/desk/count", desk.count_claims, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/review", review.queue, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/review/next", review.next_case, allow=REVIEWERS, shows=Shows.NOTHING),
    route("/cases/{case:number}", review.case, allow=REVIEWERS, shows=Shows.CLAIM),
    route("/cases/{case:number}/changes", case_saving.change, allow=REVIEWERS, shows=Shows.CLAIM, post=True),
    route("/cases/{case:number}/blind", case_saving.blind, allow=REVIEWERS, shows=Shows.NOTHING, post=True),
    route("/codes", codes.search, allow=REVIEWERS, shows=Shows.NOTHING),
    route("/codes/notes", codes.notes, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/adjudications", adjudications.adjudications, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/adjudications/{case:number}", adjudications.decide, allow=REVIEWERS, shows=Shows.CLAIM),
    route(
        "/adjudications/{case:number}/changes", adjudications.decision, allow=REVIEWERS, shows=Shows.CLAIM, post=True
    ),
    route("/rulings", rulings.listed, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/rulings", rulings.write, allow=REVIEWERS, shows=Shows.COUNTS, post=True),
    route("/rulings/new", rulings.new, allow=REVIEWERS, shows=Shows.NOTHING),
    route("/rulings/{ruling:number}", rulings.ruling, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/rulings/{ruling:number}/withdraw", rulings.withdraw, allow=REVIEWERS, shows=Shows.NOTHING, post=True),
    route("/audits", audits.audits, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}", audits.audit, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}/cases", audits.audit_cases, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}/certificate", audits.certificate, allow=OFFICERS, shows=Shows.COUNTS),
    route("/alerts", alerts.inbox, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/alerts/report/{form}", alerts.day_report, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/alerts/{alert:number}", alerts.alert, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/alerts/{alert:number}/moves", alerts.move, allow=OVERSEERS, shows=Shows.NOTHING, post=True),
    route("/alerts/{alert:number}/audit", alerts.order_audit, allow=OVERSEERS, shows=Shows.NOTHING, post=True),
    route("/alerts/{alert:number}/report/{form}", alerts.report, allow=OVERSEERS, shows=Shows.COUNTS),
    *DEEDS,
    route("/calendar", calendars.calendar, allow=EVERYONE, shows=Shows.COUNTS),
    route("/calendar/renew", calendars.renew, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route("/calendar/{token}", calendars.calendar_feed, allow=PUBLIC, shows=Shows.NOTHING),
    route("/plans", plans.plans, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/plans/new", plan_forms.new_plan, allow=OFFICERS, shows=Shows.NOTHING),
    route("/plans/new", plan_forms.create_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/dates", plan_forms.dates, allow=OFFICERS, shows=Shows.NOTHING),
    route("/plans/{plan:number}", plans.plan, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/plans/{plan:number}/size", plan_sizes.plan_size, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/calculators/size", plan_sizes.size_calculator, allow=EVERYONE, shows=Shows.COUNTS),
    *calculators.ROUTES,
    route("/plans/{plan:number}/edit", plan_forms.edit_plan, allow=OFFICERS, shows=Shows.NOTHING),
    route("/plans/{plan:number}/edit", plan_forms.change_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/{plan:number}/approve", plans.approve_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/{plan:number}/retire", plans.retire_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/{plan:number}/open", plans.open_audit, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/acknowledge/{token}", acknowledging.ask, allow=PUBLIC, shows=Shows.NOTHING),
    route("/acknowledge/{token}", acknowledging.acknowledge, allow=PUBLIC, shows=Shows.NOTHING, post=True),
    route("/monitors", monitors.monitors, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}", monitors.monitor, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}/design", monitors.design, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}/backtest", monitors.backtest, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}/options", monitors.set_options, allow=KEEPERS, shows=Shows.NOTHING, post=True),
    route("/guidelines", guidelines.guidelines, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/guidelines/calendar", guidelines.calendar, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/guidelines/cause", guidelines.cause, allow=OVERSEERS, shows=Shows.COUNTS),
    *follow_routes.ROUTES,
    *QUERY_ROUTES,
    *PEOPLE_ROUTES,
    route("/account", account.account, allow=EVERYONE, shows=Shows.NOTHING),
    route("/account/notices", account.choose_notices, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route("/account/time-zone", account.set_time_zone, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    *ACCOUNT_ROUTES,
    route("/account/sessions/end", account.end_other_sessions, allow=EVERYONE, shows=Shows.NOTHING, post=True),
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
