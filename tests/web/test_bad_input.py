"""What does not belong here, sent to every route: the right status, a clear page, nothing leaked."""

import re

import pytest
from openpyxl import load_workbook

from auditor.domain.claims import Document
from auditor.domain.people import Role
from auditor.services import case_pauses, missed_queries, review_file, review_sheets
from auditor.services.documentation_requests import Wanted
from auditor.services.queries import Asked, draft
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.web.app import ROUTES
from auditor.web.routing import LINK, PUBLIC
from tests import make
from tests.domain.test_query_checks import GOOD
from tests.web import cases
from tests.web.test_escaping import HOSTILE
from tests.web.test_routes import filled

GUARDED = [each for each in ROUTES if each.allow not in (PUBLIC, LINK)]
PAGES = sorted({filled(each.path) for each in GUARDED if "POST" not in each.methods})
OF_CASES = [each for each in GUARDED if "{case:number}" in each.path]
SECRETS = ("SECRET-NOTE", "C-1", "P-1", "99214", "I10")


def claim(**fields):
    return make.claim("C-1", documents=(Document(title=HOSTILE, text=f"SECRET-NOTE {HOSTILE}"),), **fields)


@pytest.fixture
def hostile(small_site):
    """An audit whose every text is hostile, and somebody who may see all of it."""
    with small_site.database.write() as session:
        make.user(session, "dora", roles=(Role.CODER,), display_name=HOSTILE)
        plan = make.plan(session, name=HOSTILE)
        audit = make.audit(session, plan=plan)
        texts = {"specialty": HOSTILE, "provider": HOSTILE, "payer": HOSTILE, "place_of_service": HOSTILE}
        case = make.case(session, audit, claim(**texts), assigned_to="olga", blind=False)
        asked = GOOD.__class__(**{**vars(GOOD), "question": HOSTILE, "indicators": (HOSTILE,)})
        draft(session, case.id, Asked(text=asked, due_on=make.LAST_ON, addressee="dora"), by="olga", at=make.NOON)
        case_pauses.request(session, case.id, Wanted(record=HOSTILE), by="olga", at=make.NOON)
        missed_queries.note(session, case.id, HOSTILE, by="olga", at=make.NOON)
    return small_site.logged_in("olga", *Role)


def test_no_page_lets_a_text_become_a_tag(hostile):
    seen = {path: hostile.get(path) for path in PAGES}
    assert {path for path, answer in seen.items() if answer.status_code >= 500} == set()
    assert {path for path, answer in seen.items() if "<img" in answer.text} == set()
    assert sum("&lt;img" in answer.text for answer in seen.values()) > 5


def test_no_address_takes_a_hostile_question(hostile):
    names = ("audit", "case", "page", "state", "user", "template", "after", "next", "plan", "metric", "every")
    asked = "&".join(f"{name}=%3Cimg%20src=x%20onerror=alert(1)%3E%22'" for name in names)
    for path in PAGES:
        answer = hostile.get(f"{path}?{asked}")
        assert answer.status_code < 500, path
        assert "<img" not in answer.text, path


@pytest.mark.parametrize("each", OF_CASES, ids=[f"{min(each.methods)} {each.path}" for each in OF_CASES])
def test_another_persons_case_is_closed_by_every_route_and_nothing_of_it_leaks(each, small_site):
    with small_site.database.write() as session:
        make.case(session, make.audit(session), claim(coder_of_record="carl"), assigned_to="anna")
    roles = each.allow - {Role.OFFICER} or each.allow
    if roles == frozenset({Role.OFFICER}):
        pytest.skip("officers may open every case")
    browser = small_site.logged_in("bert", *roles)
    answer = browser.post(filled(each.path)) if "POST" in each.methods else browser.get(filled(each.path))
    assert answer.status_code in (400, 403, 404), answer.text
    assert not [secret for secret in SECRETS if secret in answer.text]


def test_what_is_too_large_is_refused_before_anything_is_done(site, anna):
    case = cases.made(site)
    for path in ("/login", f"/cases/{case}/queries", f"/cases/{case}/changes", "/account/time-zone"):
        answer = anna.client.post(path, content=b"x" * (300 * 1024), headers={"x-csrf-token": anna.csrf})
        assert answer.status_code == 413, path
        assert "too large" in answer.text


def test_a_frozen_claim_that_was_changed_behind_our_back_is_not_shown(site, anna):
    case = cases.made(site)
    with site.database.write() as session:
        row = session.get_one(AuditCase, case)
        row.claim = {**row.claim, "paid_cents": 1}
    for path in (f"/cases/{case}", f"/cases/{case}/queries"):
        answer = anna.get(path)
        assert answer.status_code == 409
        assert "no longer matches its digest" in answer.text
        assert "lisinopril" not in answer.text
        assert re.search(r"C-\d", answer.text) is None


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_a_spreadsheet_would_run_leaves_as_text_and_comes_back_as_it_was(site, anna, tmp_path, ending):
    formula = "=HYPERLINK('https://evil.example','ok')"
    with site.database.write() as session:
        (case,) = cases.cases(session, 1)
        audit_id = case.audit_id
    judged = {"outcome": "delete", "line": "1", "rationale": formula, "citation": "+cmd|' /C calc'!A0"}
    assert cases.send(anna, case.id, 1, 0, judged=[judged]).status_code == 200
    with site.database.read() as session:
        review_file.export(session, audit_id, tmp_path / f"r.{ending}")
    if ending == "csv":
        told = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
        assert f"'{formula}" in told.replace('"', "")
        assert "'+cmd|" in told
    else:
        cells = [cell for row in load_workbook(tmp_path / "r.xlsx").worksheets[0].iter_rows() for cell in row]
        assert [cell.data_type for cell in cells if formula in str(cell.value)] == ["s"]
        assert not [cell for cell in cells if cell.data_type == "f"]
    read = review_sheets.read(tmp_path / f"r.{ending}")
    assert formula in {row.cells["rationale"] for row in read.rows}


def test_numbers_that_nobody_gave_out_are_not_found(hostile, small_site):
    for path in ("/cases/999999999", "/audits/999999999", "/people/999999999", "/cases/1/queries/999999999"):
        assert hostile.get(path).status_code == 404, path
    for path in ("/cases/0", "/cases/-1", "/cases/1e3", "/cases/9999999999", "/people/x"):
        assert hostile.get(path).status_code == 404, path
    with small_site.database.read() as session:
        assert session.query(Audit).count() == 1
