"""The routes of alerts, of the monitors that raise them, and of the guidelines that explain them."""

from auditor.web import alerts, guidelines, monitors, replays
from auditor.web.audiences import KEEPERS, OVERSEERS, WATCHERS
from auditor.web.routing import Shows, route

ROUTES = (
    route("/alerts", alerts.inbox, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/alerts/report/{form}", alerts.day_report, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/alerts/{alert:number}", alerts.alert, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/alerts/{alert:number}/moves", alerts.move, allow=OVERSEERS, shows=Shows.NOTHING, post=True),
    route("/alerts/{alert:number}/audit", alerts.order_audit, allow=OVERSEERS, shows=Shows.NOTHING, post=True),
    route("/alerts/{alert:number}/report/{form}", alerts.report, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/monitors", monitors.monitors, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}", monitors.monitor, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}/design", monitors.design, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}/backtest", monitors.backtest, allow=WATCHERS, shows=Shows.COUNTS),
    route("/monitors/{name}/options", monitors.set_options, allow=KEEPERS, shows=Shows.NOTHING, post=True),
    route("/replay", replays.new, allow=WATCHERS, shows=Shows.NOTHING),
    route("/replay", replays.replay, allow=WATCHERS, shows=Shows.NOTHING, post=True),
    route("/guidelines", guidelines.guidelines, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/guidelines/calendar", guidelines.calendar, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/guidelines/cause", guidelines.cause, allow=OVERSEERS, shows=Shows.COUNTS),
)
