"""The session's cookie, and the tokens that prove a form is one of ours.

The token of a form is a digest of the session's secret: it is bound to the session, and tells nothing of the secret.
Before anyone is logged in, a cookie of its own stands in for the session.
"""

from hmac import compare_digest
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import Response

from auditor.domain.chain import sha256_text

_SECRET_BYTES = 32
_MOST_TOKEN = 200
HEADER = "x-csrf-token"
FIELD = "csrf_token"


def new_secret() -> str:
    """A secret that nobody can guess."""
    return token_urlsafe(_SECRET_BYTES)


def session_secret(request: Request) -> str | None:
    """The secret of the session that the browser shows, if it shows one."""
    return _shown(request, "auditor")


def login_secret(request: Request) -> str | None:
    """The secret of the login page that the browser has seen, if it has."""
    return _shown(request, "auditor-login")


def pending_secret(request: Request) -> str | None:
    """The secret of the login whose second factor is still to come."""
    return _shown(request, "auditor-pending")


def set_pending(request: Request, response: Response, secret: str) -> None:
    """Let the browser show that name and password were right."""
    _set(request, response, "auditor-pending", secret)


def departed_secret(request: Request) -> str | None:
    """The secret of whoever is on the way to the identity provider and back."""
    return _shown(request, "auditor-departed")


def set_departed(request: Request, response: Response, secret: str) -> None:
    """Let the browser prove that a login that comes back was begun in it."""
    _set(request, response, "auditor-departed", secret)


def set_session(request: Request, response: Response, secret: str) -> None:
    """Give the browser a session; it ends with the browser, or on the server."""
    _set(request, response, "auditor", secret)
    for name in ("auditor-login", "auditor-pending", "auditor-departed"):
        response.delete_cookie(_name(request, name), path="/", secure=_is_secure(request), httponly=True)


def set_login(request: Request, response: Response, secret: str) -> None:
    """Let the browser prove later that it has seen the login page."""
    _set(request, response, "auditor-login", secret)


def forget(request: Request, response: Response) -> None:
    """Take the session away."""
    response.delete_cookie(_name(request, "auditor"), path="/", secure=_is_secure(request), httponly=True)


def form_token(secret: str) -> str:
    """The token that forms carry under this secret."""
    return sha256_text(f"form,{secret}")


def proves(request: Request, form_value: str | None, secret: str | None) -> bool:
    """Whether a request carries the token of this secret, and no other site sent it."""
    shown = request.headers.get(HEADER) or form_value
    if not secret or not shown or request.headers.get("sec-fetch-site") == "cross-site":
        return False
    return compare_digest(shown.encode("utf-8", "replace"), form_token(secret).encode())


def _shown(request: Request, name: str) -> str | None:
    value = request.cookies.get(_name(request, name))
    return value if value and len(value) <= _MOST_TOKEN else None


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        _name(request, name), value, path="/", httponly=True, samesite="lax", secure=_is_secure(request)
    )


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
