"""Asks for and writes plain columns past the ORM, whose own way takes longer than most of what a page asks."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Insert, Result, Select
from sqlalchemy.orm import Session

Kind = TypeVar("Kind")


def rows(
    session: Session, question: Select[*tuple[Any, ...]], asked: Mapping[str, object]
) -> Result[*tuple[Any, ...]]:
    """The rows of a question for columns alone; what waits to be written is written first, as the ORM does."""
    session.flush()
    return session.connection().execute(question, asked)


def value(session: Session, question: "Select[Kind]", asked: Mapping[str, object]) -> Kind | None:
    """The first column of the first row of such a question; None without a row."""
    found: Kind | None = rows(session, question, asked).scalar()
    return found


def insert(session: Session, statement: Insert, written: Sequence[Mapping[str, object]]) -> None:
    """Write rows of a table; what waits to be written is written first. One row is sent without the way of many."""
    session.flush()
    if written:
        session.connection().execute(statement, written[0] if len(written) == 1 else list(written))
