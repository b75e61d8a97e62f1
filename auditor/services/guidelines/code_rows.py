"""The rows of an edition for some codes: a question built once where they are few, as on the page of a case."""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from auditor.storage.base import Base
from auditor.storage.guidelines import PtpGroup

_FEW = 32
_BATCH = 2_000
_ASK_FOR = 10_000  # more codes than this, and the whole edition is read through


def rows_of(session: Session, model: type[Base], edition_id: int, codes: Collection[str]) -> Iterator[Any]:
    """The rows of an edition for these codes, a batch in memory at a time."""
    ordered = sorted(codes)
    if 0 < len(ordered) <= _FEW:
        named = {f"code_{place}": ordered[min(place, len(ordered) - 1)] for place in range(_FEW)}
        yield from session.execute(_few(model), {"edition_id": edition_id, **named})
        return
    table = Base.metadata.tables[model.__tablename__]
    every = select(table).where(table.c.edition_id == edition_id)
    chunks = [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
    of_codes = _code(table)
    questions = [every] if len(ordered) > _ASK_FOR else [every.where(of_codes.in_(chunk)) for chunk in chunks]
    for question in questions:
        yield from session.execute(
            question.execution_options(yield_per=_BATCH) if len(ordered) > _BATCH else question
        )


@cache
def _few(model: type[Base]) -> Select[*tuple[Any, ...]]:
    table = Base.metadata.tables[model.__tablename__]
    codes: list[BindParameter[str]] = [bindparam(f"code_{place}") for place in range(_FEW)]
    return select(table).where(table.c.edition_id == bindparam("edition_id"), _code(table).in_(codes))


def _code(table: Table) -> Any:
    return table.c["column1" if table.name == PtpGroup.__tablename__ else "code"]
