"""Logging in and out."""

from threading import BoundedSemaphore
from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.errors import AuditorError, Forbidden
from auditor.services import logins, web_sessions
from auditor.web import cookies, forms, pages
from auditor.web.visits import Visit, local_path

# Each password check takes 64 MiB and a core for a moment: a flood of them waits here, not in memory.
checking = BoundedSemaphore(2)


def login_form(visit: Visit) -> Response:
    """The form; those who are logged in already go on."""
    back = local_path(visit.asked("next") or "/")
    secret = cookies.session_secret(visit.request)
    if secret is not None:
        with visit.database.read() as session:
            if web_sessions.resume(session, secret, lifetime=visit.site.lifetime, at=visit.at):
                return RedirectResponse(back, status_code=303)
    return _form(visit, back=back)


def log_in(visit: Visit) -> Response:
    """Check name and password; a new session, and back to where the person wanted to go."""
    back = local_path(visit.form.get("next") or "/")
    if not cookies.proves(visit.request, visit.form.get(cookies.FIELD), cookies.login_secret(visit.request)):
        raise Forbidden("this login form is no longer good: open the login page again")
    typed = logins.Credentials(
        name=visit.form.get("username", ""), password=visit.form.get("password", ""), address=visit.address
    )
    secret = cookies.new_secret()
    new = web_sessions.NewSession(token=secret, address=visit.address, lifetime=visit.site.lifetime)
    try:
        with checking:
            done = logins.log_in(visit.database, typed, new, at=visit.at)
    except AuditorError as error:
        return _form(visit, back=back, name=typed.name, refusal=error)
    if not done:
        answer = RedirectResponse(f"/login/code?next={quote(back, safe='')}", status_code=303)
        cookies.set_pending(visit.request, answer, secret)
        return answer
    return _begun(visit, back, secret)


def code_form(visit: Visit) -> Response:
    """The form for the second factor; back to the first one for those who have not been there."""
    if cookies.pending_secret(visit.request) is None:
        return RedirectResponse("/login", status_code=303)
    return _code_form(visit, back=local_path(visit.asked("next") or "/"))


def take_code(visit: Visit) -> Response:
    """Check the code; a new session."""
    back, pending = local_path(visit.form.get("next") or "/"), cookies.pending_secret(visit.request)
    if pending is None or not cookies.proves(visit.request, visit.form.get(cookies.FIELD), pending):
        raise Forbidden("this login form is no longer good: open the login page again")
    secret = cookies.new_secret()
    new = web_sessions.NewSession(token=secret, address=visit.address, lifetime=visit.site.lifetime)
    try:
        logins.second_step(visit.database, pending, visit.form.get("code", ""), new, at=visit.at)
    except logins.LoginEnded:
        raise
    except AuditorError as error:
        return _code_form(visit, back=back, refusal=error)
    return _begun(visit, back, secret)


def _begun(visit: Visit, back: str, secret: str) -> Response:
    answer = RedirectResponse(back, status_code=303)
    cookies.set_session(visit.request, answer, secret)
    return answer


def _code_form(visit: Visit, *, back: str, refusal: AuditorError | None = None) -> HTMLResponse:
    return pages.page(
        visit,
        "login_code.html",
        status=refusal.http_status if refusal else 200,
        token=cookies.form_token(cookies.pending_secret(visit.request) or ""),
        back=back,
        refusal=forms.sentence(refusal),
    )


def log_out(visit: Visit) -> Response:
    """End the session here and on the server."""
    with visit.database.write() as session:
        web_sessions.end(session, visit.me.session_id, by=visit.me.name, at=visit.at)
    answer = RedirectResponse("/login", status_code=303)
    cookies.forget(visit.request, answer)
    return answer


def _form(visit: Visit, *, back: str, name: str = "", refusal: AuditorError | None = None) -> HTMLResponse:
    secret = cookies.login_secret(visit.request) or cookies.new_secret()
    answer = pages.page(
        visit,
        "login.html",
        status=refusal.http_status if refusal else 200,
        token=cookies.form_token(secret),
        back=back,
        name=name,
        sign_on=visit.site.settings.oidc.label if visit.site.settings.oidc.issuer else "",
        refusal=forms.sentence(refusal),
    )
    cookies.set_login(visit.request, answer, secret)
    return answer
