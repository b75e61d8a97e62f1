"""Every page in both themes and at both widths: axe finds nothing, nothing is cut off."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.workbench import Bench

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_no_page_hinders_anyone_or_is_cut_off(bench: Bench, scheme: Any, width: int) -> None:
    options: Any = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    page = bench.page(**options)
    paths = ["/review", "/account", "/nowhere", *(f"/cases/{bench.cases[place]}" for place in (0, 2))]
    for path in paths:
        page.goto(bench.address + path)
        if path.startswith("/cases"):
            page.keyboard.press("d")
        check(page, path, width)
    page = bench.page("olga", **options)
    number = bench.audit_id()
    for path in ("/audits", f"/audits/{number}", f"/audits/{number}/certificate"):
        page.goto(bench.address + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        check(page, path, width)
    page.context.clear_cookies()
    page.goto(f"{bench.address}/login")
    check(page, "/login", width)


def check(page: Page, path: str, width: int) -> None:
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target + n.failureSummary)]))"
    )
    assert found == [], path
    assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_theme_can_be_chosen_and_is_kept(bench: Bench) -> None:
    page = bench.page(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    button = page.get_by_role("button", name="Theme")
    button.click()
    button.click()
    assert page.evaluate(ground) != light
    page.reload()
    assert page.evaluate(ground) != light
    expect(button).to_contain_text("dark")


def test_the_cases_of_an_audit_are_chosen_by_state_without_leaving_the_page(bench: Bench) -> None:
    page = bench.page("olga", path=f"/audits/{bench.audit_id()}")
    expect(page.locator("#cases caption")).to_have_text("4 cases")
    page.evaluate("window.stayed = true")
    page.get_by_label("State").select_option("begun")
    expect(page.locator("#cases caption")).to_have_text("0 cases: begun")
    assert page.evaluate("window.stayed")
