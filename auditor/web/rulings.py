"""Rulings: searched, read, written, withdrawn."""

from starlette.responses import RedirectResponse, Response

from auditor.errors import AuditorError, BadInput
from auditor.services import rulings
from auditor.services.rulings import Draft
from auditor.web import pages
from auditor.web.visits import Visit

_FIELDS = ("question", "answer", "codes", "citation", "case", "replaces")


def listed(visit: Visit) -> Response:
    """The rulings that hold, or those that a search finds."""
    text, code = visit.asked("q"), visit.asked("code")
    with visit.database.read() as session:
        found = rulings.found(session, text=text, code=code)
        followed = rulings.times_followed(session, [each.id for each in found])
        return pages.page(visit, "rulings/list.html", rulings=found, followed=followed, text=text, code=code)


def new(visit: Visit) -> Response:
    """The form for a ruling, on the codes and the case that the address names."""
    given = dict.fromkeys(_FIELDS, "") | {name: visit.asked(name) for name in ("codes", "case", "replaces")}
    return pages.page(visit, "rulings/new.html", given=given, problem=None)


def write(visit: Visit) -> Response:
    """Put a ruling on record; the form comes back with what was written where something is missing."""
    given = dict.fromkeys(_FIELDS, "") | {name: visit.form.get(name, "") for name in _FIELDS}
    try:
        with visit.database.write() as session:
            made = rulings.write(session, _draft(given), by=visit.me.name, at=visit.at)
    except AuditorError as error:
        sentence = str(error)
        problem = f"{sentence[0].upper()}{sentence[1:]}."
        return pages.page(visit, "rulings/new.html", status=error.http_status, given=given, problem=problem)
    return RedirectResponse(f"/rulings/{made.id}", status_code=303)


def ruling(visit: Visit) -> Response:
    """One ruling, in force or not."""
    with visit.database.read() as session:
        found = rulings.numbered(session, visit.number("ruling"))
        followed = rulings.times_followed(session, [found.id]).get(found.id, 0)
        return pages.page(visit, "rulings/ruling.html", ruling=found, followed=followed)


def withdraw(visit: Visit) -> Response:
    """Take a ruling out of force."""
    with visit.database.write() as session:
        rulings.withdraw(session, visit.number("ruling"), by=visit.me.name, at=visit.at)
    return RedirectResponse(f"/rulings/{visit.number('ruling')}", status_code=303)


def _draft(given: dict[str, str]) -> Draft:
    return Draft(
        question=given["question"],
        answer=given["answer"],
        codes=tuple(given["codes"].replace(",", " ").split()),
        citation=given["citation"],
        case_id=_number(given["case"], "case"),
        replaces=_number(given["replaces"], "ruling that is replaced"),
    )


def _number(text: str, what: str) -> int | None:
    if not text.strip():
        return None
    if not (text.isascii() and text.strip().isdigit() and len(text.strip()) <= 9):
        raise BadInput(f"the {what} is no number: write its number, or leave it empty")
    return int(text)
