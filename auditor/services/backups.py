"""Copies of our own SQLite database, made while it is in use; PostgreSQL has tools of its own for that."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine

from auditor.errors import BadInput, Conflict
from auditor.storage import migration
from auditor.storage.database import Database


def backup(database: Database, target: Path) -> int:
    """Copy the database into a new file and check the copy; gives its bytes."""
    source = _file(database, "pg_dump --format=custom --file FILE DATABASE")
    if target.exists():
        raise Conflict(f"{target} exists already: name a new file, a backup overwrites nothing")
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, target)
    problems = integrity_problems(target)
    if problems:
        target.unlink()
        raise Conflict(f"the copy is not sound ({problems[0]}), and was removed: run `auditor db check`")
    return target.stat().st_size


def restore(database: Database, source: Path, *, at: datetime) -> Path:
    """Put a backup in the place of the database; what was there before is kept in the file whose path is given."""
    target = _file(database, "pg_restore --clean --dbname DATABASE FILE")
    _refuse_unsound(source)
    kept = target.with_name(f"{target.name}.before-restore-{at:%Y%m%dT%H%M%SZ}")
    _copy(target, kept)
    database.close()
    _copy(source, target)
    migration.upgrade(database.engine)
    return kept


def integrity_problems(file: Path) -> list[str]:
    """What SQLite finds wrong with a file: broken pages and references; empty when it is sound."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            pages = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
            references = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [f"{file.name} cannot be read as SQLite ({error})"]
    broken = [
        f"table {table}, row {row}: refers to a row of {parent} that is not there"
        for table, row, parent, _ in references
    ]
    return [text for text in pages if text != "ok"] + broken[:10]


def sqlite_file(database: Database) -> Path | None:
    """The file of the database; None where it is not SQLite."""
    url = database.engine.url
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _file(database: Database, tool: str) -> Path:
    file = sqlite_file(database)
    if file is None:
        raise BadInput(f"this database is PostgreSQL, which copies itself: use `{tool}`")
    return file


def _refuse_unsound(source: Path) -> None:
    if not source.is_file():
        raise BadInput(f"{source} is no file: name a file that `auditor db backup` has written")
    problems = integrity_problems(source)
    if problems:
        raise BadInput(f"{source} is not sound ({problems[0]}), so nothing was restored: take another backup")
    engine: Engine = create_engine(f"sqlite:///{source}")
    with engine.connect() as connection:
        found = migration.current(connection)
        if found is not None:
            migration.check_not_newer(connection)
    engine.dispose()
    if found is None:
        raise BadInput(f"{source} is not a database of auditor, so nothing was restored")


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
