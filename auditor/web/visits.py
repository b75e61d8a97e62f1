"""One request as an endpoint sees it: the site, the person, the body, the moment."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request

from auditor.domain.people import Role
from auditor.errors import BadInput
from auditor.services.calculators import answers
from auditor.services.shapes import described
from auditor.services.web_sessions import Lifetime, SignedIn
from auditor.settings import Settings
from auditor.storage.database import Database
from auditor.web.counting import Counter, OnTheSpot

Calculate = Callable[[str, answers.Given], dict[str, Any]]
_Body = TypeVar("_Body")
_MOST_FIELDS = 200


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every request works with. `clock` tells the moment, `calculate` answers what a calculator is asked."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    counter: Counter = field(default_factory=OnTheSpot)
    calculate: Calculate = answers.answer

    @property
    def lifetime(self) -> Lifetime:
        """How long logins last."""
        web = self.settings.web
        return Lifetime(idle=timedelta(minutes=web.idle_minutes), longest=timedelta(hours=web.session_hours))


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request with its body read. `who` is None on public pages, `csrf` the token that this page's forms carry."""

    request: Request
    site: Site
    at: datetime
    body: bytes = b""
    who: SignedIn | None = None
    csrf: str = ""
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def me(self) -> SignedIn:
        """The person behind the request, where the route asks for one."""
        if self.who is None:
            raise ValueError("a public page has nobody behind it")
        return self.who

    @property
    def is_officer(self) -> bool:
        """Whether that person is a compliance officer."""
        return Role.OFFICER in self.me.roles

    @property
    def address(self) -> str:
        """Where the request came from: an IP address, or `unknown`."""
        host = self.request.client.host if self.request.client else ""
        try:
            return str(ipaddress.ip_address(host.partition("%")[0]))
        except ValueError:
            return "unknown"

    @property
    def time_zone(self) -> str:
        """The zone in which this person reads moments: their own, else the practice's."""
        return (self.who and self.who.time_zone) or self.site.settings.time_zone

    @property
    def today(self) -> date:
        """This day where the practice is: plans and periods go by it, whoever looks."""
        return self.at.astimezone(ZoneInfo(self.site.settings.time_zone)).date()

    @property
    def database(self) -> Database:
        """Our tables."""
        return self.site.database

    def number(self, name: str) -> int:
        """A number of the path."""
        return int(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """A value of the query string, empty when it is not there."""
        return _plain(self.request.query_params.get(name, ""))

    def decoded(self, kind: type[_Body]) -> _Body:
        """The body as JSON of that shape."""
        try:
            found = msgspec.json.decode(self.body, type=described(kind))
            msgspec.json.encode(found)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise BadInput("this request cannot be read: reload the page and try again") from error
        _refuse_nul(self.body.replace(b"\\u0000", b"\x00"))
        return found


def wants_json(request: Request) -> bool:
    """Whether a script asked, which wants a status and no page."""
    return "application/json" in request.headers.get("accept", "") or "hx-request" in request.headers


def form_of(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a posted form; the last of those named alike counts."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise BadInput("this form cannot be read: reload the page and try again") from error
    return {name: _plain(value) for name, value in fields}


def local_path(text: str) -> str:
    """A path of this site, or `/` for anything that could lead elsewhere.

    >>> local_path("/cases/3"), local_path("//evil.example/"), local_path("https://evil.example")
    ('/cases/3', '/', '/')
    """
    safe = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return quote(text, safe="/?=&%-._~") if safe else "/"


def _plain(text: str) -> str:
    _refuse_nul(text.encode("utf-8", "surrogatepass"))
    return text


def _refuse_nul(data: bytes) -> None:
    if b"\x00" in data:
        raise BadInput("this request holds a character that no text has: reload the page and try again")
