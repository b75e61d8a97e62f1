"""An officer's year by keyboard: a plan made, run-due over twelve months, an audit from its draw to its reopening."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from auditor.domain.audits import AuditState
from auditor.domain.people import Role
from auditor.services import audits
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import claims_tables, make, practice
from tests.browser.test_pages import check
from tests.browser.workbench import Bench, served
from tests.services.samples import review
from tests.services.test_due import due
from tests.web.conftest import PASSWORD, PASSWORD_HASH, Clock

PLAN = {
    "name": "AI oversight",
    "stratify": "specialty",
    "tolerable": "20%",
    "expected": "5%",
    "size": "6",
    "starts_on": "01012025",
    "count": "12",
}


def set_up(database: Database, folder: Path) -> None:
    """Claims of 2025, an officer, and two auditors."""
    file = folder / "claims.sqlite"
    tables = practice.tables(240)
    for claim in tables["claims"]:
        claim["coder_of_record"] = None
    claims_tables.in_sqlite(file, tables)
    with database.write() as session:
        make.source(session, "claims", url=f"sqlite:///{file}")
        make.user(session, "olga", roles=(Role.OFFICER,), credential="CPC", password_hash=PASSWORD_HASH)
        for name in ("carla", "dora"):
            make.user(session, name, roles=(Role.AUDITOR,), password_hash=PASSWORD_HASH)


def press(page: Page, name: str) -> None:
    """Focus a control by its name and press Enter on it, as somebody without a mouse does."""
    page.locator("summary, button, a.button").filter(has_text=name).first.focus()
    page.keyboard.press("Enter")


def make_plan(page: Page, bench: Bench) -> None:
    """Fill in the form, seeing the dates while it is written, and approve the plan."""
    page.goto(f"{bench.address}/plans/new")
    for name, typed in PLAN.items():
        page.locator(f"#{name}").focus()
        page.keyboard.type(typed)
    page.locator("#ends-count").focus()
    page.keyboard.press("Space")
    expect(page.locator("#dates")).to_contain_text("Each month, from 1\u00a0Jan\u00a02025 on, 12 times")
    for box in page.get_by_role("checkbox", name="Carla").or_(page.get_by_role("checkbox", name="Dora")).all():
        box.focus()
        page.keyboard.press("Space")
    press(page, "Make the plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("not approved")
    press(page, "Approve the plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("approved")


def review_all(database: Database, number: int) -> None:
    """Every case of an audit is reviewed and clean."""
    with database.write() as session:
        for case in session.query(AuditCase).filter_by(audit_id=number).all():
            review(session, case)


def test_an_officers_year(sqlite: Database, browser: Browser, tmp_path: Path) -> None:
    set_up(sqlite, tmp_path)
    clock = Clock(datetime(2025, 1, 2, 15, tzinfo=UTC))
    with served(sqlite, clock=clock) as address:
        bench = Bench(address=address, database=sqlite, browser=browser, cases=[])
        page = bench.page("olga", path="/plans")
        make_plan(page, bench)
        for month in range(2, 14):
            day = date(2025 + month // 13, (month - 1) % 12 + 1, 3)
            assert due(sqlite, tmp_path, day) is not None
            assert due(sqlite, tmp_path, day) is not None
        clock.now = datetime(2026, 1, 3, 15, tzinfo=UTC)
        the_year(bench)
        one_audit(bench)
        every_page(bench)
        for context in bench.contexts:
            context.close()
    assert bench.violations == []


def the_year(bench: Bench) -> None:
    """Twelve audits, each once, in the months in which they fell due."""
    with bench.database.read() as session:
        found = audits.all_audits(session)
        assert [(each.first_on.month, each.state) for each in found] == [(n, AuditState.DRAWN) for n in range(1, 13)]
    page = bench.page("olga", path="/plans?year=2025")
    expect(page.locator(".year .chip")).to_have_count(11)
    expect(page.locator(".subtitle")).to_contain_text("late")


def one_audit(bench: Bench) -> None:
    """Opened by hand and drawn, reviewed, signed, signed for nothing again, reopened."""
    page = bench.page("olga", path="/plans/1")
    press(page, "Open an audit by hand")
    for field, typed in (("first_on", "02012025"), ("last_on", "03312025")):
        page.locator(f"#{field}").focus()
        page.keyboard.type(typed)
    press(page, "Open, and commit its seed")
    expect(page.get_by_role("alert")).to_contain_text("audit 2, 3")
    page.locator("#again").focus()
    page.keyboard.press("Space")
    press(page, "Open, and commit its seed")
    page.wait_for_url("**/audits/13")
    press(page, "Draw the sample")
    page.locator("details.deed[open] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cases caption")).to_contain_text("cases")
    review_all(bench.database, 13)
    page.reload()
    press(page, "Sign it off")
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_contain_text("signed")
    press(page, "Reopen")
    page.locator("#reopen-reason").focus()
    page.keyboard.type("a record came late")
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_contain_text("tainted")
    page.goto(f"{bench.address}/plans?year=2025")
    expect(page.locator(".year .chip", has_text="tainted")).to_have_count(1)


def every_page(bench: Bench) -> None:
    """Both themes, both widths, nothing cut off, and axe finds nothing."""
    paths = ["/plans", "/plans?year=2025", "/plans/1", "/plans/new", "/plans/1/size", "/calendar", "/audits/13"]
    looks: list[tuple[Any, int, list[str]]] = [
        ("light", 1440, paths),
        ("dark", 360, paths),
        ("dark", 1440, paths[1:3]),
        ("light", 360, paths[1:3]),
    ]
    for scheme, width, some in looks:
        page = bench.page("olga", color_scheme=scheme, viewport={"width": width, "height": 800})
        for path in some:
            page.goto(bench.address + path)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            check(page, path, width)
        page.context.close()
