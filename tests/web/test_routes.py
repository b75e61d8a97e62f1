import re

import pytest
from starlette.routing import Route

from auditor.domain.people import Role
from auditor.web import app, static_files
from auditor.web.headers import HEADERS
from auditor.web.routing import LINK, PUBLIC, Shows, checked, route

GUARDED = [each for each in app.ROUTES if each.allow not in (PUBLIC, LINK)]
NAMED = [f"{min(each.methods - {'HEAD'})} {each.path}" for each in GUARDED]
OTHERS = [(each, name) for each, name in zip(GUARDED, NAMED, strict=True) if each.allow != frozenset(Role)]


def filled(path: str) -> str:
    return re.sub(r"\{\w+:number\}", "1", path)


def call(browser, each, **headers):
    if "POST" in each.methods:
        return browser.client.post(filled(each.path), headers=headers)
    return browser.client.get(filled(each.path), headers=headers)


def test_a_route_without_roles_cannot_be_declared():
    with pytest.raises(ValueError, match="does not say whom it is for"):
        route("/x", lambda visit: visit, allow=frozenset(), shows=Shows.NOTHING)
    with pytest.raises(ValueError, match="does not say whom it is for"):
        route("/x", lambda visit: visit, allow=frozenset({Role.OFFICER}), shows=None)
    with pytest.raises(ValueError, match="something else than roles"):
        route("/x", lambda visit: visit, allow=frozenset({"officer"}), shows=Shows.NOTHING)
    with pytest.raises(TypeError):
        route("/x", lambda visit: visit)


def test_a_route_that_shows_a_claim_names_its_case_and_is_never_public():
    with pytest.raises(ValueError, match="names no case"):
        route("/x", lambda visit: visit, allow=frozenset({Role.OFFICER}), shows=Shows.CLAIM)
    with pytest.raises(ValueError, match="names no case"):
        route("/x/{case:number}", lambda visit: visit, allow=PUBLIC, shows=Shows.CLAIM)


def test_the_application_refuses_a_route_that_was_not_declared_as_ours():
    with pytest.raises(ValueError, match="not declared with `route`"):
        checked([*app.ROUTES, Route("/open", lambda request: None)])


@pytest.mark.parametrize("each", GUARDED, ids=NAMED)
def test_without_a_login_a_page_leads_to_the_login_and_a_script_is_told(each, small_site):
    answer = call(small_site.browser(), each)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")
    told = call(small_site.browser(), each, accept="application/json")
    assert (told.status_code, told.json()["login"]) == (401, "/login")


@pytest.mark.parametrize(("each", "name"), OTHERS, ids=[name for _, name in OTHERS])
def test_who_has_none_of_a_routes_roles_is_refused(each, name, small_site):
    for role in set(Role) - each.allow:
        browser = small_site.logged_in(f"a-{role}", role)
        assert call(browser, each).status_code == 403, role


POSTS = [each for each in GUARDED if "POST" in each.methods]


@pytest.mark.parametrize("each", POSTS, ids=[each.path for each in POSTS])
def test_nothing_is_changed_without_the_token_of_the_session(each, small_site):
    browser = small_site.logged_in("anna", *each.allow)
    other = small_site.logged_in("ben", *each.allow)
    for wrong in ({}, {"csrf_token": ""}, {"csrf_token": other.csrf}, {"csrf_token": "0" * 64}):
        answer = browser.client.post(filled(each.path), data=wrong)
        assert answer.status_code == 403
        assert "reload the page" in answer.text
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/login", "/healthz", "/nowhere", "/", "/account", "/static/0/app.css"])
def test_every_answer_carries_the_headers(path, small_site):
    answer = small_site.browser().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"


def test_static_files_are_named_by_their_content_and_may_be_kept(small_site):
    browser = small_site.browser()
    answer = browser.get(static_files.address("app.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert browser.get("/static/0000/app.css").status_code == 404
    assert browser.get(static_files.address("app.css").replace("app.css", "..%2Fapp.py")).status_code == 404


def test_the_database_answers_without_a_login(site):
    assert site.browser().get("/healthz").json() == {"status": "ok"}


def test_an_unknown_address_is_a_page_that_says_so(small_site):
    answer = small_site.browser().get("/no/such?<script>")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "<script>" not in answer.text.replace("<script src=", "")
    assert small_site.browser().client.put("/login").status_code == 405


def test_a_bug_of_ours_tells_nothing_of_itself(small_site, monkeypatch):
    monkeypatch.setattr("auditor.storage.database.Database.answers", lambda self: 1 / 0)
    browser = small_site.browser()
    browser.client._transport.raise_server_exceptions = False
    answer = browser.get("/healthz")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"username=" + b"x" * 300_000, 413),
        (b"username=%00", 400),
        (b"\xff\xfe=1", 400),
        (b"&".join(b"a=1" for _ in range(500)), 400),
        (b"username=%ff", 400),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(content, status, small_site):
    browser = small_site.browser()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/login", content=content, headers=headers).status_code == status
