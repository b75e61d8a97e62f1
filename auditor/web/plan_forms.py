"""Plans made and changed in the browser: one form for both, and its dates as they would come round."""

from datetime import date

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain.claims import CodingSource
from auditor.domain.people import Role
from auditor.domain.plans import DateBasis, Objective, SamplingUnit, Timing
from auditor.domain.recurrence import Recurrence
from auditor.errors import AuditorError, BadInput, Conflict, NotFound
from auditor.reports import plan_words
from auditor.services import claim_sources, people, plan_trials, plans, recurrence
from auditor.web import forms, pages, plan_fields
from auditor.web.visits import Visit

_SHOWN = 4


def new_plan(visit: Visit) -> Response:
    """The form, empty but for what a link of ours says of its claims."""
    said = {name: visit.asked(name) for name in ("where", "coding_source") if visit.asked(name)}
    return _form(visit, {**plan_fields.EMPTY, **said})


def create_plan(visit: Visit) -> Response:
    """Make the plan, and go to its page."""
    try:
        new = plan_fields.plan_of(visit.form, on=visit.today)
        plan_trials.untried(visit.database, new, environment=visit.site.settings.environment)
        with visit.database.write() as session:
            made = plans.create(session, new, by=visit.me.name, at=visit.at)
    except (BadInput, Conflict, NotFound) as error:
        return _form(visit, visit.form, refusal=error)
    return RedirectResponse(f"/plans/{made.id}", status_code=303)


def edit_plan(visit: Visit) -> Response:
    """The form as the plan is now; only of a plan that nobody has approved."""
    with visit.database.read() as session:
        row = plans.numbered(session, visit.number("plan"))
        if row.approved_at is not None:
            raise Conflict(f"the plan {row.name} is approved and never changes: retire it, and make a new one")
        fields = plan_fields.fields_of(plans.content(row))
    return _form(visit, fields)


def change_plan(visit: Visit) -> Response:
    """Write the plan anew."""
    try:
        new = plan_fields.plan_of(visit.form, on=visit.today)
        plan_trials.untried(visit.database, new, environment=visit.site.settings.environment)
        with visit.database.write() as session:
            row = plans.numbered(session, visit.number("plan"))
            plans.change(session, row.name, new, by=visit.me.name, at=visit.at)
    except (BadInput, Conflict, NotFound) as error:
        return _form(visit, visit.form, refusal=error)
    return RedirectResponse(f"/plans/{visit.number('plan')}", status_code=303)


def dates(visit: Visit) -> Response:
    """How the recurrence in the form would come round, as a piece of its page."""
    fields = visit.request.query_params
    try:
        asked = plan_fields.recurrence_of(fields) if fields.get("starts_on") else None
        shown: dict[str, object] = _dates(asked, visit.today) if asked else {}
    except BadInput as error:
        shown = {"wrong": forms.sentence(error, plan_fields.LABELS)}
    return HTMLResponse(pages.fragment(visit, "plans/dates.html", **_NO_DATES | shown))


_NO_DATES: dict[str, object] = {"repeat": "", "wrong": "", "coming": (), "notes": ()}


def _dates(asked: Recurrence, today: date) -> dict[str, object]:
    told = recurrence.notes(asked, today)
    return {
        "repeat": plan_words.how_often(asked),
        "coming": recurrence.coming(asked, today, most=_SHOWN),
        "notes": plan_words.recurrence_notes(told),
    }


def _form(visit: Visit, fields: forms.Fields, *, refusal: AuditorError | None = None) -> Response:
    with visit.database.read() as session:
        choices = _choices(session)
    return pages.page(
        visit,
        "plans/form.html",
        status=refusal.http_status if refusal else 200,
        refusal=forms.sentence(refusal, plan_fields.LABELS),
        value=lambda name: fields.get(name, ""),
        editing="plan" in visit.request.path_params,
        objectives=[(each, plan_fields.NEEDS[each]) for each in Objective],
        arms=list(CodingSource),
        units=list(SamplingUnit),
        bases=list(DateBasis),
        timings=list(Timing),
        also=choices | _NO_DATES,
    )


def _choices(session: Session) -> dict[str, object]:
    everyone = [user for user in people.everyone(session) if user.disabled_at is None]
    return {
        "sources": [source.name for source in claim_sources.in_use(session)],
        "auditors": [user for user in everyone if Role.AUDITOR in user.roles],
        "officers": [user for user in everyone if Role.OFFICER in user.roles],
    }
