"""An audit by four people, from the first case to adjudication and the numbers, without touching a mouse."""

import pytest
from playwright.sync_api import Page, expect

from auditor.domain.audits import ReviewPass
from auditor.domain.people import Role
from auditor.services import findings, seats
from auditor.storage.cases import AuditCase
from tests import code_lists, make
from tests.browser import pictures
from tests.browser.workbench import SAVED, Bench
from tests.services.reviewed_twice import with_second
from tests.web.conftest import PASSWORD_HASH


@pytest.fixture
def audit(bench: Bench) -> Bench:
    """Two cases of anna's, of which ben has the second review of the first; cleo and olga are there too."""
    with bench.database.write() as session:
        for name in ("ben", "cleo"):
            make.user(session, name, roles=(Role.AUDITOR,), password_hash=PASSWORD_HASH)
        code_lists.fee_schedule(session, "99211", "99212", "99213")
        first, second, blind, last = (session.get_one(AuditCase, number) for number in bench.cases)
        first.audit.plan.auditors = ["anna", "ben", "cleo"]
        with_second(session, first)
        blind.assigned_to = last.assigned_to = "dora"
        second.audit.frame.claims = 1000
    return bench


def test_an_audit_by_four_people_from_the_first_case_to_the_numbers(audit: Bench) -> None:
    anna = first_reviewer(audit)
    ben = second_reviewer(audit)
    for reviewer in (anna, ben):
        assert reviewer.request.get(f"{audit.address}/adjudications/{audit.cases[0]}").status == 403
    third_person(audit)
    with audit.database.read() as session:
        decided = findings.current(session, audit.cases[0], ReviewPass.ADJUDICATED)
        row = seats.further_reviews(session, audit.cases[0])[ReviewPass.ADJUDICATED]
    assert [(each.outcome, each.rationale) for each in decided] == [("change", "history is brief"), ("agree", None)]
    assert row is not None
    assert row.reviewed_by == "cleo"
    olga = audit.page("olga", path=f"/audits/{audit.audit_id()}")
    expect(olga.locator("main")).to_contain_text("2 of 4 drawn cases are done")
    expect(olga.locator("main")).to_contain_text("Auditor agreement")
    pictures.keep(olga, "four-people-3-audit")


def first_reviewer(audit: Bench) -> Page:
    """Anna finds a lower level by code search, says why, and goes on to a clean case."""
    anna = audit.page("anna")
    anna.keyboard.press("Enter")
    anna.wait_for_url(f"**/cases/{audit.cases[0]}")
    anna.keyboard.press("c")
    anna.keyboard.type("9921")
    expect(anna.locator("[role=option]").nth(2)).to_contain_text("99213")
    for _ in range(3):
        anna.keyboard.press("ArrowDown")
    pictures.keep(anna, "four-people-1-search")
    anna.keyboard.press("Enter")
    expect(anna.locator("#edit-code")).to_have_value("99213")
    anna.keyboard.press("Enter")
    expect(anna.locator(".row").first).to_contain_text("upcoded")
    anna.keyboard.press("w")
    anna.keyboard.type("history is brief")
    anna.keyboard.press("Escape")
    anna.keyboard.press("Shift+A")
    expect(anna.locator("#saved")).to_have_text(SAVED)
    anna.keyboard.press("Enter")
    anna.wait_for_url(f"**/cases/{audit.cases[1]}")
    anna.keyboard.press("Shift+A")
    anna.keyboard.press("Enter")
    anna.wait_for_url("**/review")
    expect(anna.locator("main")).to_contain_text("No case is waiting for you")
    return anna


def second_reviewer(audit: Bench) -> Page:
    """Ben finds the case untouched, and agrees with it."""
    ben = audit.page("ben")
    ben.keyboard.press("Enter")
    ben.wait_for_url(f"**/cases/{audit.cases[0]}")
    expect(ben.locator("#saved")).to_have_text("nothing changed yet")
    assert "99213" not in ben.content()
    assert "history is brief" not in ben.content()
    ben.keyboard.press("Shift+A")
    ben.keyboard.press("Enter")
    ben.wait_for_url("**/review")
    return ben


def third_person(audit: Bench) -> None:
    """Cleo sees both reviews beside each code, and takes what she holds to be right."""
    cleo = audit.page("cleo", path="/adjudications")
    cleo.keyboard.press("Enter")
    cleo.wait_for_url(f"**/adjudications/{audit.cases[0]}")
    expect(cleo.locator(".row").first).to_contain_text("history is brief")
    pictures.keep(cleo, "four-people-2-adjudication")
    cleo.keyboard.press("Shift+A")
    expect(cleo.locator(".row.current")).to_contain_text("99214")
    sides = cleo.locator(".row.current [data-take]").all_inner_texts()
    cleo.keyboard.press("1" if "change" in sides[0] else "2")
    expect(cleo.locator("#saved")).to_have_text(SAVED)
    cleo.keyboard.press("Enter")
    cleo.wait_for_url("**/adjudications")
    expect(cleo.locator("main")).to_contain_text("Nothing is waiting")


def test_a_ruling_that_is_followed_stands_on_the_finding(audit: Bench) -> None:
    cleo = audit.page("cleo", path="/rulings/new")
    for label, text in (("Codes", "99214"), ("The question", "Is a brief history enough?"), ("The answer", "No.")):
        cleo.get_by_label(label).focus()
        cleo.keyboard.type(text)
    cleo.get_by_role("button", name="Put on record").press("Enter")
    cleo.wait_for_url("**/rulings/1")
    anna = audit.page("anna", path=f"/cases/{audit.cases[0]}")
    expect(anna.locator("#at-hand")).to_contain_text("Is a brief history enough?")
    anna.keyboard.press("d")
    expect(anna.locator("#saved")).to_have_text(SAVED)
    anna.keyboard.press("r")
    anna.get_by_role("button", name="Follow it").press("Enter")
    expect(anna.locator(".row").first).to_contain_text("ruling 1")
    with audit.database.read() as session:
        assert [each.ruling for each in findings.current(session, audit.cases[0])] == [1]
