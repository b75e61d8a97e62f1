import re

import pytest
from sqlalchemy import select

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.people import Role
from auditor.services import counted_reports, standings
from auditor.services.reporting import Paper
from auditor.storage.cases import AuditCase
from tests import make
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review
from tests.web import cases
from tests.web.conftest import PASSWORD, site_over
from tests.web.test_escaping import HOSTILE


@pytest.fixture
def olga(site):
    return site.logged_in("olga", Role.OFFICER)


def audited(site, **plan) -> int:
    with site.database.write() as session:
        audit = drawn_audit(session, {"Cardiology": 500}, **plan)
        made = draw(session, audit, "Cardiology", [cases.claim(n) for n in range(1, 41)], population=500)
        for case in made[:30]:
            review(session, case)
        review(session, made[30], {"l1": change("99213")})
        review(session, made[31], documentation=DocumentationStatus.NOT_PRODUCED)
        made[32].documentation_status = DocumentationStatus.REQUESTED
        return audit.id


def test_the_list_says_where_each_audit_stands(site, olga):
    assert "There are no audits yet" in olga.get("/audits").text
    number = audited(site, name="AI oversight")
    page = olga.get("/audits").text
    assert f'href="/audits/{number}"' in page
    assert "32 of 40" in page
    assert "If the OIG called today" in olga.get("/").text


def test_an_audit_begins_with_its_sentence_and_ends_with_its_cases(site, olga):
    number = audited(site)
    page = olga.get(f"/audits/{number}").text
    assert "32 of 40 drawn cases are done." in page
    assert 'aria-label="31 done, 1 record not produced, 1 documents requested, 0 begun, 7 not begun"' in page
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') >= 2
    assert f'href="/audits/{number}/certificate"' in page
    with site.database.read() as session:
        standing = standings.standing(session, number)
    assert f"{standing.progress.done} of" in page
    assert "style=" not in page


class Elsewhere:
    """A counter that has everything counted elsewhere, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def ask(self, audit_id: int, paper: Paper) -> bool:
        self.asked.append(audit_id)
        return True


def test_numbers_that_are_being_counted_again_say_of_when_they_are(small_site):
    elsewhere = Elsewhere()
    site = site_over(small_site.database, counter=elsewhere)
    olga = site.logged_in("olga", Role.OFFICER)
    number = audited(site)
    first = olga.get(f"/audits/{number}").text
    assert "being counted for the first time" in first
    assert "32 of 40" not in first
    counted_reports.count(site.database, number, at=site.clock())
    assert "32 of 40 drawn cases are done." in olga.get(f"/audits/{number}").text
    with site.database.write() as session:
        waiting = session.scalars(select(AuditCase).where(AuditCase.review_status == ReviewStatus.PENDING)).first()
        review(session, waiting)
    behind = olga.get(f"/audits/{number}").text
    assert "32 of 40 drawn cases are done." in behind
    assert "The audit has changed since" in behind
    assert elsewhere.asked == [number, number]
    counted_reports.count(site.database, number, at=site.clock())
    current = olga.get(f"/audits/{number}").text
    assert "33 of 40 drawn cases are done." in current
    assert "The audit has changed since" not in current


def rows(page):
    """The text of the table of signatures."""
    return " ".join(re.sub(r"<[^>]+>", "", page.partition('id="signatures"')[2]).split())


def test_signatures_are_told_as_of_now_and_nobody_signs_beside_numbers_of_before(small_site):
    site = site_over(small_site.database, counter=Elsewhere())
    olga = site.logged_in("olga", Role.OFFICER)
    with site.database.write() as session:
        audit = drawn_audit(session, {"": 50})
        for case in draw(session, audit, "", [cases.claim(n) for n in range(1, 4)], population=50):
            review(session, case)
        number = audit.id
    page = f"/audits/{number}"
    assert "It can be signed as soon as its newest numbers stand here" in olga.get(page).text
    counted_reports.count(site.database, number, at=site.clock())
    ready = olga.get(page).text
    assert "Nobody has signed this report" in ready
    content = re.search(r'name="content_sha256" value="(\w{64})"', ready)[1]
    form = {"meaning": "final", "password": PASSWORD, "content_sha256": content}
    assert olga.post(f"{page}/sign-off", **form).status_code == 303
    signed = olga.get(page).text
    assert "The audit has changed since" in signed
    assert ("Nobody has signed this report" in signed, ">signed</span>" in signed) == (False, True)
    assert "holds" in rows(signed)
    assert olga.post(f"{page}/reopen", reason="a record came late").status_code == 303
    reopened = olga.get(page).text
    assert "The signature no longer holds" in reopened
    assert (" holds" in rows(reopened), "tainted" in rows(reopened)) == (False, True)
    assert "a record came late" in reopened
    assert 'name="password"' not in reopened


def test_cases_are_chosen_by_state_and_come_in_pages(site, olga):
    number = audited(site)
    requested = olga.get(f"/audits/{number}/cases?state=documents%20requested", **{"hx-request": "true"}).text
    assert "1 case: documents requested" in requested
    assert requested.count("<tr>") == 2
    assert "<html" not in requested
    with site.database.write() as session:
        audit = make.audit(session)
        for n in range(60):
            make.case(session, audit, cases.claim(n), review_status=ReviewStatus.PENDING)
        large = audit.id
    assert "Page 1 of 2" in olga.get(f"/audits/{large}").text
    assert olga.get(f"/audits/{large}/cases?page=2").text.count("<tr>") == 11
    for wrong in ("state=lost", "page=0", "page=x", "page=99999999999"):
        assert olga.get(f"/audits/{large}/cases?{wrong}").status_code == 400
    assert olga.get("/audits/987654321").status_code == 404
    assert olga.get("/audits/987654321/cases").status_code == 404


def test_the_certificate_stands_on_a_page_of_its_own(site, olga):
    number = audited(site)
    page = olga.get(f"/audits/{number}/certificate").text
    assert make.SEED in page
    assert "C-1" not in page
    with site.database.write() as session:
        opened = make.audit(session, state=AuditState.OPEN, drawn_at=None).id
    assert olga.get(f"/audits/{opened}/certificate").status_code == 404
    assert make.SEED not in olga.get(f"/audits/{opened}").text


def test_managers_see_rates_and_progress_but_no_case_and_no_certificate(site):
    number = audited(site)
    manager = site.logged_in("max", Role.MANAGER)
    page = manager.get(f"/audits/{number}").text
    assert "32 of 40" in page
    assert "/cases/" not in page.replace(f"/audits/{number}/cases", "")
    assert manager.get(f"/audits/{number}/certificate").status_code == 403


def test_what_a_plan_and_its_strata_are_called_is_text(small_site):
    olga = small_site.logged_in("olga", Role.OFFICER)
    with small_site.database.write() as session:
        audit = drawn_audit(session, {HOSTILE: 10}, name=HOSTILE)
        made = draw(session, audit, HOSTILE, [cases.claim(1)], population=10)
        review(session, made[0])
        made[0].assigned_to = made[0].reviewed_by = HOSTILE
    for path in ("/audits", f"/audits/{audit.id}", f"/audits/{audit.id}/certificate"):
        page = olga.get(path).text
        assert "<img" not in page
        assert "&lt;img" in page
