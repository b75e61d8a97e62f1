"""Puts many rows into a table with the driver's own means, in values as the engine keeps them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Dialect, Table, text
from sqlalchemy.orm import Session

from auditor.storage.base import Base
from auditor.storage.types import Moment

_BATCH = 20_000


def table_of(kind: type[Base]) -> Table:
    """The table of a model."""
    return Base.metadata.tables[kind.__tablename__]


def kept(table: Table, values: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Values as the engine keeps them: JSON as text, enumerations as their values, secrets encrypted."""
    kept = {}
    for name, value in values.items():
        process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        kept[name] = process(value) if process else value
    return kept


def insert(session: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows of kept values with the driver's own means: COPY on PostgreSQL, many at once on SQLite."""
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return 0
    columns = list(first)
    moments = _moments(table, columns, session.get_bind().dialect)
    driver: Any = session.connection().connection.driver_connection
    values = (_values(row, columns, moments) for row in _with(first, source))
    if session.get_bind().dialect.name == "postgresql":
        count = 0
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
                count += 1
        return count
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    count = 0
    while batch := list(islice(values, _BATCH)):
        driver.executemany(statement, batch)
        count += len(batch)
    return count


def _moments(table: Table, columns: Sequence[str], dialect: Dialect) -> dict[str, Any]:
    """How moments, which may come as they are, are kept."""
    found: dict[str, Any] = {}
    for name in columns:
        if isinstance(table.columns[name].type, Moment):
            process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
            found[name] = process or (lambda value: value)
    return found


def _values(row: Mapping[str, Any], columns: Sequence[str], moments: Mapping[str, Any]) -> list[Any]:
    return [moments[name](row[name]) if isinstance(row[name], datetime) else row[name] for name in columns]


def _with(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def count_on(session: Session, tables: Sequence[Table]) -> None:
    """Let the engine's own numbering go on after rows that came with numbers."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        name = table.name
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
