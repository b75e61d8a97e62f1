"""What pages of corrective actions and of overpayments share: which audits are known, and how a step ends."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.errors import AuditorError
from auditor.services import privilege
from auditor.storage.follow_through import CorrectiveAction, Overpayment
from auditor.web import pages
from auditor.web.visits import Visit

_Kept = TypeVar("_Kept", CorrectiveAction, Overpayment)


def refuse_hidden(session: Session, audit_id: int | None, visit: Visit) -> None:
    """NotFound where it comes of an audit that the visitor may not know of."""
    if audit_id is not None:
        privilege.refuse_audit(session, audit_id, visit.me.name)


def shown(session: Session, every: Sequence[_Kept], visit: Visit) -> tuple[list[_Kept], list[tuple[int, str]]]:
    """Those that the visitor may know of, and the drawn audits, newest first, that a new one may come of."""
    known = {each.id: each for each in privilege.known_audits(session, visit.me.name)}
    audits = [(each.id, each.plan.name) for each in known.values() if each.frame is not None]
    return [each for each in every if each.audit_id is None or each.audit_id in known], audits[::-1]


def done(
    visit: Visit,
    deed: Callable[[Session], CorrectiveAction | Overpayment],
    *,
    place: str,
    again: Callable[[AuditorError], Response],
) -> Response:
    """Do it and go to its page under `place`; the page `again` with the reason when it is refused."""
    try:
        with visit.database.write() as session:
            number = deed(session).id
    except AuditorError as error:
        return again(error)
    return RedirectResponse(f"{place}/{number}", status_code=303)


def page(visit: Visit, template: str, problem: AuditorError | None, **shows: object) -> Response:
    """A page with its form, what was typed into it, and why that could not be done."""
    return pages.page(
        visit,
        template,
        status=problem.http_status if problem else 200,
        today=visit.today,
        problem=str(problem) if problem else "",
        typed=visit.form,
        also=shows,
    )
