"""Rulings: written answers that auditors follow, found by code or word, withdrawn or replaced, never changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from auditor.domain.chain import digest
from auditor.domain.codes import normal_code
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.storage import history
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.rulings import Ruling, RulingCode

LEAST_CODE = 3
_MOST_CODES = 50
_MOST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A ruling as it is written. `codes` are codes or beginnings of 3 signs or more, `replaces` an older ruling."""

    question: str
    answer: str
    codes: tuple[str, ...]
    citation: str | None = None
    case_id: int | None = None
    replaces: int | None = None


def write(session: Session, draft: Draft, *, by: str, at: datetime) -> Ruling:
    """Put a ruling on record; one that it replaces no longer holds."""
    codes = _checked(session, draft)
    made = Ruling(
        question=draft.question.strip(),
        answer=draft.answer.strip(),
        citation=(draft.citation or "").strip() or None,
        case_id=draft.case_id,
        written_by=by,
        written_at=at,
        codes=[RulingCode(code=code) for code in codes],
    )
    session.add(made)
    session.flush()
    if draft.replaces is not None:
        older = in_force(session, draft.replaces)
        older.replaced_by, older.withdrawn_at, older.withdrawn_by = made.id, at, by
    text = {"question": made.question, "answer": made.answer, "citation": made.citation}
    body = {"ruling": made.id, "codes": codes, "replaces": draft.replaces, "text_sha256": digest(text)}
    history.record(session, Event(kind=EventKind.RULING_WRITTEN, by=by, body=body), at=at)
    return made


def withdraw(session: Session, number: int, *, by: str, at: datetime) -> Ruling:
    """Take a ruling out of force; findings that followed it keep their link."""
    found = in_force(session, number)
    found.withdrawn_at, found.withdrawn_by = at, by
    history.record(session, Event(kind=EventKind.RULING_WITHDRAWN, by=by, body={"ruling": number}), at=at)
    return found


def numbered(session: Session, number: int) -> Ruling:
    """A ruling, in force or not."""
    found = session.get(Ruling, number)
    if found is None:
        raise NotFound(f"there is no ruling {number}: `auditor ruling list` shows them")
    return found


def in_force(session: Session, number: int) -> Ruling:
    """A ruling that holds; Conflict when it was withdrawn or replaced."""
    found = numbered(session, number)
    if found.replaced_by is not None:
        raise Conflict(f"ruling {number} was replaced by ruling {found.replaced_by}")
    if found.withdrawn_at is not None:
        raise Conflict(f"ruling {number} was withdrawn")
    return found


def found(session: Session, *, text: str = "", code: str = "", withdrawn: bool = False) -> list[Ruling]:
    """Rulings that hold, the newest first: those with every word of the text, and those that speak of a code."""
    question = select(Ruling).options(selectinload(Ruling.codes)).order_by(Ruling.id.desc())
    if not withdrawn:
        question = question.where(Ruling.withdrawn_at.is_(None))
    if code.strip():
        of_code = select(RulingCode.ruling_id).where(RulingCode.code.in_(_beginnings(normal_code(code))))
        question = question.where(Ruling.id.in_(of_code))
    words = text.casefold().split()
    return [each for each in session.scalars(question) if all(word in _all_text(each) for word in words)]


def on_codes(session: Session, codes: Collection[str]) -> Mapping[str, tuple[Ruling, ...]]:
    """The rulings that hold and speak of each code, by the code as it was given."""
    wanted = {code: _beginnings(normal_code(code)) for code in codes}
    question = (
        select(RulingCode.code, Ruling)
        .join(Ruling, Ruling.id == RulingCode.ruling_id)
        .where(RulingCode.code.in_({part for parts in wanted.values() for part in parts}))
        .where(Ruling.withdrawn_at.is_(None))
        .order_by(Ruling.id.desc())
    )
    by_part: dict[str, list[Ruling]] = defaultdict(list)
    for part, ruling in session.execute(question):
        by_part[part].append(ruling)
    return {
        code: tuple(dict.fromkeys(ruling for part in parts for ruling in by_part.get(part, ())))
        for code, parts in wanted.items()
    }


def times_followed(session: Session, numbers: Collection[int]) -> Mapping[int, int]:
    """How many cases have a finding that follows each ruling."""
    question = (
        select(Finding.ruling, func.count(Finding.case_id.distinct()))
        .where(Finding.ruling.in_(numbers))
        .group_by(Finding.ruling)
    )
    return {int(number or 0): count for number, count in session.execute(question)}


def _checked(session: Session, draft: Draft) -> list[str]:
    if not draft.question.strip() or not draft.answer.strip():
        raise BadInput("a ruling takes a question and an answer: write both")
    if max(len(draft.question), len(draft.answer), len(draft.citation or "")) > _MOST_TEXT:
        raise BadInput(f"a ruling has at most {_MOST_TEXT:,} signs a field: shorten it")
    codes = list(dict.fromkeys(normal_code(code) for code in draft.codes if code.strip()))
    if not codes:
        raise BadInput("a ruling takes the codes that it speaks of, so that it is at hand where they stand")
    wrong = next((code for code in codes if not (LEAST_CODE <= len(code) <= 40 and code.isalnum())), None)
    if wrong is not None or len(codes) > _MOST_CODES:
        raise BadInput(f"a ruling takes up to {_MOST_CODES} codes, or beginnings of {LEAST_CODE} signs or more")
    if draft.case_id is not None and session.get(AuditCase, draft.case_id) is None:
        raise NotFound(f"there is no case {draft.case_id}: leave the case away, or name another")
    return codes


def _beginnings(code: str) -> list[str]:
    return [code[:length] for length in range(LEAST_CODE, len(code) + 1)]


def _all_text(ruling: Ruling) -> str:
    codes = " ".join(each.code for each in ruling.codes)
    return f"{ruling.question} {ruling.answer} {ruling.citation or ''} {codes}".casefold()
