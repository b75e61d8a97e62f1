"""Routes that say who may call them and what they show. One that does not say so cannot be declared.

What shows a claim is logged here, before the answer leaves, so that no page can forget it.
"""

from asyncio import get_running_loop
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from auditor.domain.people import Role
from auditor.errors import Forbidden
from auditor.services import admission, query_answers, view_log, web_sessions
from auditor.storage.database import CONNECTIONS
from auditor.web import cookies
from auditor.web.turns import Turns
from auditor.web.visits import Site, Visit, form_of, wants_json

Endpoint = Callable[[Visit], Response]
PUBLIC: Literal["public"] = "public"
LINK: Literal["link"] = "link"
"""Whoever holds a link that we mailed, `{link}` in the path: it is looked up before the endpoint is called."""
Allowed = frozenset[Role] | Literal["public", "link"]
EVERYONE = frozenset(Role)
_SAFE = ("GET", "HEAD")
_MOST_BYTES = 256 * 1024
_THREADS = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="request")
_TURNS = Turns()


class Shows(StrEnum):
    """What an answer can hold of claims."""

    NOTHING = "nothing of a claim"
    COUNTS = "counts, rates and case numbers"
    CLAIM = "one claim, and the view is logged"


class _Number(Convertor[int]):
    """A number of ours: short enough for every engine."""

    regex = "[1-9][0-9]{0,8}"

    def convert(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """The number as it stands in a path."""
        return str(value)


register_url_convertor("number", _Number())


async def _body(request: Request) -> bytes:
    """What was sent, or an end to it as soon as it is too large."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        chunks.append(chunk)
    return b"".join(chunks)


class Guarded(Route):
    """A route with its roles and what it shows."""

    def __init__(self, path: str, endpoint: Endpoint, *, allow: Allowed, shows: Shows, post: bool) -> None:
        self.allow, self.shows = allow, shows

        async def answer(request: Request) -> Response:
            body = await _body(request) if post else b""
            return await get_running_loop().run_in_executor(_THREADS, self._in_turn, request, endpoint, body)

        super().__init__(path, answer, methods=["POST"] if post else ["GET"], name=endpoint.__name__)

    def _in_turn(self, request: Request, endpoint: Endpoint, body: bytes) -> Response:
        with _TURNS.turn():
            return self._handle(request, endpoint, body)

    def _handle(self, request: Request, endpoint: Endpoint, body: bytes) -> Response:
        site: Site = request.app.state.site
        visit = Visit(request=request, site=site, at=site.clock(), body=body, form=form_of(request, body))
        if self.allow == PUBLIC:
            return endpoint(visit)
        if isinstance(self.allow, str):
            return _by_link(visit, endpoint, self.path)
        secret = cookies.session_secret(request)
        if secret is None:
            return _ask_to_log_in(request)
        with site.database.glance() as session:
            admitted = admission.admit(session, self._asked(visit, secret), lifetime=site.lifetime, at=visit.at)
        if admitted is None:
            return _ask_to_log_in(request)
        who = admitted.who
        if who.stale:
            with site.database.write() as session:
                web_sessions.note_sign_of_life(session, who.session_id, at=visit.at)
        if request.method not in _SAFE and not cookies.proves(request, visit.form.get(cookies.FIELD), secret):
            raise Forbidden("this form is not of your present login: reload the page and try again")
        visit = replace(visit, who=who, csrf=cookies.form_token(secret))
        if self.shows is Shows.CLAIM:
            return _logged(visit, endpoint, self.path, seen=admitted.seen)
        return endpoint(visit)

    def _asked(self, visit: Visit, secret: str) -> admission.Request:
        """What is asked of whoever wants in.

        What is saved while a case is open is one look with the opening of it: the event log has each save.
        """
        named = visit.request.path_params
        saves = self.shows is Shows.CLAIM and visit.request.method not in _SAFE
        return admission.Request(
            token=secret,
            allow=self.allow if isinstance(self.allow, frozenset) else frozenset(),
            audit_id=visit.number("audit") if "audit" in named else None,
            case_id=visit.number("case") if "case" in named else None,
            address=visit.address if saves else None,
        )


def route(
    path: str,
    endpoint: Endpoint,
    *,
    allow: Allowed,
    shows: Shows,
    post: bool = False,
) -> Guarded:
    """Declare a route. ValueError when it names no role, or shows a claim without naming its case."""
    if not allow or not isinstance(shows, Shows):
        raise ValueError(f"the route {path} does not say whom it is for and what it shows")
    if allow not in (PUBLIC, LINK) and not (
        isinstance(allow, frozenset) and all(isinstance(role, Role) for role in allow)
    ):
        raise ValueError(f"the route {path} names something else than roles")
    if allow == LINK and "{link}" not in path:
        raise ValueError(f"the route {path} is for whoever holds a link, and has none in its path")
    named = "{case:number}" in path or allow == LINK
    if shows is Shows.CLAIM and (allow == PUBLIC or not named):
        raise ValueError(f"the route {path} shows a claim, and names no case or nobody who may see it")
    return Guarded(path, endpoint, allow=allow, shows=shows, post=post)


def checked(routes: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The routes, all of them guarded; ValueError names one that is not."""
    bare = next((each for each in routes if not isinstance(each, Guarded)), None)
    if bare is not None:
        raise ValueError(f"the route {bare} was not declared with `route`")
    return list(routes)


def _ask_to_log_in(request: Request) -> Response:
    back = request.url.path if request.method in _SAFE else "/"
    login = f"/login?next={quote(back, safe='')}"
    if wants_json(request):
        told = {"error": "your login has ended: log in again, nothing is lost", "login": "/login"}
        return JSONResponse(told, status_code=401, headers={"HX-Redirect": login})
    return RedirectResponse(login, status_code=303)


def _by_link(visit: Visit, endpoint: Endpoint, path: str) -> Response:
    """The endpoint's answer for whoever holds a link; the view is logged under the query that it was sent for."""
    if visit.request.headers.get("sec-fetch-site") == "cross-site":
        raise Forbidden("this was sent from another site: open the link of the mail again")
    with visit.database.read() as session:
        query = query_answers.by_link(session, visit.request.path_params["link"], at=visit.at)
        case_id, name = query.case_id, f"query {query.id}"
    answer = endpoint(visit)
    viewer = view_log.Viewer(name=name, address=visit.address, route=f"{visit.request.method} {path}")
    with visit.database.jot() as session:
        view_log.note(session, case_id, viewer, at=visit.at)
    return answer


def _logged(visit: Visit, endpoint: Endpoint, path: str, *, seen: bool) -> Response:
    """The endpoint's answer, and a log row when it was one that shows the case and is not `seen` there already."""
    answer = endpoint(visit)
    if seen:
        return answer
    viewer = view_log.Viewer(name=visit.me.name, address=visit.address, route=f"{visit.request.method} {path}")
    with visit.database.jot() as session:
        view_log.note(session, visit.number("case"), viewer, at=visit.at)
    return answer
