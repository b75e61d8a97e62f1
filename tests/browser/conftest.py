"""A real browser for tests of pages; without chromium these tests are skipped, and each skip says so."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from auditor.domain.people import Role
from auditor.storage.database import Database
from tests import make
from tests.browser.workbench import Bench, served
from tests.web import cases
from tests.web.conftest import PASSWORD_HASH

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver, one a worker."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's own chromium, one a worker."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("chromium is not installed here")
    opened = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, 1280 pixels wide, light; whatever a script of ours throws fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    opened = context.new_page()
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    context.close()
    assert thrown == []


@pytest.fixture
def bench(sqlite: Database, browser: Browser) -> Iterator[Bench]:
    """Four cases, the third of which is coded blind, and the people who work on them."""
    with sqlite.write() as session:
        make.user(session, "anna", roles=(Role.AUDITOR,), password_hash=PASSWORD_HASH)
        make.user(session, "olga", roles=(Role.AUDITOR, Role.OFFICER), password_hash=PASSWORD_HASH)
        audit = make.audit(session)
        made = [make.case(session, audit, cases.claim(n), assigned_to="anna", blind=n == 3).id for n in range(1, 5)]
    with served(sqlite) as address:
        opened = Bench(address=address, database=sqlite, browser=browser, cases=made)
        yield opened
        for context in opened.contexts:
            context.close()
    assert opened.violations == []
