"""The administrator's pages and the account, and the menus that fold."""

from typing import Any

import pytest
from playwright.sync_api import expect

from auditor.domain.people import Role
from tests import make
from tests.browser.test_pages import check
from tests.browser.workbench import Bench
from tests.web.conftest import PASSWORD_HASH


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360), ("light", 360), ("dark", 1440)])
def test_the_pages_of_people_hinder_nobody_and_fold(bench: Bench, scheme: Any, width: int) -> None:
    with bench.database.write() as session:
        everything = tuple(Role)
        number = make.user(session, "adam", roles=everything, password_hash=PASSWORD_HASH).id
    page = bench.page("adam", path="/people", color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in ("/people", f"/people/{number}", "/views", "/account"):
        page.goto(bench.address + path)
        check(page, path, width)
    fold = page.get_by_role("button", name="Menu" if width == 360 else "More")
    place = page.get_by_role("link", name="Views", exact=True)
    expect(place).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    expect(place).to_be_visible()
    check(page, "the open menu", width)
    page.keyboard.press("Escape")
    expect(place).to_be_hidden()
    expect(fold).to_be_focused()
    page.keyboard.press("Enter")
    place.click()
    page.wait_for_url("**/views")
    page.goto(f"{bench.address}/account")
    page.get_by_role("button", name="Set it up").click()
    check(page, "/account/second-factor", width)
