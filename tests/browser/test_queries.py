"""A question to a provider by keyboard, and its answer on a phone by the link of the mail."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from auditor.domain.people import Role
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.browser.test_pages import check
from tests.browser.workbench import Bench
from tests.web.conftest import PASSWORD_HASH


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_query_goes_from_the_case_to_the_provider_and_back(bench: Bench, scheme: Any) -> None:
    with bench.database.write() as session:
        make.user(session, "dora", roles=(Role.CODER,), password_hash=PASSWORD_HASH)
    page = bench.page(color_scheme=scheme)
    bench.open(page, 0)
    page.keyboard.press("q")
    page.wait_for_url("**/queries")
    page.get_by_label("Begin with").select_option("specificity")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use").click()
    expect(page.locator("#problems")).to_contain_text("fill in the gap {condition}")
    check(page, "/cases/queries", 1440)
    page.get_by_role("textbox", name="Question").fill("Which type of hypertension was treated?")
    page.get_by_label("What the record says").fill("Blood pressure 128/78 on lisinopril")
    page.get_by_label("Ask", exact=True).select_option("dora")
    expect(page.locator("#problems")).to_contain_text("Compliant")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/queries/1")
    check(page, "/cases/queries/1", 1440)
    with bench.database.read() as session:
        link = session.scalars(select(OutboxMessage.content)).one()["url"].rpartition("/answer/")[2]

    context = bench.browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    bench.contexts.append(context)
    phone = context.new_page()
    phone.goto(f"{bench.address}/answer/{link}")
    check(phone, "/answer", 360)
    expect(phone.get_by_text("hypertension")).to_have_count(0)
    phone.get_by_role("button", name="Show the question").click()
    expect(phone.get_by_text("hypertension")).to_be_visible()
    check(phone, "/answer/question", 360)
    phone.get_by_label("Other (please explain)").check()
    phone.get_by_label("In your own words").fill("Secondary, renal")
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_text("Thank you")).to_be_visible()

    page.goto(f"{bench.address}/queries")
    check(page, "/queries", 1440)
    bench.open(page, 0)
    expect(page.get_by_role("region", name="Documents")).to_contain_text("Secondary, renal")
