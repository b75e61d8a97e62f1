"""One read-only connection to a claims database, by URL. Knows engines, no claims.

`${NAME}` in a URL stands for a value of the environment that is handed in; passwords are never kept or shown.
"""

import os
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, exc, make_url

from auditor.errors import BadInput, Conflict, Unavailable
from auditor.sources.folder import create_views, fingerprint
from auditor.sources.sqlite_functions import register_sqlite_functions

FOLDER = "duckdb-folder"  # SQLAlchemy allows no hyphen in a scheme, and is given duckdb+folder
DUCKDB_MEGABYTES_A_THREAD = 64  # beyond it DuckDB writes to a private folder: memory does not grow with the frame
SPARING_MEGABYTES_A_THREAD = 32  # for counting span by span, beside all that a night holds already

_NO_SQLITE_FILE = "file is not a database"
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_POSTGRES = {"postgres", "postgresql"}


@dataclass(kw_only=True)
class Opened:
    """An open connection, how errors name its source, and what has to be put away in the end."""

    connection: Connection
    place: str
    put_away: ExitStack
    folder: Path | None = None
    files: tuple[tuple[str, int, int], ...] = field(default=())

    def close(self) -> None:
        """Let go of the connection and of whatever was made for it."""
        self.put_away.close()

    def refuse_change(self) -> None:
        """Files know no transaction: refuse an answer during which one of them changed."""
        if self.folder is not None and fingerprint(self.folder) != self.files:
            raise Conflict(f"files of {self.place} changed while they were read: run it again when they are at rest")


def connect(url: str, *, environment: Mapping[str, str], megabytes: int = DUCKDB_MEGABYTES_A_THREAD) -> Opened:
    """One read-only connection, in one transaction that sees one state of the source.

    `megabytes` a thread is what DuckDB may hold, where it is the engine.
    """
    parsed = _parsed(_expanded(url, environment))
    place = _place(parsed)
    with ExitStack() as failing:
        put_away = failing.enter_context(ExitStack())
        folder = _folder(parsed)
        engine = _engine(parsed, put_away, megabytes)
        put_away.callback(engine.dispose)
        connection = _connected(engine, place)
        put_away.callback(connection.close)
        opened = Opened(connection=connection, place=place, put_away=put_away, folder=folder)
        if folder is not None:
            _serve_folder(opened, folder)
        failing.pop_all()
        return opened


def _connected(engine: Engine, place: str) -> Connection:
    try:
        connection = engine.connect()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA schema_version")  # reads the file's head: is it what it is named as?
        return connection
    except exc.DBAPIError as error:
        reason = str(error.orig).strip().split("\n")[0]
        if reason == _NO_SQLITE_FILE:
            raise BadInput(
                f"{place} is no SQLite file: name one, or the engine that wrote it (duckdb://, duckdb-folder://)"
            ) from error
        raise Unavailable(f"{place} cannot be opened ({reason}): see that it is there and may be read") from error


def _expanded(url: str, environment: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in environment:
            raise BadInput(f"the source's URL needs the environment variable {match[1]}: set it")
        return environment[match[1]]

    return _VARIABLE.sub(value, url)


def _parsed(url: str) -> URL:
    scheme, rest = url.partition(":")[::2]
    try:
        parsed = make_url(f"duckdb+folder:{rest}" if scheme == FOLDER else url)
    except exc.ArgumentError as error:
        raise BadInput("the source's URL cannot be read: write it like sqlite:///claims.sqlite") from error
    if parsed.drivername in _POSTGRES:
        return parsed.set(drivername="postgresql+psycopg")
    is_folder = parsed.drivername == "duckdb" and Path(parsed.database or "nowhere").is_dir()
    return parsed.set(drivername="duckdb+folder") if is_folder else parsed


def _folder(url: URL) -> Path | None:
    """The folder that a URL names, if it names one; three slashes may begin an absolute path too."""
    if url.drivername != "duckdb+folder":
        return None
    path = Path(url.database or ".")
    absolute = Path("/") / path
    return absolute if not path.is_dir() and absolute.is_dir() else path.resolve()


def _place(url: URL) -> str:
    """The source as errors name it: no user, no password, no options."""
    host = f"{url.host}:{url.port}" if url.port else (url.host or "")
    scheme = FOLDER if url.drivername == "duckdb+folder" else url.drivername.partition("+")[0]
    return f"{scheme}://{host}/{url.database or ''}"


def _engine(url: URL, put_away: ExitStack, megabytes: int) -> Engine:
    name = url.drivername.partition("+")[0]
    if name == "sqlite":
        return _sqlite(url)
    if name == "duckdb":
        return _duckdb(url, put_away, megabytes)
    options: dict[str, Any] = {}
    if name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "connect_args": {"connect_timeout": 10}}
    try:
        engine = create_engine(url, poolclass=NullPool, **options)
    except (exc.NoSuchModuleError, ImportError) as error:
        raise BadInput(f"no driver for {url.drivername} is installed: install its SQLAlchemy package") from error
    if name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "").resolve()
    if not path.is_file():
        raise BadInput(f"there is no SQLite database {path}: name the file that holds the claims")
    engine = create_engine(f"sqlite:///file:{quote(str(path))}?mode=ro&uri=true", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _: object) -> None:
        dbapi_connection.isolation_level = None  # the driver would begin no transaction for a SELECT
        register_sqlite_functions(dbapi_connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _duckdb(url: URL, put_away: ExitStack, megabytes: int) -> Engine:
    spill = put_away.enter_context(TemporaryDirectory(prefix="auditor-"))
    limit = megabytes * max(2, os.cpu_count() or 2)
    config: dict[str, object] = {"memory_limit": f"{limit}MB", "temp_directory": spill}
    config["preserve_insertion_order"] = False
    if _folder(url) is not None:
        return create_engine("duckdb:///:memory:", poolclass=NullPool, connect_args={"config": config})
    path = Path(url.database or "").resolve()
    if not path.is_file():
        raise BadInput(f"there is no DuckDB database {path}: name the file that holds the claims")
    arguments = {"read_only": True, "config": config}
    return create_engine(f"duckdb:///{path}", poolclass=NullPool, connect_args=arguments)


def _serve_folder(opened: Opened, folder: Path) -> None:
    """Views over the folder's files; from then on the connection can open nothing else."""
    try:
        create_views(opened.connection, folder)
        for setting in (
            f"allowed_directories = ['{str(folder).replace(chr(39), chr(39) * 2)}']",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            opened.connection.exec_driver_sql(f"SET {setting}")
        opened.connection.commit()
    except exc.DBAPIError as error:
        reason = str(error.orig).strip().split("\n")[0]
        raise BadInput(f"{opened.place} holds a file that cannot be read ({reason}): mend or move it") from error
    opened.files = fingerprint(folder)


def _prepare_postgresql(dbapi_connection: Any, _: object) -> None:
    """Read-only by the server's own rule, and dates as text in one form whatever the server's settings."""
    with dbapi_connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute("SET DateStyle = 'ISO'")
    dbapi_connection.commit()
