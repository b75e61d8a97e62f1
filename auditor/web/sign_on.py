"""Single sign-on: to the identity provider and back."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from starlette.responses import RedirectResponse, Response

from auditor.errors import Forbidden, NotFound
from auditor.services import sign_ons, web_sessions
from auditor.services.sign_ons import Departure
from auditor.settings import SignOnSettings
from auditor.web import cookies, identity_provider
from auditor.web.identity_provider import Asked
from auditor.web.visits import Visit, local_path


def depart(visit: Visit) -> Response:
    """To the identity provider."""
    settings = _settings(visit)
    departure = Departure(
        token=cookies.new_secret(),
        nonce=cookies.new_secret(),
        verifier=cookies.new_secret(),
        back=local_path(visit.asked("next") or "/"),
    )
    doors = identity_provider.doors(settings)
    with visit.database.write() as session:
        sign_ons.depart(session, departure, at=visit.at)
    answer = RedirectResponse(identity_provider.departure(settings, doors, _asked(visit, departure)), status_code=303)
    cookies.set_departed(visit.request, answer, departure.token)
    return answer


def come_back(visit: Visit) -> Response:
    """From the identity provider, with a code that only it can give and only we can redeem."""
    settings, token = _settings(visit), cookies.departed_secret(visit.request)
    if token is None or not compare_digest(visit.asked("state").encode(), token.encode()):
        raise Forbidden("this login was not begun in this browser: begin again")
    with visit.database.write() as session:
        departure = sign_ons.come_back(session, token, at=visit.at)
    if not visit.asked("code"):
        raise Forbidden("the identity provider did not log you in: begin again")
    doors = identity_provider.doors(settings)
    asked = _asked(visit, departure)
    said = identity_provider.claims(settings, doors, visit.asked("code"), asked, at=visit.at)
    secret = cookies.new_secret()
    new = web_sessions.NewSession(token=secret, address=visit.address, lifetime=visit.site.lifetime)
    with visit.database.write() as session:
        sign_ons.log_in(session, (settings.match, _identity(settings, said)), new, at=visit.at)
    answer = RedirectResponse(departure.back, status_code=303)
    cookies.set_session(visit.request, answer, secret)
    return answer


def _identity(settings: SignOnSettings, said: Mapping[str, Any]) -> str:
    value = said.get(settings.claim)
    if not isinstance(value, str) or not value.strip():
        raise Forbidden(f"the identity provider says no {settings.claim} of you: ask whoever runs it")
    if settings.claim == "email" and said.get("email_verified") is not True:
        raise Forbidden("the identity provider has not verified your mail address: ask whoever runs it")
    return value.strip()


def _asked(visit: Visit, departure: Departure) -> Asked:
    home = visit.site.settings.base_url.rstrip("/")
    return Asked(
        state=departure.token,
        nonce=departure.nonce,
        verifier=departure.verifier,
        back_url=f"{home}/login/sso/callback",
    )


def _settings(visit: Visit) -> SignOnSettings:
    settings = visit.site.settings.oidc
    if not settings.issuer:
        raise NotFound("single sign-on is not configured: log in by name and password")
    return settings
