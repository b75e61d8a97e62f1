"""Our tables on both engines: migrated once, given empty to every test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from auditor.storage import migration
from auditor.storage.database import Database
from auditor.storage.tables import metadata

KEY = bytes(range(32))


def migrated(url: str) -> str:
    """Bring an empty database to the newest revision, once."""
    made = Database(url, key=KEY)
    migration.upgrade(made.engine)
    made.close()
    return url


@contextmanager
def on_sqlite(template: Path, folder: Path) -> Iterator[Database]:
    """A copy of the migrated file."""
    file = folder / "auditor.sqlite"
    shutil.copyfile(template, file)
    with _opened(f"sqlite:///{file}") as database:
        yield database


@contextmanager
def on_postgres(url: str) -> Iterator[Database]:
    """The one migrated database, emptied first."""
    with _opened(url) as database:
        tables = ", ".join(f'"{table}"' for table in metadata.tables)
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        yield database


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url, key=KEY)
    try:
        yield database
    finally:
        database.close()
