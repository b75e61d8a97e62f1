"""The start page, which is another one for each role, and the sign of life that monitors ask for."""

from starlette.responses import JSONResponse, RedirectResponse, Response

from auditor.web.pages import PLACES
from auditor.web.visits import Visit


def home(visit: Visit) -> Response:
    """On to the first page that the person's roles have."""
    first = next((place.path for place in PLACES if place.roles & visit.me.roles), "/account")
    return RedirectResponse(first, status_code=303)


def healthz(visit: Visit) -> Response:
    """200 when the database answers; 503 comes as the error that it is."""
    return JSONResponse({"status": "ok" if visit.database.answers() else "silent"})
