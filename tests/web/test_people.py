"""The administrator's pages, and the log of views."""

import pytest
from sqlalchemy import select

from auditor.domain.people import Role
from auditor.services import absences, credentials, identifiers, people, privilege, view_log
from auditor.storage.audits import Audit
from tests import make
from tests.web import cases
from tests.web.test_escaping import HOSTILE

NEW = {"name": "carla", "display_name": "Carla C.", "email": "carla@practice.example", "role-coder": "yes"}


@pytest.fixture
def adam(site):
    return site.logged_in("adam", Role.ADMIN)


def change(browser, person, what, **fields):
    return browser.post(f"/people/{person}", change=what, **fields)


def test_a_person_is_added_with_roles_and_may_log_in(site, adam):
    page = adam.post("/people", **NEW, password="a sentence is fine").headers["location"]
    assert "Carla C." in adam.get(page).text
    assert site.browser().log_in("carla").status_code == 303
    assert page in adam.get("/people").text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"name": "o'brien"}, 400, "a user name has letters"),
        ({"name": "adam"}, 409, "there is a user adam already"),
        ({"role-coder": ""}, 400, "name at least one role"),
        ({"password": "short"}, 400, "fewer than 8"),
        ({"email": "nowhere"}, 400, "is no mail address"),
    ],
)
def test_what_cannot_be_added_is_said_with_what_was_typed(site, adam, fields, status, said):
    answer = adam.post("/people", **(NEW | fields))
    assert answer.status_code == status
    assert said.lower() in answer.text.lower().replace("&#39;", "'")
    assert "Carla C." in answer.text
    with site.database.read() as session:
        assert [each.name for each in people.everyone(session)] == ["adam"]


def test_the_page_of_somebody_who_left_says_where_their_cases_wait(site, adam):
    site.person("anna", Role.AUDITOR)
    cases.made(site)
    with site.database.read() as session:
        audit = session.scalars(select(Audit.id)).one()
    number = _number(site, "anna")
    assert 'id="left"' not in adam.get(f"/people/{number}").text
    change(adam, number, "disable")
    left = adam.get(f"/people/{number}").text.partition('id="left"')[2].partition("</div>")[0]
    assert "1 review waits" in left
    assert f'href="/audits/{audit}"' in left
    with site.database.write() as session:
        make.user(session, "olga")
        privilege.protect(session, audit, ["olga", "anna"], by="olga", at=make.NOON)
    assert 'id="left"' not in adam.get(f"/people/{number}").text


def test_roles_password_and_logins_of_a_person_are_changed(site, adam):
    anna = site.logged_in("anna", Role.AUDITOR)
    number = _number(site, "anna")
    change(adam, number, "roles", **{"role-coder": "yes", "role-manager": "yes"})
    assert anna.get("/review").status_code == 403
    change(adam, number, "sessions")
    assert anna.get("/account").status_code == 303
    change(adam, number, "disable")
    assert site.browser().log_in("anna").status_code == 403
    assert change(adam, number, "password", password="short").status_code == 400
    assert change(adam, number, "password", password="another sentence").status_code == 303
    assert site.browser().log_in("anna", "another sentence").status_code == 303
    assert change(adam, number, "everything").status_code == 400


def test_nobody_locks_themselves_out(site, adam):
    number = _number(site, "adam")
    assert change(adam, number, "disable").status_code == 409
    assert change(adam, number, "roles", **{"role-coder": "yes"}).status_code == 409
    assert adam.get("/people").status_code == 200


def test_numbers_under_which_somebody_stands_in_claims_are_kept(site, adam):
    site.person("anna", Role.AUDITOR)
    with site.database.read() as session:
        number = people.named(session, "anna").id
    change(adam, number, "identifier", field="provider", value="1093817465")
    page = adam.get(f"/people/{number}").text
    assert "1093817465" in page
    assert change(adam, number, "identifier", field="provider", value="1093817465").status_code == 409
    assert change(adam, number, "identifier", field="payer", value="7").status_code == 400
    change(adam, number, "drop-identifier", field="provider", value="1093817465")
    with site.database.read() as session:
        assert identifiers.listed(session) == []


def test_certificates_and_absences_are_kept(site, adam):
    site.person("anna", Role.AUDITOR)
    number = _number(site, "anna")
    change(adam, number, "credential", title="cpc", number="77", expires="2026-01-14")
    assert "expired 14" in adam.get(f"/people/{number}").text
    change(adam, number, "credential", title="CPC", expires="")
    assert "no end" in adam.get(f"/people/{number}").text
    assert change(adam, number, "credential", title="CPC", expires="soon").status_code == 400
    change(adam, number, "absence", first_on="2026-08-03", last_on="2026-08-14")
    with site.database.read() as session:
        away = absences.listed(session, "anna")[0].id
    assert change(adam, number, "drop-absence", absence="999").status_code == 400
    change(adam, number, "drop-absence", absence=str(away))
    change(adam, number, "drop-credential", title="CPC")
    with site.database.read() as session:
        assert absences.listed(session) == credentials.listed(session) == []


def test_what_people_are_called_is_text_here_too(site, adam):
    page = adam.post("/people", **(NEW | {"display_name": HOSTILE})).headers["location"]
    change(adam, page.rpartition("/")[2], "credential", title="CPC", number=HOSTILE)
    refused = adam.post("/people", **(NEW | {"name": HOSTILE, "email": HOSTILE}))
    pages = [
        adam.get(page),
        adam.get("/people"),
        refused,
        adam.get("/views?user=%3Cimg%20src=x%20onerror=alert(1)%3E"),
    ]
    assert not [each for each in pages if "<img" in each.text]


def test_who_was_shown_which_case_is_read_by_case_and_person(site, adam):
    anna = site.logged_in("anna", Role.AUDITOR)
    case = cases.made(site)
    for _ in range(2):
        anna.get(f"/cases/{case}")
    page = adam.get("/views").text
    assert page.count("GET /cases/{case:number}") == 2
    assert "No such view" in adam.get(f"/views?case={case + 1}").text
    assert "2 views" in adam.get(f"/views?case={case}&user=anna").text
    assert adam.get("/views?case=x").status_code == 400
    assert anna.get("/views").status_code == 403
    with site.database.write() as session:
        privilege.protect(session, 1, ["anna"], by="root", at=make.NOON)
    assert "No such view" in adam.get(f"/views?case={case}").text


def _number(site, name):
    with site.database.read() as session:
        return people.named(session, name).id


def test_a_file_of_an_audit_is_a_view_of_each_of_its_cases(site):
    with site.database.write() as session:
        made = cases.cases(session, 3)
        viewer = view_log.Viewer(name="root", address="terminal", route="auditor review export")
        view_log.note_audit(session, made[0].audit_id, viewer, at=make.NOON)
        seen = view_log.listed(session, view_log.Wanted(user_name="root"))
        assert [(each.case_id, each.at) for each in seen] == [(case.id, make.NOON) for case in made[::-1]]
