"""Takes what a case page saves: changes with their key and revision, and blind codings. Answers in JSON."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from auditor.domain.audits import DocumentationStatus, ReviewStatus
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.errors import BadInput, Conflict
from auditor.services import (
    blind_coding,
    case_access,
    case_changes,
    review_cells,
    review_queue,
    review_times,
    waiting_reviews,
)
from auditor.services.blind_coding import BlindCode
from auditor.services.case_changes import Change, Judged
from auditor.services.guidelines import editions
from auditor.services.review_cells import BadCell
from auditor.services.review_queue import CodesInHand
from auditor.services.seats import Seat
from auditor.services.verdicts import Verdict, Why
from auditor.web import case_rows, pages, review
from auditor.web.visits import Visit

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Long = Annotated[str, msgspec.Meta(max_length=20_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=999_999)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=86_400)]
_Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-zA-Z-]{8,64}$")]


class SentVerdict(msgspec.Struct, forbid_unknown_fields=True):
    """A verdict on a line as the page sends it; codes, modifiers and dollars as they were typed."""

    outcome: Outcome
    line: _Short | None = None
    code_system: _Short | None = None
    correct_code: _Short | None = None
    correct_modifiers: _Short | None = None
    correct_units: _Count | None = None
    correct_sequence: Annotated[int, msgspec.Meta(ge=1, le=9_999)] | None = None
    correct_allowed: _Short | None = None
    error_type: ErrorType | None = None
    severity: Severity | None = None
    root_cause: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    citation: _Long | None = None
    ruling: Annotated[int, msgspec.Meta(ge=1, le=999_999_999)] | None = None
    rationale: _Long | None = None


class SentChange(msgspec.Struct, forbid_unknown_fields=True):
    """One change as the page sends it."""

    key: _Key
    revision: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    judged: Annotated[list[SentVerdict], msgspec.Meta(max_length=500)] = []
    cleared: Annotated[list[_Short], msgspec.Meta(max_length=500)] = []
    agree_rest: bool = False
    documentation: DocumentationStatus | None = None
    finished: bool | None = None
    seconds: _Seconds = 0


class SentCode(msgspec.Struct, forbid_unknown_fields=True):
    """One code of a blind coding as the page sends it."""

    code_system: _Short
    code: _Short
    modifiers: _Short = ""
    units: Annotated[int, msgspec.Meta(ge=1, le=999_999)] | None = None


class SentCoding(msgspec.Struct, forbid_unknown_fields=True):
    """A whole blind coding."""

    codes: list[SentCode]
    lock: bool = False
    seconds: _Seconds = 0


OpenSeat = Callable[..., Seat]
Told = Callable[[], dict[str, object]]
Found = tuple[CodeFinding, ...] | None
Standing = Callable[[Visit, Session, Seat, Found], Told]
"""Reads how a case stands, and gives back what writes it: nothing is written while a transaction is open.

It gets the findings where those are known from having recorded them.
"""


def change(visit: Visit) -> Response:
    """Apply one change; 409 with the codes as they stand now when somebody else was faster."""
    return take(visit, case_access.open_seat, _reviewed)


def take(visit: Visit, open_seat: OpenSeat, standing: Standing) -> Response:
    """Apply the change that was sent to a person's seat at the case, and answer with how the case stands."""
    sent = visit.decoded(SentChange)
    seat: Seat | None
    found: Found = None
    try:
        with visit.database.write() as session:
            seat = open_seat(session, visit.number("case"), visit.me, lock=True)
            done = case_changes.apply(session, seat, _change(sent), by=visit.me.name, at=visit.at)
        found = done.standing
        told: dict[str, object] = {"revision_after": done.revision, "saved": pages.clock(visit, done.applied_at)}
        status = HTTPStatus.OK
    except Conflict as conflict:
        told, status = {"error": str(conflict)}, HTTPStatus(conflict.http_status)
        seat = None
    with visit.database.glance() as session:
        if seat is None:
            seat = open_seat(session, visit.number("case"), visit.me)
        else:
            session.add_all([seat.case, seat.work])  # as they were committed: nothing of them is read again
        as_it_stands = standing(visit, session, seat, found)
    return JSONResponse(told | as_it_stands(), status_code=status)


def blind(visit: Visit) -> Response:
    """Keep a blind coding, or lock it."""
    sent = visit.decoded(SentCoding)
    codes = tuple(_code(each) for each in sent.codes if each.code.strip())
    with visit.database.write() as session:
        seat = case_access.open_seat(session, visit.number("case"), visit.me, lock=True)
        keep = blind_coding.lock if sent.lock else blind_coding.save
        kept = keep(session, seat, codes, by=visit.me.name, at=visit.at)
        review_times.add(seat, sent.seconds)
    return JSONResponse({"saved": pages.clock(visit, visit.at), "locked": kept.locked})


def state_of(shown: CodesInHand, html: str, onward: str) -> dict[str, object]:
    """A case as the page's script takes it."""
    return {
        "revision": shown.revision,
        "done": shown.review_status is ReviewStatus.DONE,
        "documentation": shown.documentation_status,
        "codes": html,
        "next": onward,
    }


def _reviewed(visit: Visit, session: Session, seat: Seat, found: Found) -> Told:
    shown = review_queue.codes_in_hand(session, seat, standing=found)
    titles = review.terms(session, shown, editions.imported(session))
    onward = _onward(visit, session, seat)

    def told() -> dict[str, object]:
        html = pages.fragment(visit, "review/codes.html", rows=case_rows.rows(shown, titles))
        return state_of(shown, html, onward)

    return told


def _onward(visit: Visit, session: Session, seat: Seat) -> str:
    """Where to go from a case: which one comes next is looked for when it is done, not at every keystroke."""
    if seat.work.review_status is not ReviewStatus.DONE:
        return f"/review/next?after={seat.case.id}"
    following = waiting_reviews.following(session, seat.case, by=visit.me.name)
    return f"/cases/{following}" if following else "/review"


def _change(sent: SentChange) -> Change:
    return Change(
        key=sent.key,
        revision=sent.revision,
        judged=tuple(_judged(each) for each in sent.judged),
        cleared=tuple(sent.cleared),
        agree_rest=sent.agree_rest,
        documentation=sent.documentation,
        finished=sent.finished,
        seconds=sent.seconds,
    )


def _judged(sent: SentVerdict) -> Judged:
    system = (sent.code_system or "").strip().upper()
    try:
        verdict = Verdict(
            outcome=sent.outcome,
            line=sent.line,
            code_system=system,
            correct_code=review_cells.code((sent.correct_code or "").strip(), system),
            correct_modifiers=review_cells.modifiers((sent.correct_modifiers or "").strip()),
            correct_units=sent.correct_units,
            correct_sequence=sent.correct_sequence,
            correct_allowed_cents=review_cells.cents((sent.correct_allowed or "").strip()),
        )
    except BadCell as error:
        raise BadInput(str(error)) from error
    why = Why(
        error_type=sent.error_type,
        severity=sent.severity,
        root_cause=sent.root_cause,
        citation=sent.citation,
        ruling=sent.ruling,
        rationale=sent.rationale,
    )
    return Judged(verdict=verdict, why=why)


def _code(sent: SentCode) -> BlindCode:
    system = sent.code_system.strip().upper()
    try:
        code = review_cells.code(sent.code.strip(), system)
        modifiers = review_cells.modifiers(sent.modifiers.strip())
    except BadCell as error:
        raise BadInput(str(error)) from error
    return BlindCode(code_system=system, code=code or "", modifiers=modifiers or (), units=sent.units)
