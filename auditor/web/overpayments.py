"""Overpayments and their clocks: what is owed back, and how many days are left to return it."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import Response

from auditor.errors import AuditorError
from auditor.services.follow_through import overpayments
from auditor.services.follow_through.overpayments import Identified, Quantified, Refunded
from auditor.storage.follow_through import Overpayment
from auditor.web import follow_through, forms
from auditor.web.visits import Visit


def listed(visit: Visit) -> Response:
    """All overpayments, the most urgent first."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Write one down."""

    def added(session: Session) -> Overpayment:
        found = Identified(
            title=visit.form.get("title", ""),
            identified_on=forms.day(visit.form, "identified_on", "the day it was identified"),
            audit_id=forms.number(visit.form, "audit_id", "the audit"),
            payer=forms.text(visit.form, "payer"),
            investigated_from=forms.maybe_day(visit.form, "investigated_from", "the day the investigation began"),
            note=forms.text(visit.form, "note"),
        )
        follow_through.refuse_hidden(session, found.audit_id, visit)
        return overpayments.identify(session, found, by=visit.me.name, at=visit.at)

    return follow_through.done(visit, added, place="/overpayments", again=lambda error: _list(visit, problem=error))


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
            more_than_owed="more_than_owed" in visit.form,
        )
        return overpayments.refund(session, _number(visit), paid, by=visit.me.name, at=visit.at)

    return _changed(visit, changed)


def _number(visit: Visit) -> int:
    return visit.number("overpayment")


def _opened(visit: Visit, session: Session) -> Overpayment:
    found = overpayments.numbered(session, _number(visit))
    follow_through.refuse_hidden(session, found.audit_id, visit)
    return found


def _changed(visit: Visit, change: Callable[[Session], Overpayment]) -> Response:
    def changed(session: Session) -> Overpayment:
        _opened(visit, session)
        return change(session)

    return follow_through.done(visit, changed, place="/overpayments", again=lambda error: _page(visit, problem=error))


def _list(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        found, audits = follow_through.shown(session, overpayments.every(session), visit)
    rows = [(each, overpayments.clock(each)) for each in found]
    return follow_through.page(visit, "overpayments/list.html", problem, rows=rows, audits=audits)


def _page(visit: Visit, *, problem: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        found = _opened(visit, session)
        entries = list(found.entries)
    clock = overpayments.clock(found)
    return follow_through.page(
        visit, "overpayments/overpayment.html", problem, row=found, clock=clock, entries=entries
    )
