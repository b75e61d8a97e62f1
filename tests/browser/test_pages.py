"""Every page in both themes and at both widths: axe finds nothing, nothing is cut off, no policy is violated.

Colours depend on the theme and the room on the width alone, so that two of their four pairs show all.

The pages come from the table of routes, so that a new one is looked at without anybody thinking of it. Each is kept
as a picture in build/screenshots.
"""

import re
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from auditor.domain.people import Role
from auditor.services import rulings
from auditor.storage.cases import AuditCase
from auditor.web.app import ROUTES
from tests import code_lists, make
from tests.browser import pictures
from tests.browser.workbench import Bench
from tests.domain.judgements import change
from tests.services.reviewed_twice import give, with_second
from tests.web.conftest import PASSWORD_HASH

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PATHS = [each.path for each in ROUTES if "GET" in (each.methods or ())]
SURELY = {"/login", "/review", "/cases/{case:number}", "/adjudications", "/adjudications/{case:number}", "/rulings"}
SURELY |= {"/rulings/new", "/rulings/{ruling:number}", "/audits", "/audits/{audit:number}", "/account"}
SURELY |= {"/audits/{audit:number}/certificate"}
ANSWERS = (
    "/calculators/clopper-pearson?errors=3&n=60&confidence=0.95",
    "/calculators/mean-per-unit?overpaid=0,40,0,10&population=400",
    "/calculators/random-sets?frames=1/40/1/25&count=4&seed=a",
    "/calculators/clopper-pearson?errors=three",
)
SURELY |= set(ANSWERS[:3])


def furnish(bench: Bench) -> dict[str, str]:
    """Something to see on every page, a person with every role, and the numbers that paths take."""
    with bench.database.write() as session:
        make.user(session, "max", roles=tuple(Role), password_hash=PASSWORD_HASH)
        code_lists.icd10cm(session)
        case = session.get_one(AuditCase, bench.cases[3])
        with_second(session, case)
        give(session, case, {"l1": change("99213", rationale="no history")}, by="anna")
        give(session, case, by="ben")
        draft = rulings.Draft(question="Exertion alone?", answer="No.", codes=("99214",), citation="I.C.9.b")
        number = rulings.write(session, draft, by="olga", at=make.NOON).id
    return {"case": str(bench.cases[0]), "audit": str(bench.audit_id()), "ruling": str(number)}


def filled(path: str, numbers: dict[str, str], bench: Bench) -> str:
    """A path of the table with numbers of ours."""
    numbers = numbers | ({"case": str(bench.cases[3])} if path.startswith("/adjudications") else {})
    path = re.sub(r"\{(\w+):number\}", lambda found: numbers.get(found[1], "1"), path)
    return re.sub(r"\{\w+\}", "1", path)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_no_page_hinders_anyone_or_is_cut_off(bench: Bench, scheme: Any, width: int) -> None:
    numbers = furnish(bench)
    page = bench.page("max", color_scheme=scheme, viewport={"width": width, "height": 800})
    blind = f"/cases/{bench.cases[2]}"
    wanted = {filled(path, numbers, bench): path for path in PATHS} | {
        each: each for each in (blind, *ANSWERS, "/nowhere")
    }
    seen = set()
    for path, name in wanted.items():
        if not is_page(page, bench.address + path):
            continue
        page.goto(bench.address + path)
        if re.fullmatch(r"/cases/\d+", path):
            page.keyboard.press("d")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        check(page, path, width)
        seen.add(name)
    assert SURELY - {"/login"} <= seen
    page.context.clear_cookies()
    page.goto(f"{bench.address}/login")
    check(page, "/login", width)


CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MARK = """controls => {
  let number = 0;
  for (const each of document.querySelectorAll(controls)) {
    const group = each.type === "radio" ? [...document.querySelectorAll(`[name="${each.name}"]`)] : [each];
    const rest = each !== (group.find(radio => radio.checked) ?? group[0]);  // arrows go on within a group
    if (each.disabled || each.tabIndex < 0 || rest || !each.checkVisibility({checkVisibilityCSS: true})) continue;
    each.dataset.control = ++number;
  }
  return number;
}"""
FOCUSED = """() => {
  const focused = document.activeElement;
  let ring = false;
  for (let each = focused; each && !ring; each = each.parentElement) {
    const style = getComputedStyle(each);
    ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  }
  return [Number(focused.dataset.control ?? 0), ring];
}"""


def test_every_control_of_every_page_is_reached_by_tab_and_shows_that_it_is(bench: Bench) -> None:
    numbers = furnish(bench)
    page = bench.page("max", viewport={"width": 1440, "height": 900})
    seen, wrong = set(), {}
    for name in PATHS:
        path = filled(name, numbers, bench)
        if not is_page(page, bench.address + path):
            continue
        page.goto(bench.address + path)
        if found := tabbed(page):
            wrong[path] = found
        seen.add(name)
    assert wrong == {}
    assert SURELY - {"/login", *ANSWERS} <= seen


def tabbed(page: Page) -> list[str]:
    """What Tab does not reach, or reaches without a ring around it or its row, from the top of a page to its end."""
    page.evaluate("document.activeElement.blur()")
    count = page.evaluate(MARK, CONTROLS)
    inside_dates = 3 * page.locator("input[type=date]").count()
    reached: set[int] = set()
    ringed: set[int] = set()
    for _ in range(count + inside_dates + 3):
        page.keyboard.press("Tab")
        number, ring = page.evaluate(FOCUSED)
        reached.add(number)
        ringed |= {number} if ring else set()
    every = set(range(1, count + 1))
    wrong = {"not reached": every - reached, "without a ring": (every & reached) - ringed}
    return [f"{what}: {_text(page, number)}" for what, numbers in wrong.items() for number in sorted(numbers)]


def _text(page: Page, number: int) -> str:
    return str(page.locator(f"[data-control='{number}']").evaluate("each => each.outerHTML.slice(0, 100)"))


def is_page(page: Page, address: str) -> bool:
    """Whether a whole page answers, and no file, script or fragment."""
    answer = page.request.get(address, max_redirects=0)
    whole = answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()
    return whole and answer.status in (200, 400, 404)


def check(page: Page, path: str, width: int) -> None:
    """Keep a picture, and let axe look."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    scheme = "dark" if dark else "light"
    name = re.sub(r"\W+", "-", path).strip("-") or "home"
    pictures.keep(page, f"{name}-{width}-{scheme}")
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
