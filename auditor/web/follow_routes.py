"""The routes of what follows from findings: results, rebuttals, corrective actions, overpayments."""

from auditor.web import actions, overpayments, results, trends
from auditor.web.audiences import OFFICERS, OVERSEERS, RESULTS, REVIEWERS
from auditor.web.routing import EVERYONE, Shows, route

_OWED = "/overpayments/{overpayment:number}"
_ARGUED = "/results/{case:number}/rebuttals/{rebuttal:number}"
_ACTION = "/actions/{action:number}"

ROUTES = (
    route("/rebuttals", results.listed, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/results/{case:number}", results.result, allow=RESULTS, shows=Shows.CLAIM),
    route("/results/{case:number}/rebuttals", results.argue, allow=RESULTS, shows=Shows.CLAIM, post=True),
    route(f"{_ARGUED}/answer", results.answer, allow=REVIEWERS, shows=Shows.CLAIM, post=True),
    route(f"{_ARGUED}/escalation", results.escalate, allow=RESULTS, shows=Shows.CLAIM, post=True),
    route(f"{_ARGUED}/withdrawal", results.withdraw, allow=RESULTS, shows=Shows.CLAIM, post=True),
    route("/trends", trends.trends, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/trends/cases", trends.cases, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/trends/export", trends.export, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/actions", actions.listed, allow=OVERSEERS, shows=Shows.NOTHING),
    route("/actions", actions.add, allow=OVERSEERS, shows=Shows.NOTHING, post=True),
    route(_ACTION, actions.action, allow=EVERYONE, shows=Shows.COUNTS),
    route(f"{_ACTION}/change", actions.change, allow=OVERSEERS, shows=Shows.COUNTS, post=True),
    route(f"{_ACTION}/done", actions.done, allow=EVERYONE, shows=Shows.COUNTS, post=True),
    route(f"{_ACTION}/cancellation", actions.cancel, allow=OVERSEERS, shows=Shows.COUNTS, post=True),
    route(f"{_ACTION}/verdict", actions.judge, allow=OVERSEERS, shows=Shows.COUNTS, post=True),
    route("/overpayments", overpayments.listed, allow=OFFICERS, shows=Shows.NOTHING),
    route("/overpayments", overpayments.add, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route(_OWED, overpayments.overpayment, allow=OFFICERS, shows=Shows.NOTHING),
    route(f"{_OWED}/investigation", overpayments.investigate, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route(f"{_OWED}/amount", overpayments.quantify, allow=OFFICERS, shows=Shows.NOTHING, post=True),
    route(f"{_OWED}/refund", overpayments.refund, allow=OFFICERS, shows=Shows.NOTHING, post=True),
)
