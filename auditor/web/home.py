"""The sign of life that monitors ask for."""

from starlette.responses import JSONResponse, Response

from auditor.web.visits import Visit


def healthz(visit: Visit) -> Response:
    """200 when the database answers; 503 comes as the error that it is."""
    return JSONResponse({"status": "ok" if visit.database.answers() else "silent"})
