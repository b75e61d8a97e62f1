"""Many plain rows into one table within the session's transaction: COPY on PostgreSQL, batches elsewhere."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

BATCH = 5_000


def insert(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of plain values in the order of `columns`; how many there were. Memory stays at one batch."""
    if session.get_bind().dialect.name == "postgresql":
        return _copied(session, table, columns, rows)
    statement = table.insert()
    source, count = iter(rows), 0
    while batch := list(islice(source, BATCH)):
        session.execute(statement, [dict(zip(columns, row, strict=True)) for row in batch])
        count += len(batch)
    return count


def _copied(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise ValueError("the session has no connection")
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
