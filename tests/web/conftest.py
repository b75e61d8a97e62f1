"""The application over real tables, and people who use it through a client."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from httpx2 import Response
from starlette.testclient import TestClient

from auditor import settings
from auditor.domain.people import Role
from auditor.storage.database import Database
from auditor.web.app import create_app
from auditor.web.counting import Counter
from tests import make

PASSWORD = "a sentence is fine"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')
ADDRESS = ("127.0.0.1", 50_000)


@dataclass
class Clock:
    """The moment, as a test sets it."""

    now: datetime = make.NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@dataclass
class Browser:
    """A client that keeps its cookies, and fills in forms as a browser does."""

    client: TestClient
    csrf: str = field(default="")

    def get(self, path: str, **headers: str) -> Response:
        """Open a page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: str) -> Response:
        """Send a form of the page that was opened last."""
        return self.client.post(path, data={"csrf_token": self.csrf, **fields})

    def send(self, path: str, document: object) -> Response:
        """Send JSON as a script does."""
        headers = {"accept": "application/json", "x-csrf-token": self.csrf}
        return self.client.post(path, json=document, headers=headers)

    def log_in(self, name: str, password: str = PASSWORD, *, back: str = "/account") -> Response:
        """Log in through the form."""
        self.csrf = token(self.get(f"/login?next={back}"))
        answer = self.post("/login", username=name, password=password, next=back)
        if answer.status_code == 303:
            self.csrf = token(self.get("/account"))
        return answer


@dataclass
class Site:
    """The application, its tables and its clock."""

    database: Database
    clock: Clock
    browser: Callable[[], Browser]

    def person(self, name: str, *roles: Role, password: bool = True) -> None:
        """Add a person."""
        with self.database.write() as session:
            make.user(session, name, roles=roles, password_hash=PASSWORD_HASH if password else None)

    def logged_in(self, name: str, *roles: Role) -> Browser:
        """A new person's browser."""
        self.person(name, *roles)
        browser = self.browser()
        assert browser.log_in(name).status_code == 303
        return browser


def token(page: Response) -> str:
    """The token of the forms of a page."""
    found = _TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def site_over(database: Database, chosen: settings.Settings | None = None, *, counter: Counter | None = None) -> Site:
    """The application over these tables, by default as it is shipped."""
    clock = Clock()
    used = chosen or settings.load({"AUDITOR_CONFIG": "/nowhere"})
    app = create_app(database, used, clock=clock, counter=counter)

    def browser() -> Browser:
        client = TestClient(app, "http://127.0.0.1:8765", follow_redirects=False, client=ADDRESS)
        client.headers["sec-fetch-site"] = "same-origin"
        return Browser(client)

    return Site(database=database, clock=clock, browser=browser)


@pytest.fixture
def site(database: Database) -> Site:
    """The application on both engines."""
    return site_over(database)


@pytest.fixture
def small_site(sqlite: Database) -> Site:
    """The application on SQLite, for what does not touch the engine."""
    return site_over(sqlite)


@pytest.fixture
def anna(site: Site) -> Browser:
    """An auditor's browser."""
    return site.logged_in("anna", Role.AUDITOR)
