"""Finds codes by their beginning or by words of their titles, in the editions that are in force on a day.

CPT has no titles here (they are the American Medical Association's): its codes are found by number, from the fee
schedule.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from auditor.domain.codes import normal_code, written_code
from auditor.guidelines.tables import CODE_SYSTEMS, CodeState, Coverage, GuidelineKind
from auditor.services.guidelines.code_rows import Found, rows_of
from auditor.services.guidelines.code_terms import terms_of
from auditor.services.guidelines.editions import InForce, imported, in_force, label
from auditor.storage.guidelines import Edition, FeeScheduleRow, ListedCode

_SYSTEMS = {kind: system for system, kind in CODE_SYSTEMS.items()}
_PROCEDURES = ("CPT", "HCPCS")
_LAST = "\uffff"
_LEAST_WORD = 2
_MOST_WORDS = 6


@dataclass(frozen=True, kw_only=True)
class FoundCode:
    """A code of a list: as people write it, what it means, and what its edition says of it on the day."""

    code_system: str
    code: str
    title: str | None
    state: CodeState | None
    edition: str


@dataclass(frozen=True, kw_only=True)
class CodeQuestion:
    """What was typed, and for which day; `system` narrows to one code system, CPT and HCPCS being one."""

    text: str
    on: date
    system: str | None = None
    most: int = 12


@dataclass(frozen=True, kw_only=True)
class CodeAnswer:
    """The codes found, and the lists that were looked into: none of them means that none is imported for that day."""

    codes: tuple[FoundCode, ...]
    editions: tuple[str, ...]


def search(session: Session, question: CodeQuestion) -> CodeAnswer:
    """Codes that begin with what was typed, then codes whose titles hold every word of it.

    What stands at the beginning of a code and has a digit is a code, and is not looked for in titles.
    """
    lists = [one for one in _lists(imported(session), question.on) if _is_asked(one, question.system)]
    editions = tuple(label(one.edition) for one in lists)
    words = question.text.split()[:_MOST_WORDS]
    if not words or max(map(len, words)) < _LEAST_WORD:
        return CodeAnswer(codes=(), editions=editions)
    found: dict[tuple[str, str], FoundCode] = {}
    beginning = normal_code(question.text)
    for one in lists:
        for each in _by_beginning(session, one, beginning, question):
            found.setdefault((each.code_system, each.code), each)
    is_code = bool(found) and any(sign.isdigit() for sign in beginning)
    for one in lists:
        if not is_code and len(found) < question.most and one.edition.kind in _SYSTEMS:
            for each in _by_words(session, one, words, question):
                found.setdefault((each.code_system, each.code), each)
    return CodeAnswer(codes=tuple(found.values())[: question.most], editions=editions)


def known(
    session: Session, codes: Collection[tuple[str, str]], editions: Sequence[Edition], *, on: date
) -> Mapping[tuple[str, str], FoundCode]:
    """What the lists in force on a day say of these (system, code), by the same key; unknown ones are left out."""
    listed = [one for one in in_force(editions) if one.edition.kind in _SYSTEMS]  # the question of `lookup.tables`
    asked = {(system, normal_code(code)): code for system, code in codes}
    found: dict[tuple[str, str], FoundCode] = {}
    rows = rows_of(session, ListedCode, listed, {code for _, code in asked})
    for one, row in sorted(_on(rows, on), key=lambda each: each[0].edition.coverage is Coverage.CHANGES):
        system = _SYSTEMS[one.edition.kind]
        if (system, row.code) in asked:
            found.setdefault((system, asked[system, row.code]), _found(row, one, on))
    return found


def _on(rows: Iterable[Found], on: date) -> Iterator[Found]:
    """What stands in the lists that are asked on a day."""
    return (found for found in rows if found[0].first_on <= on <= found[0].last_on)


def _lists(editions: Sequence[Edition], on: date) -> list[InForce]:
    """The lists of codes in force on a day, those of changes last."""
    kinds = {*_SYSTEMS, GuidelineKind.PFS}
    of_kind = [one for one in in_force(editions) if one.edition.kind in kinds]
    asked = [one for one in of_kind if one.first_on <= on <= one.last_on]
    return sorted(asked, key=lambda one: one.edition.coverage is Coverage.CHANGES)


def _is_asked(one: InForce, system: str | None) -> bool:
    if system is None:
        return True
    if one.edition.kind is GuidelineKind.PFS:
        return system in _PROCEDURES
    own = _SYSTEMS[one.edition.kind]
    return own == system or {own, system} <= set(_PROCEDURES)


def _of(one: InForce) -> Select[ListedCode]:
    return select(ListedCode).where(ListedCode.edition_id == one.edition.id)


def _by_beginning(session: Session, one: InForce, beginning: str, question: CodeQuestion) -> Sequence[FoundCode]:
    if one.edition.kind is GuidelineKind.PFS:
        return _fees(session, one, beginning, question)
    within = _begins(ListedCode.code, beginning)
    rows = session.scalars(_of(one).where(*within).order_by(ListedCode.code).limit(question.most))
    return [_found(row, one, question.on) for row in rows]


def _begins(column: InstrumentedAttribute[str], beginning: str) -> tuple[ColumnElement[bool], ...]:
    """A range of the index, which every engine takes, where `LIKE` depends on its collation."""
    return column >= beginning, column < beginning + _LAST


def _by_words(session: Session, one: InForce, words: Sequence[str], question: CodeQuestion) -> Sequence[FoundCode]:
    title, looked_for = _small(session, ListedCode.title), [word.lower() for word in words]
    holds = [title.contains(word, autoescape=True) for word in looked_for]
    starts = title.startswith(looked_for[0], autoescape=True)
    rows = session.scalars(_of(one).where(*holds).order_by(starts.desc(), ListedCode.code).limit(question.most))
    return [_found(row, one, question.on) for row in rows]


def _small(session: Session, text: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """A text in small letters. PostgreSQL knows those of every language, and takes twice as long for that."""
    is_quick = session.get_bind().dialect.name != "postgresql"
    return func.lower(text if is_quick else text.collate("C"))


def _fees(session: Session, one: InForce, beginning: str, question: CodeQuestion) -> Sequence[FoundCode]:
    """Procedure codes of the fee schedule that begin with digits: CPT has no other list here."""
    if not beginning[:1].isdigit():
        return []
    rows = session.scalars(
        select(FeeScheduleRow.code)
        .where(FeeScheduleRow.edition_id == one.edition.id, *_begins(FeeScheduleRow.code, beginning))
        .distinct()
        .order_by(FeeScheduleRow.code)
        .limit(question.most)
    )
    edition = label(one.edition)
    return [FoundCode(code_system="CPT", code=code, title=None, state=None, edition=edition) for code in rows]


def _found(row: ListedCode, one: InForce, on: date) -> FoundCode:
    system = _SYSTEMS[one.edition.kind]
    state = next((term.state for term in terms_of(row, one) if term.holds(on)), None)
    return FoundCode(
        code_system=system,
        code=written_code(system, row.code),
        title=row.title,
        state=state,
        edition=label(one.edition),
    )
