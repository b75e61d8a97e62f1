"""Reviewing in a real browser: by keyboard, blind first, on a phone."""

import time

from playwright.sync_api import expect

from auditor.services import findings
from tests.browser.workbench import SAVED, Bench


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
    bench.open(page, 0)
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
    bench.open(page, 0)
    for key, text in (("m", "25"), ("u", "2"), ("s", "2")):
        page.keyboard.press(key)
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 resequence"]
    page.keyboard.press("d")
    expect(page.locator(".row").first).to_contain_text("delete")
    page.locator("#documentation").select_option("requested")
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.locator("#documentation").blur()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete"]


def test_a_case_with_a_code_unjudged_is_kept_and_says_so(bench: Bench) -> None:
    page = bench.page()
    bench.open(page, 0)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("1 code has no verdict")
    assert page.url.endswith(f"/cases/{bench.cases[0]}")


def test_a_blind_case_is_coded_first_and_judged_after(bench: Bench) -> None:
    page = bench.page()
    bench.open(page, 2)
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
    bench.open(page, 0)
    page.keyboard.press("/")
    page.keyboard.type("hypertension")
    expect(page.locator("#found")).to_have_text("1 of 2")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_have_text("2 of 2")
    page.locator("#find").fill("nowhere")
    expect(page.locator("#found")).to_have_text("not found")
    expect(page.locator("mark")).to_have_count(0)


def test_nothing_can_be_pressed_before_its_script_has_come(bench: Bench) -> None:
    page = bench.page(viewport={"width": 360, "height": 740})
    page.route("**/codes.js", lambda route: (time.sleep(1), route.continue_()))
    page.goto(f"{bench.address}/cases/{bench.cases[0]}", wait_until="commit")
    page.get_by_role("tab", name="Codes").click()
    expect(page.get_by_role("region", name="Documents")).not_to_be_visible()


def test_on_a_phone_documents_and_codes_share_the_screen_by_tabs(bench: Bench) -> None:
    page = bench.page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.get_by_role("link", name="case 1 of audit 1").click()
    expect(page.get_by_role("region", name="Documents")).to_be_visible()
    page.get_by_role("tab", name="Codes").click()
    expect(page.get_by_role("region", name="Documents")).not_to_be_visible()
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.locator("#saved")).to_contain_text("saved")
    current, panel = page.locator(".row.current").bounding_box(), page.locator(".panel").bounding_box()
    assert current
    assert panel
    assert current["y"] + current["height"] <= panel["y"] + 1
    page.get_by_role("button", name="Agree with the rest").click()
    page.get_by_role("button", name="Done, next").click()
    page.wait_for_url(f"**/cases/{bench.cases[1]}")
    assert bench.found(bench.cases[0]) == ["1 agree", "2 agree"]
