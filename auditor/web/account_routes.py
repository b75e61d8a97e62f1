"""The routes of a person's own account: notices, zone, password, second factor, logins."""

from auditor.web import account, second_factor
from auditor.web.routing import EVERYONE, Shows, route

_HOME = "/account/second-factor"

ROUTES = (
    route("/account", account.account, allow=EVERYONE, shows=Shows.NOTHING),
    route("/account/notices", account.choose_notices, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route("/account/time-zone", account.set_time_zone, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route("/account/sessions/end", account.end_other_sessions, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route("/account/password", account.change_password, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route(_HOME, second_factor.begin, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route(f"{_HOME}/confirm", second_factor.confirm, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route(f"{_HOME}/remove", second_factor.remove, allow=EVERYONE, shows=Shows.NOTHING, post=True),
)
