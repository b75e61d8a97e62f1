"""A claim that changed at its source after the draw: said on audit and case, with what to do, and no more."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from auditor.domain.people import Role
from auditor.services import audits, samples, verification
from auditor.storage.audits import SourceCheck
from auditor.storage.cases import AuditCase
from tests import claims_tables, make, practice


@pytest.fixture
def olga(site):
    return site.logged_in("olga", Role.OFFICER)


@pytest.fixture
def claims(tmp_path):
    """A claims database of its own."""
    file = tmp_path / "claims.sqlite"
    claims_tables.in_sqlite(file, practice.tables(120))
    return file


@pytest.fixture
def drawn(site, olga, claims):
    """The number of a drawn audit of ten claims, all of anna."""
    site.person("anna", Role.AUDITOR)
    with site.database.write() as session:
        source = make.source(session, "here", url=f"sqlite:///{claims}")
        plan = make.plan(session, source=source, auditors=["anna"], size=10)
        opening = audits.Opening(plan=plan.name, period=practice.YEAR, seed=make.SEED)
        number = audits.open_audit(session, opening, by="olga", at=make.NOON).id
    assert olga.post(f"/audits/{number}/draw").status_code == 303
    return number


def statement(file, text, *values) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(text, values)


def drawn_ids(site, number) -> list[str]:
    with site.database.read() as session:
        return [each.claim_id for each in samples.sample(session, number).selections]


def case_ids(site) -> list[int]:
    with site.database.read() as session:
        return list(session.scalars(select(AuditCase.id).order_by(AuditCase.number)))


def test_claims_that_changed_are_named_by_case_on_the_audit_and_on_their_own_page(site, olga, claims, drawn):
    page, ids, cases = f"/audits/{drawn}", drawn_ids(site, drawn), case_ids(site)
    assert "source-check" not in olga.get(page).text
    assert olga.post(f"{page}/verify").status_code == 303
    assert "every drawn claim are as they were" in olga.get(page).text
    statement(claims, "UPDATE codes SET code = '99205' WHERE claim_id = ? AND sequence = 1", ids[1])
    statement(claims, "DELETE FROM claims WHERE claim_id = ?", ids[4])
    assert olga.post(f"{page}/verify").status_code == 303
    shown = olga.get(page).text
    told = shown.partition('id="source-check"')[2].partition("</div>")[0]
    assert "Changed since: case 2." in told
    assert "Gone from the source: case 5." in told
    assert f"auditor audit verify {drawn}" in told
    assert not any(each in shown for each in (*ids, "99205"))
    anna = site.browser()
    anna.log_in("anna")
    pages = [anna.get(f"/cases/{case}") for case in cases if case]
    assert {answer.status_code for answer in pages} <= {200, 403}  # nobody audits their own coding
    seen = {number: answer.text for number, answer in enumerate(pages, start=1) if answer.status_code == 200}
    said = {number for number, text in seen.items() if "source-news" in text}
    assert said == {2, 5} & set(seen)
    assert "copy that was frozen at the draw" in seen[2]
    assert "99205" not in seen[2]


def test_a_blind_case_says_that_its_claim_changed_and_shows_no_code(site, olga, claims, drawn):
    ids, cases = drawn_ids(site, drawn), case_ids(site)
    with site.database.write() as session:
        blind = session.get_one(AuditCase, cases[1])
        blind.blind, blind.assigned_to = True, "anna"
        codes = {code["code"] for code in blind.claim["codes"]}
    statement(claims, "UPDATE codes SET code = '99205' WHERE claim_id = ? AND sequence = 1", ids[1])
    olga.post(f"/audits/{drawn}/verify")
    anna = site.browser()
    anna.log_in("anna")
    answer = anna.get(f"/cases/{cases[1]}")
    assert (answer.status_code, "was changed at its source" in answer.text) == (200, True)
    assert not any(each in answer.text for each in (*codes, "99205"))


def test_a_source_that_is_down_is_said_on_the_page_and_the_last_look_stays(site, olga, claims, drawn):
    page, ids = f"/audits/{drawn}", drawn_ids(site, drawn)
    statement(claims, "UPDATE claims SET paid_cents = 1 WHERE claim_id = ?", ids[0])
    olga.post(f"{page}/verify")
    claims.unlink()
    answer = olga.post(f"{page}/verify")
    assert answer.status_code >= 400
    assert "Not done." in answer.text
    assert "Changed since: case 1." in answer.text


def test_what_a_command_found_is_on_the_page_and_only_officers_have_the_source_asked(site, olga, drawn):
    with site.database.read() as session:
        before = session.get(SourceCheck, drawn)
    found = verification.verify(site.database, audit_id=drawn, by="root", at=make.NOON, environment={})
    assert (before, found.identical) == (None, True)
    mona = site.logged_in("mona", Role.MANAGER)
    assert "every drawn claim are as they were" in mona.get(f"/audits/{drawn}").text
    assert mona.post(f"/audits/{drawn}/verify").status_code == 403
    assert "Compare with the source" not in mona.get(f"/audits/{drawn}").text
