"""The answer page behind the link of a mail: nothing is shown, and nothing answered, by opening it alone."""

from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain.queries import AnswerRoute
from auditor.errors import BadInput
from auditor.mail.letterheads import letterhead
from auditor.services import cases, queries, query_answers
from auditor.web import pages
from auditor.web.visits import Visit


def landing(visit: Visit) -> Response:
    """Who asks, on which case of ours, and until when. Nothing of the claim."""
    with visit.database.read() as session:
        found = query_answers.by_link(session, visit.request.path_params["link"], at=visit.at)
        return pages.page(visit, "queries/landing.html", query=found)


def question(visit: Visit) -> Response:
    """The question, because somebody pressed the button."""
    return _form(visit)


def send_answer(visit: Visit) -> Response:
    """Take the answer."""
    given = query_answers.Answer(
        option=visit.form.get("option", ""),
        text=visit.form.get("text", ""),
        route=AnswerRoute.LINK,
        given_by="",
    )
    try:
        with visit.database.write() as session:
            query_answers.answer_by_link(
                session,
                visit.request.path_params["link"],
                given,
                letterhead=letterhead(visit.site.settings),
                at=visit.at,
            )
    except BadInput as error:
        return _form(visit, error=f"{str(error)[:1].upper()}{str(error)[1:]}.", status=error.http_status)
    return RedirectResponse(visit.request.url.path.removesuffix("/sent"), status_code=303)


def _form(visit: Visit, *, error: str = "", status: int = 200) -> HTMLResponse:
    with visit.database.read() as session:
        found = query_answers.by_link(session, visit.request.path_params["link"], at=visit.at)
        return pages.page(
            visit,
            "queries/answer.html",
            status=status,
            query=found,
            text=queries.text_of(found),
            claim=cases.coded(found.case),
            link=visit.request.path_params["link"],
            error=error,
            typed=visit.form,
        )
