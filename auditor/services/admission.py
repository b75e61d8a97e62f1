"""Whom a request comes from, and whether what its address names is hidden from them.

Every request asks this, so it is one question: the login, the privilege of an audit or case, the view that goes on.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.errors import Forbidden, NotFound
from auditor.services import audits, privilege, view_log, web_sessions
from auditor.services.web_sessions import Lifetime, SignedIn
from auditor.storage import asking
from auditor.storage.people import User


@dataclass(frozen=True, kw_only=True)
class Request:
    """The login's token, who is let in, and what the address names.

    With an `address` it is asked whether the person is looking at the case from there already.
    """

    token: str
    allow: Set[Role]
    audit_id: int | None = None
    case_id: int | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """The person, and whether their look at the case goes on that was logged before."""

    who: SignedIn
    seen: bool


def admit(session: Session, request: Request, *, lifetime: Lifetime, at: datetime) -> Admitted | None:
    """Who asks; None without a login that holds, Forbidden without a role, NotFound for what they may not know of."""
    named = {"audit_id": request.audit_id, "case_id": request.case_id}
    asked = {name: number for name, number in named.items() if number is not None}
    looking = {"address": request.address, "since": at - view_log.ONE_SITTING} if request.address else {}
    question = _question("audit_id" in asked, "case_id" in asked, bool(looking))
    row = asking.rows(
        session, question, {**web_sessions.asked(request.token, at=at), **asked, **looking}
    ).one_or_none()
    who = web_sessions.signed_in(row, lifetime=lifetime, at=at)
    if row is None or who is None:
        return None
    if not request.allow & who.roles:
        raise Forbidden("your roles do not cover this page: ask an administrator if they should")
    found = row._mapping
    if found.get("hides_audit"):
        raise NotFound(audits.UNKNOWN.format(request.audit_id))
    if found.get("hides_case"):
        raise NotFound(audits.UNKNOWN_CASE.format(request.case_id))
    return Admitted(who=who, seen=bool(found.get("seen")))


@cache
def _question(audit: bool, case: bool, looking: bool) -> Select[*tuple[Any, ...]]:
    more: list[ColumnElement[bool]] = []
    if audit:
        more.append(privilege.hidden_audit(User.name).label("hides_audit"))
    if case:
        more.append(privilege.hidden_case(User.name).label("hides_case"))
    if looking:
        more.append(view_log.is_going_on(User.name).label("seen"))
    return web_sessions.OF_TOKEN.add_columns(*more)
