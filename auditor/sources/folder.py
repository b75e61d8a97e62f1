"""A folder of Parquet or CSV files as a claims database: an in-memory DuckDB with one view a table.

Each file is a table named by its stem; each sub-folder is one table whose parts are the files in it. CSV
files have a header line; every CSV column is read as text, as it is written, so that `0450` keeps its zero.
What is not Parquet or CSV is left alone.
"""

import gzip
from pathlib import Path

from sqlalchemy import Connection

from auditor.errors import BadInput

_PARQUET = (".parquet", ".parq", ".pq")
_CSV = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".psv", ".psv.gz", ".txt", ".txt.gz")
_DELIMITERS = "|\t;,"
_HEADER_BYTES = 1 << 20


def create_views(connection: Connection, folder: Path) -> list[str]:
    """Give the connection one view for each table of the folder; the names of the tables."""
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder}: give the one that holds the Parquet or CSV files")
    tables: dict[str, Path] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "_")) or not _files(entry):
            continue
        name = entry.name if entry.is_dir() else _stem(entry)
        if name.lower() in {known.lower() for known in tables}:
            raise BadInput(f"{folder} holds two tables named {name}: keep one, or move the other")
        tables[name] = entry
    if not tables:
        raise BadInput(f"{folder} holds no Parquet or CSV file: give the folder that does")
    quote = connection.dialect.identifier_preparer.quote_identifier
    for name, entry in tables.items():
        connection.exec_driver_sql(f"CREATE VIEW {quote(name)} AS SELECT * FROM {_scan(_files(entry))}")
    return list(tables)


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of change of every file: files know no transaction, so this stands in for one."""
    entries = (file for entry in sorted(folder.iterdir()) for file in _files(entry))
    return tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in entries)


def _files(entry: Path) -> list[Path]:
    if entry.is_dir():
        return sorted(file for file in entry.rglob("*") if file.is_file() and _kind(file))
    return [entry] if _kind(entry) else []


def _kind(file: Path) -> str | None:
    name = file.name.lower()
    if name.endswith(_PARQUET):
        return "parquet"
    return "csv" if name.endswith(_CSV) else None


def _stem(file: Path) -> str:
    endings = [ending for ending in (*_PARQUET, *_CSV) if file.name.lower().endswith(ending)]
    return file.name[: -len(max(endings, key=len))]


def _scan(files: list[Path]) -> str:
    kinds = {_kind(file) for file in files}
    if len(kinds) > 1:
        raise BadInput(f"{files[0].parent} mixes Parquet and CSV parts: keep one kind in a folder")
    listed = ", ".join(_literal(str(file)) for file in files)
    if kinds == {"parquet"}:
        return f"read_parquet([{listed}], union_by_name = true)"
    options = (
        f"delim = {_literal(_delimiter(files[0]))}, quote = '\"', escape = '\"', header = true, all_varchar = true"
    )
    return f"read_csv([{listed}], {options}, union_by_name = true)"


def _delimiter(file: Path) -> str:
    """The delimiter that the header line has most of."""
    with file.open("rb") as raw, gzip.open(raw) if file.suffix.lower() == ".gz" else raw as stream:
        header = stream.readline(_HEADER_BYTES).decode("utf-8", errors="replace")
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), mark == ","))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
