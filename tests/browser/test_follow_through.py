"""From a finding to its end in a real browser: argued, upheld, taught, audited again; desks and trends beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from auditor.domain.people import Role
from auditor.services.due_audits import AuditRules, run_due_audits
from auditor.services.follow_through import actions, overpayments
from auditor.services.notices import Letterhead
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.browser.test_pages import check
from tests.browser.workbench import Bench, served
from tests.domain.judgements import change
from tests.practice import Practice
from tests.services.samples import review
from tests.web.conftest import PASSWORD_HASH

NOW = datetime.now(UTC)
PEOPLE = {"olga": (Role.OFFICER, Role.MANAGER), "rita": (Role.AUDITOR,), "anna": (Role.CODER,)}


@pytest.fixture
def practice(sqlite: Database, tmp_path: Path) -> Practice:
    """300 claims, anna's among them, on SQLite alone."""
    made = Practice(database=sqlite, file=tmp_path / "claims.sqlite")
    made.fill(300)
    return made


@pytest.fixture
def house(practice: Practice, browser: Browser) -> Iterator[Bench]:
    """An audit of 30 claims, reviewed; every case of anna's has a level too high."""
    number = practice.drawn(size=30).audit_id
    with practice.database.write() as session:
        for name, roles in PEOPLE.items():
            make.user(session, name, roles=roles, password_hash=PASSWORD_HASH)
        mine = []
        for case in session.query(AuditCase).filter_by(audit_id=number).order_by(AuditCase.number):
            own = case.claim["coder_of_record"] == "anna"
            review(session, case, {"l1": change("99212", rationale="One problem.")} if own else None, by="rita")
            mine += [case.id] if own else []
    with served(practice.database) as address:
        opened = Bench(address=address, database=practice.database, browser=browser, cases=mine)
        yield opened
        for context in opened.contexts:
            context.close()
    assert opened.violations == []


def test_a_rebuttal_goes_by_keyboard_from_coder_to_officer_and_changes_the_result(house: Bench) -> None:
    coder = house.page("anna", "/")
    expect(coder.get_by_role("heading", level=1)).to_have_text("Your results")
    coder.get_by_role("link", name="Case").first.focus()
    coder.keyboard.press("Enter")
    coder.locator("summary", has_text="Argue this finding").focus()
    coder.keyboard.press("Enter")
    coder.keyboard.press("Tab")
    coder.keyboard.type("Two problems, one of them worse.")
    coder.keyboard.press("Tab")
    coder.keyboard.press("Enter")
    expect(coder.get_by_text("waits for an answer")).to_be_visible()
    officer = house.page("olga", "/rebuttals")
    officer.get_by_role("link", name="Rebuttal 1").click()
    officer.get_by_label("Your answer").focus()
    officer.keyboard.type("Agreed: level 4.")
    officer.get_by_role("button", name="Uphold").focus()
    officer.keyboard.press("Enter")
    expect(officer.get_by_text("After the rebuttal")).to_be_visible()
    coder.reload()
    expect(coder.get_by_text("Agreed: level 4.")).to_be_visible()
    officer.goto(f"{house.address}/audits/{house.audit_id()}")
    section = officer.locator("#rebuttals")
    expect(section).to_contain_text("1 of 1 decided rebuttals was upheld.")
    row = section.get_by_role("row").filter(has_text="Claim error rate").first
    before, after = (row.locator("td").nth(n).inner_text() for n in (1, 3))
    assert before != after


def test_a_follow_up_audit_is_born_of_an_action(house: Bench, practice: Practice) -> None:
    officer = house.page("olga", f"/actions?audit={house.audit_id()}")
    officer.get_by_label("What is to be done").fill("Go through office visits")
    officer.get_by_label("Owner").select_option("anna")
    officer.get_by_label("Last day").fill(str(NOW.date() + timedelta(days=1)))
    officer.get_by_label("Whose coding").fill("coder_of_record=anna")
    officer.get_by_label("Days of claims").fill("28")
    officer.get_by_role("button", name="Give the action").press("Enter")
    expect(officer.get_by_text("planned when the action is done")).to_be_visible()
    coder = house.page("anna", "/")
    coder.get_by_role("link", name="Go through office visits").press("Enter")
    coder.get_by_label("What was done").fill("Read and discussed.")
    coder.get_by_role("button", name="It is done").press("Enter")
    expect(coder.get_by_text("opens by itself from")).to_be_visible()
    with house.database.read() as session:
        period = actions.numbered(session, 1)
    practice.sql(f"UPDATE claims SET served_on = '{period.check_first_on}'")
    later = NOW + timedelta(days=40)
    letterhead = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")
    rules = AuditRules(new_seed=lambda: make.SEED, environment={}, letterhead=letterhead)
    born = run_due_audits(house.database, rules, on=later.date(), by="auditor", at=later)
    officer.reload()
    expect(officer.get_by_role("link", name=f"audit {born.drawn[0]}")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 360), ("dark", 360)])
def test_no_page_of_it_hinders_anyone_or_is_cut_off(house: Bench, scheme: Any, width: int) -> None:
    with house.database.write() as session:
        new = actions.NewAction(
            title="Teach levels", owner="anna", due_on=NOW.date(), audit_id=house.audit_id(), education_topic="Risk"
        )
        actions.add(session, new, by="olga", at=NOW)
        found = overpayments.Identified(title="Levels", identified_on=NOW.date(), investigated_from=NOW.date())
        overpayments.identify(session, found, by="olga", at=NOW)
    options: Any = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    officer = house.page("olga", "/", **options)
    point = "/trends/cases?metric=claim_error_rate&every=quarter&by=arm&of=arm%3Dai&period=2025-Q1"
    paths = ["/", "/?as=manager", "/trends?by=code_section&every=quarter", point, "/rebuttals", "/actions"]
    for path in [*paths, "/actions/1", "/overpayments", "/overpayments/1", f"/results/{house.cases[0]}"]:
        officer.goto(house.address + path)
        officer.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        check(officer, path, width)
    for name in ("anna", "rita"):
        page = house.page(name, "/", **options)
        check(page, f"/ of {name}", width)


def test_a_point_of_a_trend_leads_to_its_cases(house: Bench) -> None:
    officer = house.page("olga", "/trends")
    officer.get_by_label("By", exact=True).select_option("coder_of_record")
    officer.get_by_label("Every", exact=True).select_option("quarter")
    officer.get_by_role("button", name="Show").press("Enter")
    row = officer.get_by_role("row").filter(has_text="anna").first
    counted = row.locator("td").nth(3).inner_text()
    row.get_by_role("link").press("Enter")
    wrong, _, every = counted.partition(" of ")
    expect(officer.locator(".subtitle")).to_contain_text(f"{every} case")
    expect(officer.locator(".subtitle")).to_contain_text(f"{wrong} in error")
