"""The year of audits, and one plan after another: read, approved, retired, opened by hand."""

from datetime import date
from secrets import token_hex

from starlette.responses import RedirectResponse, Response

from auditor.domain.audits import SEED_BYTES
from auditor.domain.plans import Period
from auditor.errors import BadInput
from auditor.reports import plan_words
from auditor.services import audits as audit_rows
from auditor.services import missed_runs, plan_sheets, privilege, run_lock, schedule, workload
from auditor.services import plans as plan_rows
from auditor.web import forms, pages
from auditor.web.visits import Visit

_AHEAD = 4
_YEARS = range(1970, 2200)


def plans(visit: Visit) -> Response:
    """The year as twelve months of plans, and every plan in a line."""
    year = _year(visit)
    with visit.database.read() as session:
        months = schedule.year(session, year, on=visit.today, reader=visit.me.name)
        late = schedule.late(session, on=visit.today, reader=visit.me.name)
        sheets = plan_sheets.sheets(session, on=visit.today)
        minutes = visit.site.settings.costs.case_minutes
        hours = workload.forecast(session, on=visit.today, months=_AHEAD, case_minutes=minutes)
        ran_on = run_lock.newest_day(session, missed_runs.RUN)
    return pages.page(
        visit,
        "plans/list.html",
        year=year,
        today=visit.today,
        plans=months,
        late=late,
        hours=hours,
        ran_on=ran_on,
        sheets=[(each, plan_words.how_often(each.recurrence)) for each in sheets],
    )


def plan(visit: Visit) -> Response:
    """One plan in sentences, its next dates and its audits."""
    return _plan(visit)


def approve_plan(visit: Visit) -> Response:
    """Approve it: audits of it may open from now on."""
    with visit.database.write() as session:
        name = plan_rows.numbered(session, visit.number("plan")).name
        plan_rows.approve(session, name=name, by=visit.me.name, at=visit.at)
    return _back(visit)


def retire_plan(visit: Visit) -> Response:
    """Retire it: nothing more of it comes due."""
    with visit.database.write() as session:
        name = plan_rows.numbered(session, visit.number("plan")).name
        plan_rows.retire(session, name=name, by=visit.me.name, at=visit.at)
    return _back(visit)


def open_audit(visit: Visit) -> Response:
    """Open an audit over days of the officer's choosing; days that were audited before are asked about first."""
    try:
        period = Period(
            first_on=forms.day(visit.form, "first_on", "the first day"),
            last_on=forms.day(visit.form, "last_on", "the last day"),
        )
        with visit.database.write() as session:
            row = plan_rows.numbered(session, visit.number("plan"))
            known = {each.id for each in privilege.known_audits(session, visit.me.name)}
            again = [each for each in audit_rows.over_same_days(session, row, period) if each in known]
            if again and not visit.form.get("again"):
                raise BadInput(_asked_first(again))
            opening = audit_rows.Opening(plan=row.name, period=period, seed=token_hex(SEED_BYTES))
            opened = audit_rows.open_audit(session, opening, by=visit.me.name, at=visit.at)
    except BadInput as error:
        return _plan(visit, refusal=error)
    return RedirectResponse(f"/audits/{opened.id}", status_code=303)


def _plan(visit: Visit, *, refusal: BadInput | None = None) -> Response:
    with visit.database.read() as session:
        row = plan_rows.numbered(session, visit.number("plan"))
        sheet = plan_sheets.sheet(session, row, on=visit.today)
        slots = [
            each
            for each in schedule.all_slots(session, on=visit.today, reader=visit.me.name)
            if each.plan_id == row.id
        ]
    return pages.page(
        visit,
        "plans/plan.html",
        status=refusal.http_status if refusal else 200,
        plan=sheet,
        words=plan_words.words(sheet),
        slots=slots[::-1],
        form=visit.form,
        refusal=forms.sentence(refusal),
    )


def _asked_first(again: list[int]) -> str:
    shown = ", ".join(map(str, again))
    return (
        f"some of these days were audited before, by this plan: audit {shown}. A claim could be audited twice. Tick"
        " 'audit these days again' if that is meant"
    )


def _back(visit: Visit) -> Response:
    return RedirectResponse(f"/plans/{visit.number('plan')}", status_code=303)


def _year(visit: Visit) -> int:
    asked = visit.asked("year") or str(visit.today.year)
    if not (asked.isascii() and asked.isdigit() and int(asked[:5]) in _YEARS):
        raise BadInput("there is no such year in the calendar: go back to this one")
    return date(int(asked), 1, 1).year
