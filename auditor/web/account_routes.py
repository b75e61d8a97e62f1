"""The routes of a person's own password and second factor."""

from auditor.web import account, second_factor
from auditor.web.routing import EVERYONE, Shows, route

_HOME = "/account/second-factor"

ACCOUNT_ROUTES = (
    route("/account/password", account.change_password, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route(_HOME, second_factor.begin, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route(f"{_HOME}/confirm", second_factor.confirm, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    route(f"{_HOME}/remove", second_factor.remove, allow=EVERYONE, shows=Shows.NOTHING, post=True),
)
