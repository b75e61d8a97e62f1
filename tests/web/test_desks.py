"""The start page of each role, and trends, over HTTP."""

from datetime import UTC, datetime

import pytest

from auditor.domain.claims import CodingSource
from auditor.domain.people import Role
from tests import claims_tables, make, practice
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review
from tests.web import cases
from tests.web.test_escaping import HOSTILE


def audited(site, **claim) -> int:
    with site.database.write() as session:
        audit = drawn_audit(session, {"all": 500}, name="Oversight")
        made = draw(session, audit, "all", [cases.claim(n, **claim) for n in range(1, 13)], population=500)
        for place, case in enumerate(made):
            review(session, case, {"l1": change("99213")} if place < 3 else None)
        return audit.id


@pytest.mark.parametrize(
    ("roles", "title"),
    [
        ((Role.OFFICER,), "If the OIG called today"),
        ((Role.MANAGER,), "How the coding stands"),
        ((Role.AUDITOR,), "0 cases to review"),
        ((Role.CODER,), "Your results"),
    ],
)
def test_each_role_has_a_desk_with_and_without_data(site, roles, title):
    browser = site.logged_in("cora", *roles)
    assert title in browser.get("/").text
    audited(site, coder_of_record="cora", payer=HOSTILE, specialty=HOSTILE)
    page = browser.get("/").text
    assert title in page
    assert "<img" not in page
    assert "style=" not in page
    wrong = browser.get("/?as=admin")
    assert wrong.status_code == 400


def test_who_has_several_roles_changes_between_desks_and_an_administrator_has_none(small_site):
    olga = small_site.logged_in("olga", Role.OFFICER, Role.CODER)
    assert 'href="/?as=coder"' in olga.get("/").text
    assert "Your results" in olga.get("/?as=coder").text
    admin = small_site.logged_in("adam", Role.ADMIN)
    assert admin.get("/").headers["location"] == "/account"


def test_a_point_of_a_trend_leads_to_its_cases(site):
    number = audited(site)
    max_ = site.logged_in("max", Role.MANAGER)
    page = max_.get("/trends?by=payer").text
    assert "Claim error rate by payer" in page
    assert "3 of 12" in page
    drill = "/trends/cases?metric=claim_error_rate&every=month&by=payer&period=2025-11&of=payer%3DMedicare"
    assert drill.replace("&", "&amp;") in page
    found = max_.get(drill).text
    assert "12 cases of Medicare, 3 in error" in found
    assert f"1 of audit {number}" in found
    assert "/results/" not in found
    assert "/results/" in site.logged_in("olga", Role.OFFICER).get(drill).text
    for wrong in ("metric=x", "by=x", "every=x", "plan=x"):
        assert max_.get(f"/trends?{wrong}").status_code in (400, 404)


def test_a_trend_without_data_says_what_comes_next(small_site):
    page = small_site.logged_in("max", Role.MANAGER).get("/trends").text
    assert "No audited claim yet" in page


def test_the_officer_counts_the_claims_and_a_gap_opens_the_form_of_its_plan(site, tmp_path):
    file = tmp_path / "claims.sqlite"
    claims_tables.in_sqlite(file, practice.tables(60))
    with site.database.write() as session:
        source = make.source(session, "here", url=f"sqlite:///{file}")
        make.plan(session, "AI", source=source, coding_source=CodingSource.AI)
    site.clock.now = datetime(2025, 12, 31, 12, tzinfo=UTC)
    olga = site.logged_in("olga", Role.OFFICER)
    assert "The claims were not counted yet" in olga.get("/").text
    assert olga.post("/desk/count").status_code == 303
    page = olga.get("/").text
    assert "All 60 claims served from" in page
    assert "no plan" in page
    assert "In no plan: " in page
    assert 'href="/plans/new?coding_source=human"' in page
    form = olga.get("/plans/new?where=payer+%3D+%27X%27").text
    assert 'value="payer = &#39;X&#39;"' in form or ">payer = &#39;X&#39;<" in form
    file.unlink()
    down = olga.post("/desk/count")
    assert down.status_code == 503
    assert "All 60 claims" in olga.get("/").text
