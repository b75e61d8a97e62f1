"""Codings made blind: the reviewer's own codes, written down and locked before those of the claim are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auditor.domain.audits import INDEPENDENT, ReviewPass
from auditor.domain.chain import digest
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict
from auditor.services import audits
from auditor.services.seats import Seat
from auditor.services.shapes import described
from auditor.storage import history
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import BlindCoding

_MOST_CODES = 100


@dataclass(frozen=True, kw_only=True)
class BlindCode:
    """One code as the reviewer would have coded it."""

    code_system: str
    code: str
    modifiers: tuple[str, ...] = ()
    units: int | None = None


@dataclass(frozen=True, kw_only=True)
class Coding:
    """What was written down so far; `locked` once it cannot be changed any more."""

    codes: tuple[BlindCode, ...]
    coded_by: str | None
    saved_at: datetime | None
    locked: bool


NOTHING = Coding(codes=(), coded_by=None, saved_at=None, locked=False)


def of_seat(session: Session, seat: Seat) -> Coding:
    """The blind coding of a reviewer as it stands."""
    row = session.get(BlindCoding, (seat.case.id, seat.review_pass))
    return NOTHING if row is None else _coding(row)


def of_audit(session: Session, audit_id: int, review_pass: ReviewPass) -> dict[int, Coding]:
    """The blind codings of the first, or the second, reviews of an audit, by case."""
    question = select(BlindCoding).join(AuditCase).where(AuditCase.audit_id == audit_id)
    of_pass = question.where(BlindCoding.review_pass == review_pass)
    return {row.case_id: _coding(row) for row in session.scalars(of_pass)}


def _coding(row: BlindCoding) -> Coding:
    return Coding(
        codes=msgspec.convert(row.codes, described(tuple[BlindCode, ...])),
        coded_by=row.coded_by,
        saved_at=row.saved_at,
        locked=row.locked_at is not None,
    )


def hides(session: Session, seat: Seat) -> bool:
    """Whether the codes of this case must not be shown yet."""
    codes_first = seat.case.blind and seat.review_pass in INDEPENDENT
    return codes_first and not of_seat(session, seat).locked


def save(session: Session, seat: Seat, codes: Sequence[BlindCode], *, by: str, at: datetime) -> Coding:
    """Keep what was written down so far, whole; Conflict when it is locked or somebody else's."""
    case = seat.case
    if not case.blind:
        raise Conflict(f"case {case.number} is not coded blind: reload the page")
    if len(codes) > _MOST_CODES:
        raise BadInput(f"a case takes at most {_MOST_CODES} codes: look for one that was entered twice")
    row = session.get(BlindCoding, (case.id, seat.review_pass), with_for_update=True)
    if row is not None and row.locked_at is not None:
        raise Conflict(f"the blind coding of case {case.number} is locked: reload the page")
    if row is not None and row.coded_by != by:
        raise Conflict(f"case {case.number} is being coded by someone else: take another one")
    written: list[dict[str, Any]] = [msgspec.to_builtins(code) for code in codes]
    if row is None:
        row = BlindCoding(case_id=case.id, review_pass=seat.review_pass, coded_by=by, locked_at=None)
        session.add(row)
    row.codes, row.saved_at = written, at
    session.flush()
    return of_seat(session, seat)


def forget(session: Session, case_ids: Sequence[int], review_pass: ReviewPass) -> None:
    """Drop codings that are not locked, of reviews that are somebody else's now: each writes down their own."""
    unlocked = delete(BlindCoding).where(BlindCoding.review_pass == review_pass, BlindCoding.locked_at.is_(None))
    session.execute(unlocked.where(BlindCoding.case_id.in_(case_ids)))


def lock(session: Session, seat: Seat, codes: Sequence[BlindCode], *, by: str, at: datetime) -> Coding:
    """Keep the coding for good; from now on the codes of the claim are shown. One event, with its digest."""
    audits.hold_for_review(session, seat.case.audit_id)
    if not codes:
        raise BadInput("nothing is coded yet: write down the codes that you see documented, then lock them")
    save(session, seat, codes, by=by, at=at)
    case, row = seat.case, session.get_one(BlindCoding, (seat.case.id, seat.review_pass))
    row.locked_at = at
    session.flush()
    body = {
        "audit": case.audit_id,
        "case": case.id,
        "review_pass": seat.review_pass,
        "codes": len(codes),
        "codes_sha256": digest(row.codes),
    }
    history.record(session, Event(kind=EventKind.CASE_BLIND_CODED, by=by, body=body), at=at)
    return of_seat(session, seat)
