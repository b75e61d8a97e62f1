"""A second factor: set up, asked for, used once, throttled, recovered and removed."""

import re
from html import unescape

import pytest

from auditor.domain import qr_code, totp
from auditor.domain.people import Role
from auditor.services import second_factors
from auditor.storage.access import RecoveryCode, SecondFactor
from tests.web.conftest import PASSWORD, token

HOME = "/account/second-factor"


def code(site, *, steps: int = 0) -> str:
    with site.database.read() as session:
        secret = session.query(SecondFactor).one().secret
    return totp.code(totp.from_text(secret), totp.step_at(site.clock.now) + steps)


@pytest.fixture
def protected(site):
    """Anna's account with a second factor, and her recovery codes."""
    browser = site.logged_in("anna", Role.AUDITOR)
    browser.post(HOME)
    page = browser.post(f"{HOME}/confirm", code=code(site)).text
    site.clock.pass_by(minutes=2)
    return re.findall(r"[0-9a-f]{4}(?:-[0-9a-f]{4}){3}", page)


def begun(site):
    """A browser whose password was right, at the form for the code."""
    browser = site.browser()
    browser.csrf = token(browser.get("/login"))
    answer = browser.post("/login", username="anna", password=PASSWORD, next="/review")
    assert answer.headers["location"] == "/login/code?next=%2Freview"
    browser.csrf = token(browser.get("/login/code?next=/review"))
    return browser


def test_nothing_changes_until_a_code_is_confirmed(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    first = re.search(r'class="secret code">([A-Z2-7 ]+)<', browser.post(HOME).text)
    assert first
    assert first[1] in browser.post(HOME).text
    assert site.browser().log_in("anna").headers["location"] == "/account"
    refused = browser.post(f"{HOME}/confirm", code="000000")
    assert (refused.status_code, first[1] in refused.text) == (400, True)
    assert "The second factor is on" in browser.post(f"{HOME}/confirm", code=code(site)).text
    assert browser.post(HOME).status_code == 409


def test_the_key_is_there_as_an_image_too_where_one_can_hold_it(site):
    browser = site.logged_in("anna", Role.AUDITOR)
    page = browser.post(HOME).text
    address = unescape(page.partition('<a href="otpauth')[2].partition('"')[0])
    modules = qr_code.matrix(f"otpauth{address}")
    assert f'<path d="{qr_code.outline(modules)}"' in page
    assert 'role="img" aria-label="QR code of the key below"' in page
    assert "style" not in page.partition("<main")[2]


def test_a_right_password_alone_opens_nothing(site, protected):
    browser = begun(site)
    assert browser.get("/review").headers["location"].startswith("/login")
    answer = browser.post("/login/code", code=f" {code(site)[:3]} {code(site)[3:]} ", next="/review")
    assert answer.headers["location"] == "/review"
    assert browser.get("/account").status_code == 200


def test_a_code_is_good_once_and_not_long(site, protected):
    used = code(site)
    assert begun(site).post("/login/code", code=used).status_code == 303
    assert begun(site).post("/login/code", code=used).status_code == 403
    assert begun(site).post("/login/code", code=code(site, steps=-1)).status_code == 403
    assert begun(site).post("/login/code", code=code(site, steps=2)).status_code == 403
    assert begun(site).post("/login/code", code=code(site, steps=1)).status_code == 303


def test_guessing_is_throttled_and_a_login_does_not_wait_for_ever(site, protected):
    browser = begun(site)
    answers = [browser.post("/login/code", code="000000").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]
    assert browser.post("/login/code", code=code(site)).status_code == 429
    site.clock.pass_by(minutes=16)
    assert "has taken too long" in browser.post("/login/code", code=code(site)).text
    assert begun(site).post("/login/code", code=code(site)).status_code == 303


def test_the_form_is_no_good_without_its_token_or_without_a_password_before(site, protected):
    browser = begun(site)
    browser.csrf = "0" * 64
    assert browser.post("/login/code", code=code(site)).status_code == 403
    assert site.browser().get("/login/code").headers["location"] == "/login"
    assert site.browser().post("/login/code", code=code(site)).status_code == 403


def test_each_recovery_code_opens_the_account_once(site, protected):
    assert len(protected) == 10
    assert begun(site).post("/login/code", code=protected[3].upper()).status_code == 303
    assert begun(site).post("/login/code", code=protected[3]).status_code == 403
    with site.database.read() as session:
        kept = [each.code_sha256 for each in session.query(RecoveryCode)]
    assert len(kept) == 9
    assert not set(protected) & set(kept)


def test_it_is_removed_by_a_code_or_by_an_administrator(site, protected):
    browser = begun(site)
    browser.post("/login/code", code=protected[0])
    browser.csrf = token(browser.get("/account"))
    assert browser.post(f"{HOME}/remove", code="000000").status_code == 403
    assert browser.post(f"{HOME}/remove", code=code(site)).status_code == 303
    assert site.browser().log_in("anna").headers["location"] == "/account"
    with site.database.write() as session:
        second_factors.remove(session, "anna", by="root", at=site.clock.now)


def test_a_password_is_changed_by_whoever_knows_the_present_one(site):
    browser, other = site.logged_in("anna", Role.AUDITOR), site.browser()
    other.log_in("anna")
    assert browser.post("/account/password", password="wrong", new_password="another sentence").status_code == 403
    weak = browser.post("/account/password", password=PASSWORD, new_password="short")
    assert (weak.status_code, "fewer than 8" in weak.text) == (400, True)
    assert browser.post("/account/password", password=PASSWORD, new_password="another sentence").status_code == 303
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert site.browser().log_in("anna", "another sentence").status_code == 303
