"""The workbench on a real port, for a real browser."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn
from playwright.sync_api import Page

from auditor import settings
from auditor.storage.database import Database
from auditor.web.app import create_app
from tests.web.conftest import PASSWORD


@contextmanager
def served(database: Database) -> Iterator[str]:
    """The address of a workbench over these tables."""
    app = create_app(database, settings.load({"AUDITOR_CONFIG": "/nowhere"}), clock=lambda: datetime.now(UTC))
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
