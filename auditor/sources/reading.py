"""One connection to a claims database: rows come out, and failures come out as sentences. Knows no claims.

Everything read through one `Reader` is read in one transaction, so frame and draw see the same claims.
Values of the source never stand in an error: they could identify a patient.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ClauseElement, Connection, Executable, Row, Select, TextClause, exc, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from auditor.errors import AuditorError, BadInput, Unavailable

_SQLITE_REFUSALS = ("no such", "near ", "ambiguous", "unrecognized", "wrong number", "misuse", "row value")
_TEXT_OIDS = {25, 1042, 1043}  # text, bpchar, varchar of PostgreSQL


BATCH = 5_000  # rows in memory while a question is streamed

_COLON = re.compile(r"(?<!:):(?=\w)")


def raw(sql: str) -> TextClause:
    """SQL that somebody wrote, taken as written: a colon in it begins no parameter."""
    return text(_COLON.sub(r"\:", sql))


class _KeptAside(Executable, ClauseElement):
    """CREATE TEMPORARY TABLE ... AS SELECT."""

    inherit_cache = False

    def __init__(self, name: str, question: Select[*tuple[Any, ...]]) -> None:
        self.name = name
        self.question = question


@compiles(_KeptAside)
def _keep(element: _KeptAside, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CREATE TEMPORARY TABLE {element.name} AS {compiler.process(element.question, **kw)}"


class Reader:
    """A connection that only reads; `place` is how errors name the source."""

    def __init__(self, connection: Connection, *, place: str) -> None:
        self.connection = connection
        self.place = place
        self._kept = 0
        self.snapshot = 0  # counts the states of the source that were looked at

    @property
    def dialect(self) -> str:
        """The engine's name, as SQLAlchemy calls it."""
        return self.connection.dialect.name

    def rows(self, question: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """All rows of a question; a source that fails is Unavailable, one that refuses it BadInput."""
        try:
            return self.connection.execute(question).all()
        except exc.DBAPIError as error:
            self._start_anew()
            raise refusal(error, place=self.place) from error

    def stream(self, question: Executable) -> Iterator[Row[*tuple[Any, ...]]]:
        """The rows of a question one after another, a batch in memory at a time."""
        try:
            yield from self.connection.execute(question, execution_options={"yield_per": BATCH})
        except exc.DBAPIError as error:
            raise refusal(error, place=self.place) from error

    def tune(self, settings: Mapping[str, str]) -> None:
        """Settings of PostgreSQL's planner, for the rest of the transaction."""
        for name, value in settings.items():
            self.connection.exec_driver_sql(f"SET LOCAL {name} = {value}")

    def keep(self, name: str, question: Select[*tuple[Any, ...]], *, indexed: str | None = None) -> str:
        """Keep the rows of a question aside for this connection, in an embedded engine; the name to ask them by.

        A temporary table of SQLite or DuckDB lives in this process and its private folder, not in the source. With
        `indexed` SQLite finds them by that column, and knows for its plans how many they are.
        """
        self._kept += 1
        named = f"auditor_{name}_{self._kept}"
        try:
            self.connection.execute(_KeptAside(named, question))
            if indexed is not None:
                self.connection.exec_driver_sql(f"CREATE INDEX temp.by_{indexed}_{self._kept} ON {named} ({indexed})")
                self.connection.exec_driver_sql(f"ANALYZE temp.{named}")
        except exc.DBAPIError as error:
            raise refusal(error, place=self.place) from error
        return named

    def columns(self, sql: str) -> dict[str, bool]:
        """The columns that a SELECT would yield, each with whether it is known to be text; reads no row."""
        try:
            result = self.connection.execute(raw(sql))
            described = result.cursor.description if result.cursor is not None else ()
            names = {str(item[0]): _is_text(item[1]) for item in described}
            result.close()
        except exc.DBAPIError as error:
            self._start_anew()
            raise refusal(error, place=self.place) from error
        return names

    def _start_anew(self) -> None:
        """A refusal ends the transaction: the next question sees a new state of the source."""
        self.snapshot += 1
        with suppress(exc.DBAPIError):
            self.connection.rollback()


def _is_text(described: object) -> bool:
    return described in _TEXT_OIDS if isinstance(described, int) else str(described) in {"VARCHAR", "STRING"}


def refusal(error: exc.DBAPIError, *, place: str) -> AuditorError:
    """What a failed question means to the user, without any value of the source."""
    reason = str(error.orig).strip().split("\n")[0].rstrip(".")
    if isinstance(error, exc.DataError):
        return BadInput(
            f"{place} holds a value that cannot be read as the type its column should have: mend the mapping"
        )
    refused_by_sqlite = isinstance(error, exc.OperationalError) and reason.startswith(_SQLITE_REFUSALS)
    if isinstance(error, exc.ProgrammingError | exc.NotSupportedError) or refused_by_sqlite:
        return BadInput(f"{place} refuses the question: {reason}")
    return Unavailable(f"{place} does not answer ({type(error.orig).__name__}): try again when it is back")
