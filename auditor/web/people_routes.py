"""The routes of the administrator's pages, and of the log of views."""

from auditor.domain.people import Role
from auditor.web import people
from auditor.web.routing import Shows, route

_ADMINISTRATORS = frozenset({Role.ADMIN})
_KEEPERS = frozenset({Role.OFFICER, Role.ADMIN})

ROUTES = (
    route("/people", people.listed, allow=_ADMINISTRATORS, shows=Shows.NOTHING),
    route("/people", people.add, allow=_ADMINISTRATORS, shows=Shows.NOTHING, post=True),
    route("/people/{person:number}", people.person, allow=_ADMINISTRATORS, shows=Shows.NOTHING),
    route("/people/{person:number}", people.change, allow=_ADMINISTRATORS, shows=Shows.NOTHING, post=True),
    route("/views", people.views, allow=_KEEPERS, shows=Shows.COUNTS),
)
