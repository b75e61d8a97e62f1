"""Alerts and monitors in a browser: decided by keyboard, usable by anyone in either theme, on a phone too."""

from typing import Any

import pytest
from playwright.sync_api import expect

from auditor.domain.alerts import AlertState
from auditor.services import alerts
from tests.browser.test_pages import check
from tests.browser.workbench import Bench
from tests.web.conftest import Site
from tests.web.test_alerts import opened
from tests.web.test_monitors import ran

PATHS = ("/alerts", "/alerts?show=all", "/alerts/1", "/monitors", "/monitors/em_level")


def site(bench: Bench) -> Site:
    """The tables behind the bench, as the makers of alerts and runs take them."""
    return Site(database=bench.database, clock=None, browser=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_no_page_of_alerts_hinders_anyone_or_is_cut_off(bench: Bench, scheme: Any, width: int) -> None:
    opened(site(bench))
    ran(site(bench), [0.5, 1.0, 2.5])
    page = bench.page("olga", color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in PATHS:
        page.goto(bench.address + path)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        check(page, path, width)


def test_an_alert_is_decided_by_keyboard_alone(bench: Bench) -> None:
    number = opened(site(bench))
    page = bench.page("olga", path=f"/alerts/{number}")
    page.get_by_role("button", name="Acknowledge").press("Enter")
    expect(page.locator(".status")).to_contain_text("acknowledged")
    page.get_by_role("button", name="Investigate, and own it").press("Enter")
    expect(page.locator(".status")).to_contain_text("investigating")
    page.get_by_label("It is drift. What shows it?").press_sequentially("9 of 20 wrong")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_contain_text("confirmed")
    expect(page.locator(".steps")).to_contain_text("9 of 20 wrong")
    with bench.database.read() as session:
        assert alerts.numbered(session, number).state is AlertState.CONFIRMED
