"""Alerts and monitors in a browser: decided by keyboard, usable by anyone in either theme, on a phone too."""

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from auditor.domain.alerts import AlertState
from auditor.services import alerts
from auditor.services.monitoring import definitions
from tests import make
from tests.browser.test_pages import check
from tests.browser.workbench import Bench
from tests.web.conftest import Site
from tests.web.test_alerts import opened
from tests.web.test_monitors import ran

PATHS = ("/alerts", "/alerts?show=all", "/alerts/1", "/monitors", "/monitors/em_level", "/replay")


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


def test_a_monitor_is_changed_by_keyboard_alone_and_a_bad_number_is_refused_in_its_place(bench: Bench) -> None:
    ran(site(bench), [0.5, 1.0])
    page = bench.page("olga", path="/monitors")
    page.get_by_role("link", name="E/M level").press("Enter")
    expect(page.locator(".subtitle")).to_contain_text("as shipped")
    floor = page.get_by_label("least shift")
    floor.press("ControlOrMeta+a")
    page.keyboard.type("a little")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(floor).to_be_focused()
    expect(floor).to_have_value("a little")
    expect(floor).to_have_accessible_description(re.compile("Least shift is a number, 0 or more: write it as 0.25"))
    check(page, "/monitors/em_level, refused", 1440)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0.1")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save as a new version")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".subtitle")).to_contain_text("version 1")
    expect(floor).to_have_value("0.1")
    (history,) = page.get_by_role("table", name="Versions").get_by_role("row").all()[1:]
    expect(history).to_contain_text("olga")
    expect(history).to_contain_text("share 3, spend 1, least shift 0.1")
    check(page, "/monitors/em_level, version 1", 1440)


def test_a_monitor_that_somebody_else_has_changed_meanwhile_says_so_beside_what_was_typed(bench: Bench) -> None:
    page = bench.page("olga", path="/monitors/em_level")
    with bench.database.write() as session:
        changed = replace(definitions.current(session).named("em_level"), options={"least_shift": 0.2})
        definitions.add(session, changed, by="otto", at=make.NOON)
    page.get_by_label("least shift").fill("0.3")
    page.get_by_label("least shift").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("otto has made it version 1")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("least shift")).to_have_value("0.3")
    expect(page.get_by_label("least shift")).to_have_accessible_description(re.compile("It is 0.2 now"))
    check(page, "/monitors/em_level, stale", 1440)


def test_a_pasted_stream_is_replayed_and_drawn_with_its_line_and_its_alarms(bench: Bench) -> None:
    page = bench.page("olga", path="/replay")
    page.get_by_label("Errors in the baseline").fill("50")
    page.get_by_label("Audited cases in the baseline").fill("1000")
    page.get_by_label("Outcomes").fill("\n".join("0" * 380 + "10" * 60))
    page.get_by_role("button", name="Replay").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("in 500 audited cases, the first at case")
    expect(page.locator("svg").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    expect(page.get_by_role("columnheader", name="Change began about case")).to_be_visible()
    check(page, "/replay, answered", 1440)
