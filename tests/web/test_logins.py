from starlette.testclient import TestClient

from auditor.domain.chain import sha256_text
from auditor.domain.people import Role
from auditor.services import log, people
from auditor.services.passwords import hashed
from auditor.storage.access import LoginAttempt, WebSession
from tests.web.conftest import PASSWORD, token


def test_a_password_opens_a_session_and_logging_out_ends_it(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    assert "Anna" in browser.get("/account").text
    assert browser.post("/logout").headers["location"] == "/login"
    assert browser.get("/account").headers["location"] == "/login?next=%2Faccount"
    with site.database.read() as session:
        assert session.query(WebSession).one().ended_at == site.clock.now
        kinds = [entry.kind for entry in log.stream(session)]
    assert kinds == ["session.started", "session.ended"]


def test_the_server_knows_no_token_of_a_session(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    secret = browser.client.cookies["auditor"]
    with site.database.read() as session:
        kept = session.query(WebSession).one()
    assert secret not in (kept.token_sha256, kept.address)
    browser.client.cookies.clear()
    browser.client.cookies.set("auditor", kept.token_sha256)
    assert browser.get("/account").status_code == 303


def test_an_ended_session_cannot_be_brought_back(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    secret = browser.client.cookies["auditor"]
    browser.post("/logout")
    browser.client.cookies.clear()
    browser.client.cookies.set("auditor", secret)
    assert browser.get("/account").status_code == 303


def test_wrong_name_and_wrong_password_are_refused_alike(small_site):
    small_site.person("anna", Role.AUDITOR)
    small_site.person("nora", Role.AUDITOR, password=False)
    answers = [small_site.browser().log_in(name, "wrong password") for name in ("anna", "nobody", "nora")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    pages = {
        answer.text.replace(token(answer), "").replace(name, "NAME")
        for answer, name in zip(answers, ("anna", "nobody", "nora"), strict=True)
    }
    assert len(pages) == 1


def test_a_disabled_person_is_out_at_once_and_cannot_come_back(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    with site.database.write() as session:
        people.disable(session, name="anna", by="root", at=site.clock.now)
    assert browser.get("/account").status_code == 303
    assert site.browser().log_in("anna").status_code == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    with site.database.write() as session:
        new = hashed("another sentence", name="anna")
        people.reset_password(session, name="anna", password_hash=new, by="root", at=site.clock.now)
    assert browser.get("/account").status_code == 303
    assert site.browser().log_in("anna", "another sentence").status_code == 303


def test_a_login_ends_when_idle_and_in_any_case_after_some_hours(small_site):
    idle = small_site.logged_in("anna", Role.AUDITOR)
    small_site.clock.pass_by(minutes=61)
    assert idle.get("/account").status_code == 303
    busy = small_site.browser()
    busy.log_in("anna")
    for _ in range(23):
        small_site.clock.pass_by(minutes=30)
        assert busy.get("/account").status_code == 200
    small_site.clock.pass_by(minutes=31)
    assert busy.get("/account").status_code == 303


def test_one_can_log_out_everywhere_else(site):
    here, there = site.logged_in("anna", Role.AUDITOR), site.browser()
    there.log_in("anna")
    assert here.post("/account/sessions/end").status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


def test_five_wrong_passwords_close_an_account_to_that_address_for_a_while(site):
    site.person("anna", Role.AUDITOR)
    browser = site.browser()
    refused = [browser.log_in("anna", f"guess {n}").status_code for n in range(5)]
    assert refused == [403] * 5
    right = browser.log_in("Anna")
    assert right.status_code == 429
    assert "wait 15 minutes" in right.text
    site.clock.pass_by(minutes=16)
    assert browser.log_in("anna").status_code == 303


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(small_site):
    small_site.person("anna", Role.AUDITOR)
    with small_site.database.write() as session:
        session.add_all(
            LoginAttempt(name_sha256=sha256_text("anna"), address=f"192.0.2.{n % 4}", at=small_site.clock.now)
            for n in range(20)
        )
    assert small_site.browser().log_in("anna").status_code == 303


def test_an_address_that_tries_many_names_is_throttled(small_site):
    with small_site.database.write() as session:
        session.add_all(
            LoginAttempt(name_sha256=f"{n:064}", address="127.0.0.1", at=small_site.clock.now) for n in range(30)
        )
    assert small_site.browser().log_in("anybody").status_code == 429


def test_a_password_typed_into_the_name_is_not_kept(small_site):
    small_site.browser().log_in("my secret password", "x")
    with small_site.database.read() as session:
        assert "secret" not in repr(vars(session.query(LoginAttempt).one()))


def test_the_form_is_good_only_for_the_browser_that_opened_it(small_site):
    small_site.person("anna", Role.AUDITOR)
    forged = token(small_site.browser().get("/login"))
    browser = small_site.browser()
    answer = browser.client.post("/login", data={"username": "anna", "password": PASSWORD, "csrf_token": forged})
    assert answer.status_code == 403


def test_the_token_suffices_without_an_origin_and_not_from_another_site(small_site):
    small_site.person("anna", Role.AUDITOR)
    browser = small_site.browser()
    del browser.client.headers["sec-fetch-site"]
    assert browser.log_in("anna").status_code == 303
    browser = small_site.browser()
    browser.csrf = token(browser.get("/login"))
    browser.client.headers["sec-fetch-site"] = "cross-site"
    assert browser.post("/login", username="anna", password=PASSWORD).status_code == 403


def test_cookies_are_for_this_site_alone_and_secure_under_tls(small_site):
    small_site.person("anna", Role.AUDITOR)
    plain = small_site.browser().log_in("anna").headers["set-cookie"]
    assert "auditor=" in plain
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain.partition("auditor-login")[0]
    browser = small_site.browser()
    browser.client = TestClient(
        browser.client.app, "https://audit.example", follow_redirects=False, client=("127.0.0.1", 50_000)
    )
    tls = browser.log_in("anna")
    assert tls.headers["set-cookie"].startswith("__Host-auditor=")
    assert "Secure" in tls.headers["set-cookie"]
    assert "strict-transport-security" in tls.headers


def test_after_logging_in_one_is_where_one_wanted_to_go_and_never_elsewhere(small_site):
    small_site.person("anna", Role.AUDITOR)
    assert small_site.browser().log_in("anna", back="/account").headers["location"] == "/account"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert small_site.browser().log_in("anna", back=elsewhere).headers["location"] == "/"


def test_attempts_are_forgotten_after_a_month(small_site):
    browser = small_site.browser()
    browser.log_in("anybody")
    small_site.clock.pass_by(days=31)
    browser.log_in("anybody")
    with small_site.database.read() as session:
        assert session.query(LoginAttempt).count() == 1
