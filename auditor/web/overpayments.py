"""Overpayments and their clocks: what is owed back, and how many days are left to return it."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from auditor.errors import AuditorError
from auditor.services import privilege
from auditor.services.follow_through import overpayments
from auditor.services.follow_through.overpayments import Identified, Quantified, Refunded
from auditor.storage.follow_through import Overpayment
from auditor.web import forms, pages
from auditor.web.visits import Visit


def listed(visit: Visit) -> Response:
    """All overpayments, the most urgent first."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Write one down."""
    try:
        found = Identified(
            title=visit.form.get("title", ""),
            identified_on=forms.day(visit.form, "identified_on", "the day it was identified"),
            audit_id=forms.number(visit.form, "audit_id", "the audit"),
            payer=forms.text(visit.form, "payer"),
            investigated_from=forms.maybe_day(visit.form, "investigated_from", "the day the investigation began"),
            note=forms.text(visit.form, "note"),
        )
        with visit.database.write() as session:
            if found.audit_id is not None:
                privilege.refuse_audit(session, found.audit_id, visit.me.name)
            made = overpayments.identify(session, found, by=visit.me.name, at=visit.at).id
    except AuditorError as error:
        return _list(visit, problem=error)
    return RedirectResponse(f"/overpayments/{made}", status_code=303)


def overpayment(visit: Visit) -> Response:
    """One of them with every step."""
    return _page(visit)


def investigate(visit: Visit) -> Response:
    """An investigation of related ones suspends the clock."""

    def changed(session: Session) -> Overpayment:
        since = forms.day(visit.form, "on", "the day the investigation began")
        return overpayments.investigate(session, _number(visit), since=since, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def quantify(visit: Visit) -> Response:
    """What is owed in all."""

    def changed(session: Session) -> Overpayment:
        amount = Quantified(
            cents=forms.cents(visit.form, "dollars", "the amount"),
            method=visit.form.get("method", ""),
            on=forms.day(visit.form, "on", "the day it was calculated"),
        )
        return overpayments.quantify(session, _number(visit), amount, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def refund(visit: Visit) -> Response:
    """Reported and returned."""

    def changed(session: Session) -> Overpayment:
        paid = Refunded(
            cents=forms.cents(visit.form, "dollars", "the amount"),
            on=forms.day(visit.form, "on", "the day it was returned"),
        )
        return overpayments.refund(session, _number(visit), paid, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def _number(visit: Visit) -> int:
    return visit.number("overpayment")


def _opened(visit: Visit, session: Session) -> Overpayment:
    found = overpayments.numbered(session, _number(visit))
    if found.audit_id is not None:
        privilege.refuse_audit(session, found.audit_id, visit.me.name)
    return found


def _changed(visit: Visit, change: Callable[[Session], Overpayment]) -> Response:
    try:
        with visit.database.write() as session:
            _opened(visit, session)
            change(session)
    except AuditorError as error:
        return _page(visit, problem=error)
    return RedirectResponse(f"/overpayments/{_number(visit)}", status_code=303)


def _list(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        known = {each.id: each for each in privilege.known_audits(session, visit.me.name)}
        rows = [each for each in overpayments.every(session) if each.audit_id is None or each.audit_id in known]
        audits = [(each.id, each.plan.name) for each in known.values() if each.frame is not None]
    return pages.page(
        visit,
        "overpayments/list.html",
        status=problem.http_status if problem else 200,
        rows=[(each, overpayments.clock(each)) for each in rows],
        audits=audits[::-1],
        today=visit.today,
        problem=str(problem) if problem else "",
        typed=visit.form,
    )


def _page(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        found = _opened(visit, session)
        entries = list(found.entries)
    return pages.page(
        visit,
        "overpayments/overpayment.html",
        status=problem.http_status if problem else 200,
        row=found,
        clock=overpayments.clock(found),
        entries=entries,
        today=visit.today,
        problem=str(problem) if problem else "",
        typed=visit.form,
    )
