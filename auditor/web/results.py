"""A reviewed case for the audited and for those who answer them: what was found, why, and what is argued."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.errors import AuditorError, BadInput, NotFound
from auditor.services import privilege
from auditor.services.follow_through import audited, rebuttals
from auditor.services.follow_through.case_results import case_result
from auditor.services.follow_through.rebuttals import Answer, Argument, HandingUp
from auditor.storage.follow_through import Rebuttal
from auditor.web import pages
from auditor.web.visits import Visit

_DECISIONS = {"upheld": True, "overturned": False}


def result(visit: Visit) -> Response:
    """One case with its findings, and every argument about them."""
    return _page(visit)


def listed(visit: Visit) -> Response:
    """All rebuttals, those that wait first; auditors see those of cases that they reviewed or were handed."""
    with visit.database.read() as session:
        known = {each.id for each in privilege.known_audits(session, visit.me.name)}
        found = [each for each in rebuttals.every(session) if each.case.audit_id in known]
        if not visit.is_officer:
            found = [each for each in found if visit.me.name in (each.case.reviewed_by, each.escalated_to)]
        rows = [(each, each.case.number, each.case.audit_id) for each in found]
    return pages.page(visit, "rebuttals/list.html", rows=rows)


def argue(visit: Visit) -> Response:
    """Argue a finding."""
    case_id, form = visit.number("case"), visit.form
    said = Argument(case_id=case_id, line=form.get("line", ""), text=form.get("text", ""))
    return _changed(visit, lambda session: rebuttals.argue(session, said, by=visit.me.name, at=visit.at))


def answer(visit: Visit) -> Response:
    """Uphold or overturn."""
    form, number = visit.form, _rebuttal(visit)
    if form.get("decision") not in _DECISIONS:
        return _page(visit, problem=BadInput("choose whether the rebuttal is upheld or overturned"))
    code = form.get("correct_code", "").strip().upper() or None
    said = Answer(upheld=_DECISIONS[form["decision"]], text=form.get("text", ""), correct_code=code)
    return _changed(visit, lambda session: rebuttals.respond(session, number, said, by=visit.me.name, at=visit.at))


def escalate(visit: Visit) -> Response:
    """Hand it to somebody else."""
    hand, number = HandingUp(to=visit.form.get("to", ""), text=visit.form.get("text", "")), _rebuttal(visit)
    return _changed(visit, lambda session: rebuttals.escalate(session, number, hand, by=visit.me.name, at=visit.at))


def withdraw(visit: Visit) -> Response:
    """Take it back."""
    text, number = visit.form.get("text", ""), _rebuttal(visit)
    return _changed(
        visit, lambda session: rebuttals.withdraw(session, number, text=text, by=visit.me.name, at=visit.at)
    )


def _rebuttal(visit: Visit) -> int:
    """The number of a rebuttal of this very case."""
    number = visit.number("rebuttal")
    with visit.database.read() as session:
        if rebuttals.numbered(session, number).case_id != visit.number("case"):
            raise NotFound(f"there is no rebuttal {number} of this case")
    return number


def _changed(visit: Visit, change: Callable[[Session], Rebuttal]) -> Response:
    """The page after the change; when that is refused, the page with the reason and all that was typed."""
    try:
        with visit.database.write() as session:
            audited.open_result(session, visit.number("case"), visit.me)
            change(session)
    except AuditorError as error:
        return _page(visit, problem=error)
    return RedirectResponse(f"/results/{visit.number('case')}", status_code=303)


def _page(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        case = audited.open_result(session, visit.number("case"), visit.me)
        found = case_result(session, case, visit.me)
    return pages.page(
        visit,
        "results/case.html",
        status=problem.http_status if problem else 200,
        case=found,
        problem=str(problem) if problem else "",
        typed=visit.form,
    )
