"""A person's own second factor: set up, confirmed, removed."""

import secrets

from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain import qr_code, totp
from auditor.errors import BadInput, Forbidden
from auditor.services import people, second_factors
from auditor.web import pages
from auditor.web.visits import Visit


def begin(visit: Visit) -> Response:
    """The secret, to be taken over by the person's program."""
    return _form(visit)


def confirm(visit: Visit) -> Response:
    """The first code was right: from now on one is asked for. Recovery codes are shown, once."""
    codes = recovery_codes()
    try:
        with visit.database.write() as session:
            second_factors.confirm(session, visit.me.name, visit.form.get("code", ""), codes, at=visit.at)
    except BadInput as error:
        return _form(visit, error=f"{str(error)[:1].upper()}{str(error)[1:]}.", status=error.http_status)
    return pages.page(visit, "account/recovery.html", codes=codes)


def remove(visit: Visit) -> Response:
    """A password alone again, by whoever shows a code once more."""
    with visit.database.write() as session:
        user = people.named(session, visit.me.name)
        right = second_factors.accepts(session, user.id, visit.form.get("code", ""), at=visit.at)
        if right:
            second_factors.remove(session, visit.me.name, by=visit.me.name, at=visit.at)
    if not right:
        raise Forbidden("this code is not right: wait for the next one, or use a recovery code")
    return RedirectResponse("/account", status_code=303)


def recovery_codes() -> list[str]:
    """Fresh recovery codes of 64 bits, in groups that can be read aloud."""
    fresh = [secrets.token_hex(8) for _ in range(second_factors.RECOVERY_CODES)]
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in fresh]


def _form(visit: Visit, *, error: str = "", status: int = 200) -> HTMLResponse:
    with visit.database.write() as session:
        text = second_factors.begin(session, visit.me.name, secrets.token_bytes(second_factors.SECRET_BYTES))
    practice = visit.site.settings.practice
    address = totp.address(totp.from_text(text), practice=practice, name=visit.me.name)
    groups = [text[at : at + 4] for at in range(0, len(text), 4)]
    modules = qr_code.matrix(address) if len(address.encode()) <= qr_code.MOST_BYTES else None
    return pages.page(
        visit,
        "account/second_factor.html",
        status=status,
        groups=groups,
        address=address,
        image=modules and {"side": len(modules), "outline": qr_code.outline(modules)},
        error=error,
    )
