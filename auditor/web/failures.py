"""Turns errors into answers: a sentence that the user can act on, a status, and nothing else."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auditor.errors import AuditorError
from auditor.web import pages
from auditor.web.visits import Visit, wants_json

_SENTENCES = {
    HTTPStatus.NOT_FOUND: "there is no such page: see the address, or begin again from the start page",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take what was sent: begin again from the start page",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "what was sent is too large: send less at once",
}
_OTHERWISE = "this request cannot be answered: begin again from the start page"
_OUR_FAULT = "something went wrong on our side and was written to the server's log: nothing was changed"


def on_auditor_error(request: Request, error: Exception) -> Response:
    """The error's own sentence and status."""
    status = error.http_status if isinstance(error, AuditorError) else HTTPStatus.BAD_REQUEST
    return _answer(request, HTTPStatus(status), str(error))


def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown addresses, methods, oversized bodies."""
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST)
    return _answer(request, status, _SENTENCES.get(status, _OTHERWISE))


def on_bug(request: Request, _error: Exception) -> Response:
    """A bug of ours: the server's log has the traceback, the page has nothing of it."""
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, _OUR_FAULT)


def _answer(request: Request, status: HTTPStatus, sentence: str) -> Response:
    if wants_json(request):
        return JSONResponse({"error": sentence}, status_code=status)
    site = request.app.state.site
    visit = Visit(request=request, site=site, at=site.clock())
    told = f"{sentence[0].upper()}{sentence[1:]}."
    return pages.page(visit, "error.html", status=status, sentence=told, name=status.phrase)
