"""Single sign-on against a provider that really answers."""

from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from joserfc.jwk import RSAKey

from auditor.domain.people import Role
from auditor.errors import BadInput
from auditor.services import people
from auditor.settings import load
from tests import make
from tests.web.conftest import site_over
from tests.web.identity import CLIENT, SECRET, provider


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def follow(address: str) -> str:
    """Where the provider sends the browser: its own page needs no click."""
    with pytest.raises(HTTPError) as sent:
        build_opener(_Stay).open(address)
    where = sent.value.headers["location"]
    sent.value.close()
    return where.removeprefix("http://127.0.0.1:8765")


@pytest.fixture
def identity():
    with provider(int(make.NOON.timestamp())) as made:
        yield made


@pytest.fixture
def site(sqlite, identity):
    environment = {
        "AUDITOR_CONFIG": "/nowhere",
        "AUDITOR_OIDC_ISSUER": identity.address,
        "AUDITOR_OIDC_CLIENT_ID": CLIENT,
        "AUDITOR_OIDC_CLIENT_SECRET": SECRET,
    }
    made = site_over(sqlite, load(environment))
    made.person("anna", Role.AUDITOR, password=False)
    return made


def log_in(site, *, back="/review"):
    browser = site.browser()
    left = browser.get(f"/login/sso?next={back}")
    return browser, browser.get(follow(left.headers["location"]), **{"sec-fetch-site": "cross-site"})


def test_a_person_who_is_known_by_mail_address_comes_back_logged_in_with_our_roles(site):
    assert "Log in with your organisation" in site.browser().get("/login").text
    browser, answer = log_in(site)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert browser.get("/review").status_code == 200
    assert browser.get("/audits").status_code == 403
    elsewhere = log_in(site, back="https://evil.example/")[1]
    assert elsewhere.headers["location"] == "/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"iss": "https://elsewhere.example"}, "is of another issuer"),
        ({"aud": "another"}, "is for somebody else"),
        ({"aud": [CLIENT, "another"]}, "is for somebody else"),
        ({"azp": "another"}, "is for somebody else"),
        ({"exp": int(make.NOON.timestamp()) - 61}, "has expired"),
        ({"exp": None}, "has expired"),
        ({"exp": True}, "has expired"),
        ({"iat": int(make.NOON.timestamp()) + 3_600}, "is of the future"),
        ({"nonce": "of another login"}, "answers another question"),
        ({"nonce": None}, "answers another question"),
        ({"email_verified": False}, "has not verified"),
        ({"email_verified": "true"}, "has not verified"),
        ({"email": None}, "says no email"),
        ({"email": "nobody@practice.example"}, "ask an administrator to add you"),
    ],
)
def test_a_token_that_is_wrong_logs_nobody_in(site, identity, wrong, said):
    identity.wrong = wrong
    browser, answer = log_in(site)
    assert answer.status_code == 403
    assert said in answer.text
    assert browser.get("/review").status_code == 303


@pytest.mark.parametrize("algorithm", ["none", "RS512", "HS256"])
def test_a_token_without_a_signature_that_we_take_logs_nobody_in(site, identity, algorithm):
    identity.algorithm = algorithm
    assert "is not signed by its keys" in log_in(site)[1].text


def test_a_token_of_other_keys_logs_nobody_in(site, identity):
    identity.published = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
    assert "is not signed by its keys" in log_in(site)[1].text


def test_a_state_that_is_forged_old_used_or_of_another_browser_is_refused(site):
    browser = site.browser()
    back = follow(browser.get("/login/sso").headers["location"])
    assert browser.get(f"{back}x").status_code == 403
    assert site.browser().get(back).status_code == 403
    site.clock.pass_by(minutes=11)
    assert "taken too long" in browser.get(back).text
    site.clock.pass_by(minutes=-11)
    browser = site.browser()
    back = follow(browser.get("/login/sso").headers["location"])
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403


def test_a_code_of_another_login_is_not_redeemed(site, identity):
    mine, other = site.browser(), site.browser()
    first = follow(mine.get("/login/sso").headers["location"])
    second = follow(other.get("/login/sso").headers["location"])
    mixed = first.replace("code-0", "code-1")
    assert second.startswith("/login/sso/callback?code=code-1")
    assert "refused this login" in mine.get(mixed).text
    assert identity.refused == ["code-1"]


def test_a_disabled_person_and_one_whose_address_two_people_have_stay_out(site):
    with site.database.write() as session:
        make.user(session, "ann", roles=(Role.OFFICER,), email="Anna@practice.example")
    assert log_in(site)[1].status_code == 403
    with site.database.write() as session:
        people.disable(session, name="ann", by="root", at=make.NOON)
    assert log_in(site)[1].status_code == 303
    with site.database.write() as session:
        people.disable(session, name="anna", by="root", at=make.NOON)
    assert log_in(site)[1].status_code == 403


def test_a_claim_may_name_the_user(sqlite, identity):
    environment = {
        "AUDITOR_CONFIG": "/nowhere",
        "AUDITOR_OIDC_ISSUER": f"{identity.address}/",
        "AUDITOR_OIDC_CLIENT_ID": CLIENT,
        "AUDITOR_OIDC_CLIENT_SECRET": SECRET,
        "AUDITOR_OIDC_CLAIM": "preferred_username",
        "AUDITOR_OIDC_MATCH": "name",
    }
    site = site_over(sqlite, load(environment))
    site.person("anna", Role.AUDITOR, password=False)
    identity.person = {"preferred_username": "ANNA"}
    assert log_in(site)[1].status_code == 303
    with pytest.raises(BadInput, match="write email or name"):
        load({**environment, "AUDITOR_OIDC_MATCH": "sub"})


def test_a_provider_that_is_away_or_not_the_one_configured_is_said_in_a_sentence(sqlite, site, identity):
    identity.issuer = "https://elsewhere.example"
    assert "by another name" in site.browser().get("/login/sso").text
    settings = load({"AUDITOR_CONFIG": "/nowhere"})
    assert site_over(sqlite, settings).browser().get("/login/sso").status_code == 404
    for issuer, status in (("http://127.0.0.1:9", 503), ("http://login.example", 400)):
        away = replace(settings, oidc=replace(settings.oidc, issuer=issuer, client_id=CLIENT))
        assert site_over(sqlite, away).browser().get("/login/sso").status_code == status
