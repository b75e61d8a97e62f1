"""The form of a provider query, beside the record: begun from a template, checked while it is written."""

from datetime import timedelta

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain import query_checks
from auditor.domain.queries import OTHER, UNDETERMINED, QueryPurpose, QueryText
from auditor.errors import BadInput
from auditor.mail.query_sending import query_sending
from auditor.services import (
    case_access,
    case_pauses,
    documentation_requests,
    missed_queries,
    people,
    queries,
    query_access,
    query_templates,
    review_queue,
)
from auditor.services.queries import Asked
from auditor.storage.queries import ProviderQuery
from auditor.web import cookies, forms, pages
from auditor.web.visits import Visit

DUE = "the day until which it is due"


def of_case(visit: Visit) -> Response:
    """What is asked about a case, the form for the next question, and the record beside it."""
    template = visit.asked("template")
    file = visit.site.settings.query_templates_path
    base = query_templates.named(template, file) if template else None
    typed = {
        "purpose": base.purpose.value if base else QueryPurpose.CLARIFY.value,
        "question": base.question if base else "",
        "options": "\n".join(base.options) if base else "",
    }
    return _case_page(visit, typed=typed, chosen=template)


def check(visit: Visit) -> Response:
    """What is wrong with the text as it stands, as a piece of the form."""
    problems = query_checks.problems(_text(visit))
    return HTMLResponse(pages.fragment(visit, "queries/problems.html", problems=problems))


def ask(visit: Visit) -> Response:
    """Write a question down, and send it unless it is to stay a draft; with the form again when it cannot be."""
    case_id, asked = visit.number("case"), _asked(visit)
    sending = query_sending(visit.site.settings, cookies.new_secret())
    try:
        with visit.database.write() as session:
            case_access.open_seat(session, case_id, visit.me)
            query = _drafted(visit, session, asked)
            if visit.form.get("action") != "draft":
                queries.send(session, query.id, sending, by=visit.me.name, at=visit.at)
            number = query.id
    except BadInput as error:
        typed = {**visit.form, "error": forms.sentence(error)}
        return _case_page(visit, typed=typed, chosen="", status=error.http_status)
    return RedirectResponse(f"/cases/{case_id}/queries/{number}", status_code=303)


def redraft(visit: Visit) -> Response:
    """The form again, with what stands in a draft."""
    return _case_page(visit, typed=dict(visit.form), chosen="")


def _case_page(visit: Visit, *, typed: dict[str, str], chosen: str, status: int = 200) -> HTMLResponse:
    settings, case_id = visit.site.settings, visit.number("case")
    with visit.database.read() as session:
        seat = case_access.open_seat(session, case_id, visit.me)
        missed = missed_queries.of_case(session, case_id)
        return pages.page(
            visit,
            "queries/case.html",
            status=status,
            case=review_queue.in_hand(session, seat),
            queries=query_access.of_case(session, case_id, visit.me),
            requests=case_pauses.awaited(session, seat.case, visit.me.name),
            own=documentation_requests.waiting_of(session, seat),
            missed=missed if missed and missed.noted_by == visit.me.name else None,
            people=[each for each in people.everyone(session) if not each.disabled_at and each.name != visit.me.name],
            templates=query_templates.templates(settings.query_templates_path).values(),
            chosen=chosen,
            typed=typed,
            purposes=list(QueryPurpose),
            due_on=visit.today + timedelta(days=settings.queries.due_days),
            record_due_on=visit.today + documentation_requests.USUAL_WAIT,
            today=visit.today,
            ends=(OTHER, UNDETERMINED),
        )


def _drafted(visit: Visit, session: Session, asked: Asked) -> ProviderQuery:
    """A new query, or the draft that the form was opened on."""
    number = visit.form.get("query", "")
    if not number:
        return queries.draft(session, visit.number("case"), asked, by=visit.me.name, at=visit.at)
    if not (number.isascii() and number.isdigit()):
        raise BadInput("the draft has no number: open it again")
    query_access.seen(session, int(number[:9]), case_id=visit.number("case"), who=visit.me)
    return queries.redraft(session, int(number[:9]), asked)


def _text(visit: Visit) -> QueryText:
    purpose = visit.form.get("purpose", "")
    if purpose not in list(QueryPurpose):
        raise BadInput("there is no such purpose: choose one of the list")
    return QueryText(
        purpose=QueryPurpose(purpose),
        question=visit.form.get("question", ""),
        indicators=_lines(visit.form.get("indicators", "")),
        options=query_checks.with_open_ends(_lines(visit.form.get("options", ""))),
    )


def _asked(visit: Visit) -> Asked:
    return Asked(
        text=_text(visit),
        due_on=forms.day(visit.form, "due", DUE),
        addressee=forms.text(visit.form, "to"),
        email=forms.text(visit.form, "email"),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
