"""The rows of editions for some codes: one question for all editions where the codes are few, as on a case page.

A practice has imported dozens of editions, and a page that asked each of them would ask dozens of questions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from auditor.services.guidelines.editions import InForce
from auditor.storage import asking
from auditor.storage.base import Base
from auditor.storage.guidelines import ListedCode, PtpGroup
from auditor.storage.lasting import lasting

_FEW = 32
_BATCH = 2_000
_ASK_FOR = 10_000  # more codes than this, and the whole edition is read through
_REMEMBERED, _MOST_REMEMBERED = "listed codes", 100

_Rows = Mapping[int, Sequence[Any]]
Found = tuple[InForce, Any]
"""An edition, and a row of it with the columns of its table."""


def rows_of(
    session: Session, model: type[Base], editions: Sequence[InForce], codes: Collection[str]
) -> Iterator[Found]:
    """The rows of these codes, edition by edition, a batch in memory at a time."""
    if not editions or not codes:
        return
    ordered = sorted(codes)
    if len(ordered) <= _FEW:
        ask = _remembered if model is ListedCode else _few_rows
        rows = ask(session, model, tuple(one.edition.id for one in editions), tuple(ordered))
        yield from ((one, row) for one in editions for row in rows.get(one.edition.id, ()))
        return
    for one in editions:
        yield from ((one, row) for row in _many_rows(session, model, one.edition.id, ordered))


def _remembered(session: Session, model: type[Base], edition_ids: tuple[int, ...], codes: tuple[str, ...]) -> _Rows:
    """The same, asked once for a case and its saves: an edition never changes.

    For code lists alone, whose rows are short: the pairs of some codes over years of editions are megabytes.
    """
    kept: dict[object, _Rows] = lasting(session).setdefault(_REMEMBERED, {})
    key = edition_ids, codes
    found = kept.get(key)
    if found is None:
        if len(kept) >= _MOST_REMEMBERED:
            kept.clear()
        found = kept[key] = _few_rows(session, model, edition_ids, codes)
    return found


def _few_rows(session: Session, model: type[Base], edition_ids: tuple[int, ...], codes: tuple[str, ...]) -> _Rows:
    """The rows of a few codes, by edition."""
    named: dict[str, object] = {f"edition_{place}": each for place, each in enumerate(edition_ids)}
    named |= {f"code_{place}": codes[min(place, len(codes) - 1)] for place in range(_FEW)}
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in asking.rows(session, _few(model, len(edition_ids)), named):
        found[row.edition_id].append(row)
    return found


@cache
def _few(model: type[Base], editions: int) -> Select[*tuple[Any, ...]]:
    table = Base.metadata.tables[model.__tablename__]
    of_editions: list[BindParameter[int]] = [bindparam(f"edition_{place}") for place in range(editions)]
    codes: list[BindParameter[str]] = [bindparam(f"code_{place}") for place in range(_FEW)]
    return select(table).where(table.c.edition_id.in_(of_editions), _code(table).in_(codes)).order_by(table.c.id)


def _many_rows(session: Session, model: type[Base], edition_id: int, codes: Sequence[str]) -> Iterator[Any]:
    table = Base.metadata.tables[model.__tablename__]
    every = select(table).where(table.c.edition_id == edition_id)
    chunks = [codes[start : start + _BATCH] for start in range(0, len(codes), _BATCH)]
    of_codes = _code(table)
    questions = [every] if len(codes) > _ASK_FOR else [every.where(of_codes.in_(chunk)) for chunk in chunks]
    for question in questions:
        yield from session.execute(question.execution_options(yield_per=_BATCH) if len(codes) > _BATCH else question)


def _code(table: Table) -> Any:
    return table.c["column1" if table.name == PtpGroup.__tablename__ else "code"]
