"""Code lists at hand while a case is coded: search as one types, and what is known of one code.

Neither answer depends on a case, so that on a blind case they can tell nothing of it.
"""

from datetime import date

from starlette.responses import HTMLResponse, JSONResponse, Response

from auditor.services import code_notes
from auditor.services.guidelines import code_search
from auditor.services.guidelines.code_search import CodeQuestion
from auditor.web import forms, pages
from auditor.web.visits import Visit

_MOST_TEXT = 80


def search(visit: Visit) -> Response:
    """Codes of the editions in force on a day, by their beginning or by words of their titles."""
    system = visit.asked("system").strip().upper() or None
    question = CodeQuestion(text=visit.asked("q")[:_MOST_TEXT], on=_day(visit), system=system)
    with visit.database.read() as session:
        found = code_search.search(session, question)
    codes = [
        {"code_system": each.code_system, "code": each.code, "title": each.title, "state": each.state}
        for each in found.codes
    ]
    return JSONResponse({"codes": codes, "editions": found.editions})


def notes(visit: Visit) -> Response:
    """Title, rulings and earlier findings of one code, as a piece of page."""
    system, code = visit.asked("system")[:_MOST_TEXT].strip().upper(), visit.asked("code")[:_MOST_TEXT].strip()
    with visit.database.read() as session:
        found = code_notes.notes(session, (system, code), on=_day(visit), by=visit.me.name)
        return HTMLResponse(pages.fragment(visit, "review/notes.html", notes=found))


def _day(visit: Visit) -> date:
    return forms.day_of(visit.asked("on"), "the day of service")
