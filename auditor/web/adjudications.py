"""The adjudicator's pages: cases on which two reviews differ, and one of them with both reviews side by side."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session
from starlette.responses import Response

from auditor.services import adjudication, review_queue, source_checks
from auditor.services.adjudication import Side
from auditor.services.guidelines import editions
from auditor.services.review_queue import CodesInHand
from auditor.services.seats import Seat
from auditor.services.web_sessions import SignedIn
from auditor.web import case_rows, case_saving, pages, review
from auditor.web.case_rows import Row, SideVerdict
from auditor.web.visits import Visit


def adjudications(visit: Visit) -> Response:
    """The cases that this person may decide."""
    with visit.database.read() as session:
        found = adjudication.disputes(session, name=visit.me.name, roles=visit.me.roles)
    return pages.page(visit, "adjudications/list.html", disputes=found)


def decide(visit: Visit) -> Response:
    """One case, with what both reviews say of each code."""
    with visit.database.read() as session:
        seat = _seat(session, visit.number("case"), visit.me)
        shown = review_queue.in_hand(session, seat)
        sides = adjudication.sides(session, seat)
        rows = _rows(session, shown, sides)
        news = source_checks.of_case(session, shown.audit_id, shown.number)
    told = {"coding": None, "news": news, "sides": sides, "added": _added(sides)}
    return review.bench(visit, "adjudications/case.html", shown, rows=rows, **told)


def decision(visit: Visit) -> Response:
    """Apply one change of an adjudication."""
    return case_saving.take(visit, _seat, _standing)


def _seat(session: Session, case_id: int, who: SignedIn, *, lock: bool = False) -> Seat:
    return adjudication.seat(session, case_id, name=who.name, roles=who.roles, lock=lock)


def _standing(visit: Visit, session: Session, seat: Seat, found: case_saving.Found) -> case_saving.Told:
    shown = review_queue.codes_in_hand(session, seat, standing=found)
    rows = _rows(session, shown, adjudication.sides(session, seat))
    onward = adjudication.following(session, seat.case, name=visit.me.name, roles=visit.me.roles)

    def told() -> dict[str, object]:
        html = pages.fragment(visit, "review/codes.html", rows=rows)
        return case_saving.state_of(shown, html, f"/adjudications/{onward}" if onward else "/adjudications")

    return told


def _rows(session: Session, shown: CodesInHand, sides: Sequence[Side]) -> list[Row]:
    made = case_rows.rows(shown, review.terms(session, shown, editions.imported(session)))
    return [each if each.missed else replace(each, sides=_verdicts(each.line, sides)) for each in made]


def _verdicts(line: str, sides: Sequence[Side]) -> tuple[SideVerdict, ...]:
    return tuple(case_rows.side_verdict(side.name, side.on(line)) for side in sides)


def _added(sides: Sequence[Side]) -> list[SideVerdict]:
    """The codes that one review, or both, added: `name` says which."""
    found: dict[tuple[str, str | None], SideVerdict] = {}
    for side in sides:
        for each in side.added:
            key = (each.code_system, each.correct_code)
            names = f"{found[key].name} and {side.name}" if key in found else side.name
            found[key] = case_rows.side_verdict(names, each)
    return list(found.values())
