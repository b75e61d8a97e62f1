"""Claims databases for tests: the same rows in SQLite, DuckDB, PostgreSQL, Parquet and CSV."""

import csv
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from sqlalchemy import make_url

from auditor.sources.connection import ClaimsSource, open_source
from auditor.sources.mapping import load_mapping, preset

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]

FIRST_ON, LAST_ON = date(2025, 1, 1), date(2025, 12, 31)
PAYERS = ("Medicare", "Medicaid", "Aetna", None, "medicare", "Ölands sjukhus")
ARMS = ("ai", "human", "ai_assisted")

_TYPES = {int: "BIGINT", str: "VARCHAR", date: "DATE", float: "DOUBLE PRECISION"}


def claim_row(number: int = 1, **fields: Any) -> dict[str, Any]:
    """One row of a canonical claims table; different numbers differ in arm, date, payer and cents."""
    given = {
        "claim_id": f"C{number:07d}",
        "coding_source": ARMS[number % 3],
        "served_on": FIRST_ON + timedelta(days=number * 7 % 365),
        "payer": PAYERS[number * 11 % 6],
        "specialty": ("CARD", "FM", "ORTHO", "GI", "PULM")[number * 3 % 5],
        "model_version": f"3.{number % 2}" if number % 3 != 1 else None,
        "coded_on": FIRST_ON + timedelta(days=number * 7 % 365 + 1),
        "paid_cents": None if number % 97 == 0 else number * 7919 % 50_000,
    }
    return given | fields


def code_row(claim_id: str = "C0000001", code: str = "99214", **fields: Any) -> dict[str, Any]:
    """One row of a canonical codes table: a submitted visit on line 1."""
    given = {
        "claim_id": claim_id,
        "stage": "submitted",
        "sequence": 1,
        "code_system": "CPT",
        "code": code,
        "modifiers": None,
        "units": 1,
        "line_number": 1,
        "paid_cents": 12_000,
    }
    return given | fields


def population_tables(size: int = 2000) -> dict[str, Rows]:
    """Claims of a year, each with a visit on line 1 and, for every other, a procedure on line 2."""
    claims = [claim_row(number) for number in range(1, size + 1)]
    codes = []
    for number, claim in enumerate(claims, start=1):
        codes.append(code_row(claim["claim_id"], "99213" if number % 4 else "99214"))
        if number % 2:
            codes.append(code_row(claim["claim_id"], "93000", sequence=2, line_number=2, paid_cents=3_000))
    return {"claims": claims, "codes": codes}


def in_sqlite(path: Path, tables: Tables, *, typed: bool = True, ids: str | None = "claim_id") -> str:
    """A SQLite file with these tables, dates as ISO text, claim ids indexed where there are any; its URL."""
    connection = sqlite3.connect(path)
    for name, rows in _even(tables).items():
        columns = list(rows[0])
        connection.execute(f"CREATE TABLE {name} ({_typed(rows) if typed else ', '.join(columns)})")
        if ids is not None:
            connection.execute(f"CREATE INDEX {name}_by_claim ON {name} ({ids})")
        marks = ", ".join("?" * len(columns))
        values = ([_plain(row[column]) for column in columns] for row in rows)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", values)
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def in_postgresql(url: str, tables: Tables) -> str:
    """The tables, typed, in a PostgreSQL database; its URL."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        for name, rows in _even(tables).items():
            connection.execute(f"CREATE TABLE {name} ({_typed(rows)})")
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(list(row.values()))
    return url


def in_duckdb(path: Path, tables: Tables) -> str:
    """The tables, typed, in a DuckDB file; its URL."""
    with duckdb.connect(str(path)) as connection:
        _fill(connection, tables)
    return f"duckdb:///{path}"


def in_parquet(folder: Path, tables: Tables) -> str:
    """One Parquet file a table in a folder; its URL."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        _fill(connection, tables)
        for name in tables:
            connection.execute(f"COPY {name} TO '{folder}/{name}.parquet'")
    return f"duckdb-folder:///{folder}"


def in_csv(folder: Path, tables: Tables, *, delimiter: str = ",") -> str:
    """One CSV file a table in a folder; its URL."""
    folder.mkdir(exist_ok=True)
    for name, rows in _even(tables).items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(rows[0])
            writer.writerows([_plain(value) for value in row.values()] for row in rows)
    return f"duckdb-folder:///{folder}"


def opened(url: str, mapping: str | None = None, **environment: str) -> ClaimsSource:
    """A source opened under a mapping, the canonical preset where none is given."""
    return open_source(url, load_mapping(mapping or preset("canonical"), place="map.toml"), environment=environment)


def _even(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Every row with the columns of all rows of its table, so that a test writes only those that differ."""
    columns = {name: dict.fromkeys(column for row in rows for column in row) for name, rows in tables.items()}
    return {name: [{**columns[name], **row} for row in rows] for name, rows in tables.items()}


def _fill(connection: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    for name, rows in _even(tables).items():
        connection.execute(f"CREATE TABLE {name} ({_typed(rows)})")
        marks = ", ".join("?" * len(rows[0]))
        for start in range(0, len(rows), 500):
            some = rows[start : start + 500]
            values = [value for row in some for value in row.values()]
            connection.execute(f"INSERT INTO {name} VALUES {', '.join([f'({marks})'] * len(some))}", values)


def _typed(rows: Rows) -> str:
    return ", ".join(f"{name} {_type(row[name] for row in rows)}" for name in rows[0])


def _type(values: Iterable[Any]) -> str:
    return next((_TYPES[type(value)] for value in values if value is not None), "VARCHAR")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
