"""The routes of plans: the year, the form, sizes, and everybody's calendar."""

from auditor.web import calendars, plan_forms, plan_sizes, plans
from auditor.web.audiences import OFFICERS, OVERSEERS
from auditor.web.routing import EVERYONE, PUBLIC, Shows, route

ROUTES = (
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
    route("/plans/{plan:number}/edit", plan_forms.edit_plan, allow=OFFICERS, shows=Shows.NOTHING),
    route("/plans/{plan:number}/edit", plan_forms.change_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/{plan:number}/approve", plans.approve_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/{plan:number}/retire", plans.retire_plan, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route("/plans/{plan:number}/open", plans.open_audit, allow=OFFICERS, shows=Shows.NOTHING, post=True),
)
