"""Provider queries in the browser: the list, one query with its answer, requests for records, missed queries."""

from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain import query_checks
from auditor.domain.people import Role
from auditor.domain.queries import AnswerRoute, QueryOutcome, QueryState
from auditor.errors import BadInput
from auditor.mail.letterheads import letterhead
from auditor.services import (
    case_access,
    case_pauses,
    cases,
    missed_queries,
    queries,
    query_access,
    query_answers,
    query_times,
)
from auditor.services.documentation_requests import Wanted
from auditor.web import forms, pages
from auditor.web.query_forms import DUE
from auditor.web.visits import Visit

_ENDED = (QueryState.CLOSED, QueryState.CANCELLED)


def listed(visit: Visit) -> Response:
    """The queries that this person may see."""
    with visit.database.read() as session:
        found = query_access.listed(session, visit.me)
        waiting = [each for each in found if each.state not in _ENDED]
        ended = [each for each in found if each.state in _ENDED]
        today, whole = visit.today, Role.OFFICER in visit.me.roles
        times = query_times.response_times(session, on=today, reader=visit.me.name) if whole else None
        return pages.page(
            visit,
            "queries/list.html",
            waiting=waiting,
            ended=ended[::-1],
            records=query_access.records(session, visit.me),
            today=today,
            times=times,
        )


def query(visit: Visit) -> Response:
    """One query: its text, and the answer or the form for it."""
    return _query_page(visit)


def answer(visit: Visit) -> Response:
    """The answer of the person who is asked, who is logged in."""
    try:
        with visit.database.write() as session:
            seen = query_access.seen(session, visit.number("query"), case_id=visit.number("case"), who=visit.me)
            query_answers.refuse_others(seen.query, visit.me.name)
            given = query_answers.Answer(
                option=visit.form.get("option", ""),
                text=visit.form.get("text", ""),
                route=AnswerRoute.LOGIN,
                given_by=visit.me.name,
            )
            told = letterhead(visit.site.settings)
            query_answers.answer(session, seen.query.id, given, letterhead=told, at=visit.at)
    except BadInput as error:
        return _query_page(visit, error=forms.sentence(error), status=error.http_status)
    return RedirectResponse(visit.request.url.path.removesuffix("/answer"), status_code=303)


def end(visit: Visit) -> Response:
    """Close a query with its outcome, or take it back with a reason."""
    number, case_id = visit.number("query"), visit.number("case")
    note, by = visit.form.get("note", ""), visit.me.name
    outcome = visit.form.get("outcome", "")
    with visit.database.write() as session:
        case_access.open_seat(session, case_id, visit.me)
        query_access.seen(session, number, case_id=case_id, who=visit.me)
        if not outcome:
            queries.cancel(session, number, note, by=by, at=visit.at)
        elif outcome in list(QueryOutcome):
            ending = queries.Ending(outcome=QueryOutcome(outcome), note=note or None)
            queries.close(session, number, ending, by=by, at=visit.at)
        else:
            raise BadInput("there is no such outcome: choose one of the list")
    return RedirectResponse(f"/cases/{case_id}/queries/{number}", status_code=303)


def request_record(visit: Visit) -> Response:
    """Ask for the record of a case."""
    due_on = forms.maybe_day(visit.form, "due", DUE)
    what = Wanted(record=forms.text(visit.form, "record"), due_on=due_on)
    with visit.database.write() as session:
        case_access.open_seat(session, visit.number("case"), visit.me)
        case_pauses.request(session, visit.number("case"), what, by=visit.me.name, at=visit.at)
    return _back_to_case(visit)


def settle_record(visit: Visit) -> Response:
    """The record came, or it will not."""
    with visit.database.write() as session:
        case_access.open_seat(session, visit.number("case"), visit.me)
        produced = visit.form.get("produced") == "yes"
        case_pauses.settle(session, visit.number("case"), produced=produced, by=visit.me.name, at=visit.at)
    return _back_to_case(visit)


def miss(visit: Visit) -> Response:
    """Note that the coder should have asked, or withdraw that."""
    case_id, by = visit.number("case"), visit.me.name
    with visit.database.write() as session:
        case_access.open_seat(session, case_id, visit.me)
        if visit.form.get("withdraw"):
            missed_queries.withdraw(session, case_id, by=by, at=visit.at)
        else:
            missed_queries.note(session, case_id, visit.form.get("reason", ""), by=by, at=visit.at)
    return _back_to_case(visit)


def _query_page(visit: Visit, *, error: str = "", status: int = 200) -> HTMLResponse:
    with visit.database.read() as session:
        seen = query_access.seen(session, visit.number("query"), case_id=visit.number("case"), who=visit.me)
        text = queries.text_of(seen.query)
        return pages.page(
            visit,
            "queries/query.html",
            status=status,
            query=seen.query,
            asked_of_me=seen.asked_of_me,
            text=text,
            problems=query_checks.problems(text) if seen.query.state is QueryState.DRAFT else [],
            claim=cases.coded(seen.query.case),
            outcomes=[each for each in QueryOutcome if each is not QueryOutcome.NO_ANSWER],
            error=error,
            typed=visit.form,
            today=visit.today,
        )


def _back_to_case(visit: Visit) -> Response:
    return RedirectResponse(f"/cases/{visit.number('case')}/queries", status_code=303)
