"""The workbench in a real browser: by keyboard, on a phone, without a network, from two places at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from auditor.domain.people import Role
from auditor.services import findings
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from tests import make
from tests.browser.workbench import log_in, served
from tests.web import cases
from tests.web.conftest import _HASH

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SAVED = re.compile(r"saved \d\d:\d\d:\d\d")


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


@pytest.fixture
def bench(sqlite: Database, browser: Browser) -> Iterator[Bench]:
    """Four cases, the third of which is coded blind, and the people who work on them."""
    with sqlite.write() as session:
        make.user(session, "anna", roles=(Role.AUDITOR,), password_hash=_HASH)
        make.user(session, "olga", roles=(Role.AUDITOR, Role.OFFICER), password_hash=_HASH)
        audit = make.audit(session)
        made = [make.case(session, audit, cases.claim(n), assigned_to="anna", blind=n == 3).id for n in range(1, 5)]
    with served(sqlite) as address:
        opened = Bench(address=address, database=sqlite, browser=browser, cases=made)
        yield opened
        for context in opened.contexts:
            context.close()
    assert opened.violations == []


def open_case(page: Page, bench: Bench, place: int) -> None:
    page.goto(f"{bench.address}/cases/{bench.cases[place]}")


def test_a_clean_case_takes_two_keys(bench: Bench) -> None:
    page = bench.page()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{bench.cases[0]}")
    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{bench.cases[1]}")
    assert bench.status(bench.cases[0]) == "done"
    assert bench.found(bench.cases[0]) == ["1 agree", "2 agree"]


def test_a_case_is_reviewed_without_touching_a_mouse(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    page.keyboard.press("c")
    page.keyboard.type("99213")
    page.keyboard.press("Enter")
    expect(page.locator(".row").first).to_contain_text("upcoded")
    page.keyboard.press("w")
    page.keyboard.type("a note for adz, nothing more")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("n")
    page.keyboard.type("93000")
    page.keyboard.press("Enter")
    expect(page.locator(".row").nth(2)).to_contain_text("CPT")
    page.keyboard.press("z")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{bench.cases[1]}")
    assert bench.found(bench.cases[0]) == ["1 change", "2 agree"]
    with bench.database.read() as session:
        (finding, _) = findings.current(session, bench.cases[0])
    assert finding.rationale == "a note for adz, nothing more"


def test_every_other_verdict_has_its_key(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    for key, text in (("m", "25"), ("u", "2"), ("s", "2")):
        page.keyboard.press(key)
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 resequence"]
    page.keyboard.press("d")
    expect(page.locator(".row").first).to_contain_text("delete")
    page.keyboard.press("q")
    expect(page.locator("#documentation")).to_have_value("requested")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete"]


def test_a_case_with_a_code_unjudged_is_kept_and_says_so(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("1 code has no verdict")
    assert page.url.endswith(f"/cases/{bench.cases[0]}")


def test_what_is_done_without_a_network_is_sent_when_it_is_back(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    page.context.set_offline(True)
    page.keyboard.press("d")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#saved")).to_contain_text("not saved: 2 waiting")
    expect(page.locator(".row").first).to_contain_text("not saved yet")
    assert bench.found(bench.cases[0]) == []
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text(SAVED, timeout=15_000)
    assert bench.found(bench.cases[0]) == ["1 delete", "2 agree"]


def test_what_was_not_sent_survives_a_crash_of_the_page(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    page.route("**/changes", lambda route: route.abort())
    page.keyboard.press("d")
    expect(page.locator("#saved")).to_contain_text("not saved")
    again = page.context.new_page()
    page.close()
    open_case(again, bench, 0)
    expect(again.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete"]


def test_an_answer_that_is_lost_doubles_nothing(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    lost = []

    def lose_first(route: Any) -> None:
        answer = route.fetch()
        if not lost:
            lost.append(answer)
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/changes", lose_first)
    page.keyboard.press("d")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#saved")).to_have_text(SAVED, timeout=15_000)
    with bench.database.read() as session:
        assert session.query(Finding).count() == 2
    assert bench.found(bench.cases[0]) == ["1 delete", "2 agree"]


def test_of_two_people_the_second_sees_the_first_and_decides(bench: Bench) -> None:
    anna, olga = bench.page(), bench.page("olga")
    open_case(anna, bench, 0)
    open_case(olga, bench, 0)
    anna.keyboard.press("d")
    expect(anna.locator("#saved")).to_have_text(SAVED)
    olga.keyboard.press("j")
    olga.keyboard.press("d")
    expect(olga.get_by_role("alert")).to_contain_text("changed by someone else")
    expect(olga.locator(".row").first).to_contain_text("delete")
    assert bench.found(bench.cases[0]) == ["1 delete"]
    olga.get_by_role("button", name="Put mine on top").click()
    expect(olga.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete", "2 delete"]


def test_two_tabs_of_one_person_keep_each_other_up_to_date(bench: Bench) -> None:
    first = bench.page()
    open_case(first, bench, 0)
    second = first.context.new_page()
    open_case(second, bench, 0)
    first.bring_to_front()
    first.keyboard.press("d")
    expect(second.get_by_role("alert")).to_contain_text("open in another tab")
    expect(second.locator(".row").first).to_contain_text("delete")
    second.bring_to_front()
    second.keyboard.press("j")
    second.keyboard.press("a")
    expect(second.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete", "2 agree"]


def test_a_login_that_ends_in_mid_review_loses_nothing(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    page.context.clear_cookies()
    page.keyboard.press("d")
    page.get_by_role("button", name="Log in again").click()
    page.wait_for_url("**/login**")
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password").fill("a sentence is fine")
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete"]


def test_a_blind_case_is_coded_first_and_judged_after(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 2)
    assert "99214" not in page.content()
    page.get_by_label("Code", exact=True).fill("99213")
    page.get_by_label("Code system").first.select_option("CPT")
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_label("Code", exact=True).first).to_have_value("99213")
    assert "99214" not in page.content()
    page.get_by_role("button", name="Lock my codes").click()
    expect(page.locator(".row.current")).to_contain_text("99214")
    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{bench.cases[3]}")
    assert bench.status(bench.cases[2]) == "done"


def test_a_word_is_found_in_the_documents(bench: Bench) -> None:
    page = bench.page()
    open_case(page, bench, 0)
    page.keyboard.press("/")
    page.keyboard.type("hypertension")
    expect(page.locator("#found")).to_have_text("1 of 2")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_have_text("2 of 2")
    page.locator("#find").fill("nowhere")
    expect(page.locator("#found")).to_have_text("not found")
    expect(page.locator("mark")).to_have_count(0)


def test_on_a_phone_documents_and_codes_share_the_screen_by_tabs(bench: Bench) -> None:
    page = bench.page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.get_by_role("link", name="case 1 of audit 1").click()
    expect(page.get_by_role("region", name="Documents")).to_be_visible()
    page.get_by_role("tab", name="Codes").click()
    expect(page.get_by_role("region", name="Documents")).not_to_be_visible()
    page.get_by_role("button", name="Agree", exact=True).click()
    page.get_by_role("button", name="Agree with the rest").click()
    page.get_by_role("button", name="Done, next").click()
    page.wait_for_url(f"**/cases/{bench.cases[1]}")
    assert bench.found(bench.cases[0]) == ["1 agree", "2 agree"]


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
