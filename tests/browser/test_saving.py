"""Nothing is lost and nothing doubled: no network, a crash, a lost answer, two people, two tabs, an ended login."""

from typing import Any

from playwright.sync_api import expect

from auditor.storage.cases import Finding
from tests.browser.workbench import SAVED, Bench


def test_what_is_done_without_a_network_is_sent_when_it_is_back(bench: Bench) -> None:
    page = bench.page()
    bench.open(page, 0)
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
    bench.open(page, 0)
    page.route("**/changes", lambda route: route.abort())
    page.keyboard.press("d")
    expect(page.locator("#saved")).to_contain_text("not saved")
    again = page.context.new_page()
    page.close()
    bench.open(again, 0)
    expect(again.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete"]


def test_an_answer_that_is_lost_doubles_nothing(bench: Bench) -> None:
    page = bench.page()
    bench.open(page, 0)
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
    bench.open(anna, 0)
    bench.open(olga, 0)
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
    bench.open(first, 0)
    second = first.context.new_page()
    bench.open(second, 0)
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
    bench.open(page, 0)
    page.context.clear_cookies()
    page.keyboard.press("d")
    page.get_by_role("button", name="Log in again").click()
    page.wait_for_url("**/login**")
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password").fill("a sentence is fine")
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert bench.found(bench.cases[0]) == ["1 delete"]
