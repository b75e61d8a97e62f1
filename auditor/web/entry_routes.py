"""The routes that are there before anybody is logged in: the door, and links out of mails."""

from auditor.web import acknowledging, home, login, sign_on
from auditor.web.routing import EVERYONE, PUBLIC, Shows, route
from auditor.web.static_files import static_file

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
    route("/acknowledge/{token}", acknowledging.ask, allow=PUBLIC, shows=Shows.NOTHING),
    route("/acknowledge/{token}", acknowledging.acknowledge, allow=PUBLIC, shows=Shows.NOTHING, post=True),
)
