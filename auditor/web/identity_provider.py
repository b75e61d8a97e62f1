"""Talks to an OpenID Connect provider: its addresses, a code for a token, and whether the token may be believed.

Only what a code flow with PKCE needs (OpenID Connect Core 1.0, 3.1; RFC 7636). The token's signature is checked by
joserfc, which is an extra: a practice without single sign-on does not install it.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from auditor.errors import BadInput, Forbidden, Unavailable
from auditor.settings import SignOnSettings

_TIMEOUT_SECONDS = 10
_MOST_BYTES = 1024 * 1024
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY_SECONDS = 60
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class Doors:
    """What the provider says of itself."""

    issuer: str
    authorization: str
    token: str
    keys: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an answer must fit to, of our own making: `back_url` is our callback."""

    state: str
    nonce: str
    verifier: str
    back_url: str


def doors(settings: SignOnSettings) -> Doors:
    """The provider's addresses, from its discovery document; Forbidden when it calls itself by another name."""
    issuer = settings.issuer.rstrip("/")
    found = _json(Request(_allowed(f"{issuer}/.well-known/openid-configuration")))  # noqa: S310 - https or loopback
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise Forbidden("the identity provider calls itself by another name than oidc.issuer: correct the setting")
    try:
        return Doors(
            issuer=found["issuer"],
            authorization=_allowed(found["authorization_endpoint"]),
            token=_allowed(found["token_endpoint"]),
            keys=_allowed(found["jwks_uri"]),
        )
    except KeyError as error:
        raise Unavailable(f"the identity provider's document has no {error.args[0]}: ask whoever runs it") from error


def departure(settings: SignOnSettings, doors: Doors, asked: Asked) -> str:
    """Where the browser goes to log in."""
    challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
    wanted = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": asked.back_url,
        "scope": "openid email profile",
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{doors.authorization}{'&' if '?' in doors.authorization else '?'}{urlencode(wanted)}"


def claims(settings: SignOnSettings, doors: Doors, code: str, asked: Asked, *, at: datetime) -> Mapping[str, Any]:
    """What the provider says of the person who came back with a code; Forbidden when its word cannot be believed."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.back_url,
        "client_id": settings.client_id,
        "code_verifier": asked.verifier,
    }
    if settings.client_secret:
        sent["client_secret"] = settings.client_secret
    answer = _json(Request(doors.token, data=urlencode(sent).encode()))  # noqa: S310 - https or loopback, see _allowed
    keys = _json(Request(doors.keys))  # noqa: S310 - as above
    said = _verified(str(answer.get("id_token", "")), keys)
    _check(said, settings, doors, asked, at)
    return said


def _verified(token: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet
    except ImportError as error:
        raise BadInput("single sign-on needs an extra: install auditor[oidc]") from error
    try:
        return dict(jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=_ALGORITHMS).claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Forbidden("the identity provider's token is not signed by its keys: nobody was logged in") from error


def _check(said: Mapping[str, Any], settings: SignOnSettings, doors: Doors, asked: Asked, at: datetime) -> None:
    now, audience = int(at.timestamp()), said.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    other_party = len(audiences) > 1 or "azp" in said
    faults = {
        "is of another issuer": said.get("iss") != doors.issuer,
        "is for somebody else": settings.client_id not in audiences
        or (other_party and said.get("azp") != settings.client_id),
        "has expired": not _is_time(said.get("exp")) or said["exp"] <= now - _LEEWAY_SECONDS,
        "is of the future": not _is_time(said.get("iat")) or said["iat"] > now + _LEEWAY_SECONDS,
        "answers another question": said.get("nonce") != asked.nonce,
    }
    fault = next((words for words, holds in faults.items() if holds), None)
    if fault:
        raise Forbidden(f"the identity provider's token {fault}: nobody was logged in, begin again")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _allowed(address: str) -> str:
    """The address, when what goes there is encrypted or stays on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return address
    raise BadInput("the identity provider must be reached by https: correct oidc.issuer")


def _json(request: Request) -> dict[str, Any]:
    request.add_header("accept", "application/json")
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - see _allowed
            found = json.loads(answer.read(_MOST_BYTES))
    except HTTPError as error:
        if error.code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise Forbidden("the identity provider refused this login: begin again") from error
        raise Unavailable("the identity provider answers with an error: try again later") from error
    except (URLError, OSError, ValueError) as error:
        raise Unavailable("the identity provider does not answer: try again later, or log in by password") from error
    if not isinstance(found, dict):
        raise Unavailable("the identity provider's answer cannot be read: ask whoever runs it")
    return found
