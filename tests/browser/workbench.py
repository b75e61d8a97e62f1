"""The workbench on a real port, for a real browser."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from auditor import settings
from auditor.services import findings
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.web.app import create_app
from tests.web.conftest import PASSWORD

SAVED = re.compile(r"saved \d\d:\d\d:\d\d")


@contextmanager
def served(database: Database, clock: Callable[[], datetime] | None = None) -> Iterator[str]:
    """The address of a workbench over these tables; `clock` tells it another moment than now."""
    app = create_app(
        database, settings.load({"AUDITOR_CONFIG": "/nowhere"}), clock=clock or (lambda: datetime.now(UTC))
    )
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


def log_in(page: Page, address: str, name: str, *, path: str = "/") -> None:
    """Log in by keyboard, and arrive at a path."""
    page.goto(f"{address}/login?next={path}")
    page.locator("#username:focus").wait_for()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


@dataclass
class Bench:
    """A served workbench with cases, and contexts of the browser that opened it; policy violations are kept."""

    address: str
    database: Database
    browser: Browser
    cases: list[int]
    violations: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, name: str = "anna", path: str = "/review", **options: Any) -> Page:
        """A logged-in person's page in a browser of their own."""
        context = self.browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.violations.append(said.text) if "Security Policy" in said.text else None)
        page.on("pageerror", lambda thrown: self.violations.append(str(thrown)))
        log_in(page, self.address, name, path=path)
        return page

    def found(self, case: int) -> list[str]:
        """What stands on a case: line and outcome."""
        with self.database.read() as session:
            return [f"{each.line} {each.outcome}" for each in findings.current(session, case)]

    def status(self, case: int) -> str:
        """Where the review of a case stands."""
        with self.database.read() as session:
            return session.get_one(AuditCase, case).review_status

    def open(self, page: Page, place: int) -> None:
        """Open one of the cases."""
        page.goto(f"{self.address}/cases/{self.cases[place]}")

    def audit_id(self) -> int:
        """The audit that the cases are of."""
        with self.database.read() as session:
            return session.get_one(AuditCase, self.cases[0]).audit_id
