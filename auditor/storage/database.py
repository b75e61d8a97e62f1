"""Opens our own database, and gives out sessions: one to read, one to change something and commit once."""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, literal, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from auditor.errors import BadInput, Unavailable
from auditor.storage import history, tables  # noqa: F401  (every session writes the log; keys lead to every table)
from auditor.storage.journal import Journal
from auditor.storage.lasting import LASTING
from auditor.storage.practice_days import ZONE

_BEGIN = "auditor_begin"
_BUSY_MILLISECONDS = 30_000
_PAGES, _MOST_PAGES = 1_000, 20_000  # of 4 KB, in SQLite's journal before a commit carries them over
CONNECTIONS = 16
"""How many connections a process keeps open: as many as it has threads that answer. More are opened when wanted.

The one that was used last is used next: PostgreSQL knows for each by itself what its tables and questions are.
"""
_ASKED_BEFORE_PREPARED = 1


class Turn(Protocol):
    """A lock that is waited for at most so many seconds."""

    def acquire(self, *, timeout: float) -> bool:
        """True when it is ours."""
        ...

    def release(self) -> None:
        """Let the next one have it."""
        ...


class Database:
    """Our tables, wherever they are. `key` (32 bytes) encrypts what must not lie open at rest.

    `link_key`, derived from it, signs the links that mails carry. By `time_zone` its sessions know which day it is
    where the practice is (`practice_days`).
    """

    def __init__(self, url: str, *, key: bytes, time_zone: str = "UTC") -> None:
        self.url = url
        self.time_zone = time_zone
        self._pages_before_checkpoint = _PAGES
        self._lasting: dict[str, Any] = {}
        self.engine = _open(url)
        file, on_sqlite = _sqlite_file(self.engine), self.engine.dialect.name == "sqlite"
        self._journal = Journal(file) if file else None
        self._glancing = (
            self.engine if on_sqlite else _open(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        )
        writing = _open(url) if file else self.engine
        self._reading = self.engine if on_sqlite else self.engine.execution_options(postgresql_readonly=True)
        if on_sqlite:
            _prepare_sqlite(self.engine, "FULL", lambda: self._pages_before_checkpoint)
        if file:
            _prepare_sqlite(writing, "NORMAL", lambda: self._pages_before_checkpoint)  # `write` itself does the rest
        if not on_sqlite:
            event.listen(self._glancing, "connect", _plan_once)
        self._engines = (self.engine, self._glancing, writing)
        for engine in self._engines:
            engine.dialect.auditor_cipher = AESGCM(key)  # type: ignore[attr-defined]
        self._writing = writing.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self.link_key = hmac.digest(key, b"signed links", "sha256")
        self._turn: Turn | None = Lock() if on_sqlite else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that changes nothing; PostgreSQL refuses to write in it."""
        with self._session(self._reading) as session:
            yield session
            if self._reading is not self.engine and session.in_transaction():
                session.connection().commit()  # after a rollback psycopg forgets all that it has prepared

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """A session for a few quick questions, each of which sees what is committed when it is asked.

        On PostgreSQL it needs no journey to begin and to end, and cannot stream. It never writes.
        """
        with self._session(self._glancing, autoflush=False) as session:
            yield session

    @contextmanager
    def jot(self) -> Iterator[Session]:
        """A session for one row that stands by itself: it is committed with its statement, past the ORM.

        On PostgreSQL it needs no journey to begin and to end.
        """
        with self._session(self._glancing) if self._glancing is not self.engine else self.write() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends, and undoes everything when it fails.

        What was committed is on the disk when this returns. On SQLite others write already while it gets there.
        """
        with self._turn_to_write(), self._session(self._writing) as session, session.begin():
            yield session
        if self._journal is not None:
            self._journal.sync()

    def answers(self) -> bool:
        """True when the database answers; else Unavailable is raised."""
        with self.read() as session:
            return session.scalar(select(literal(1))) == 1

    def leave_checkpoints(self) -> None:
        """On SQLite let no commit carry the journal over, for whoever calls `checkpoint` from time to time.

        What is committed is safe in the journal. Where nobody calls, it is carried over when it has grown large.
        """
        self._pages_before_checkpoint = _MOST_PAGES
        self.close()

    def take_turns(self, turn: Turn) -> None:
        """On SQLite let the writers of several processes wait in one line: for a lock that all of them have."""
        if self._turn is not None:
            self._turn = turn

    def checkpoint(self) -> None:
        """On SQLite carry over what the journal holds into the database, as far as that disturbs nobody."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Give back every connection."""
        for engine in self._engines:
            engine.dispose()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """On SQLite the threads of a process wait in a line: SQLite makes those who wait sleep longer and longer.

        Other processes wait inside SQLite, as do those whose turn here does not come.
        """
        turn = self._turn
        mine = turn is not None and turn.acquire(timeout=_BUSY_MILLISECONDS / 1000)
        try:
            yield
        finally:
            if mine and turn is not None:
                turn.release()

    @contextmanager
    def _session(self, engine: Engine, *, autoflush: bool = True) -> Iterator[Session]:
        try:
            known = {ZONE: ZoneInfo(self.time_zone), LASTING: self._lasting}
            with Session(engine, expire_on_commit=False, autoflush=autoflush, info=known) as session:
                yield session
        except OperationalError as error:
            raise Unavailable(
                "the Auditor database does not answer: see that it is reachable, has room and was made by"
                f" `auditor init` ({type(error.orig).__name__})"
            ) from error
        except DatabaseError as error:
            if "file is not a database" not in str(error.orig):
                raise
            raise BadInput("the file that the database URL names is no SQLite database: name another") from error


def _open(url: str, **more: Any) -> Engine:
    try:
        parsed = make_url(url)
        options: dict[str, Any] = {"pool_size": CONNECTIONS, "pool_use_lifo": True, **more}
        if parsed.get_backend_name() == "postgresql":
            options["connect_args"] = {"prepare_threshold": _ASKED_BEFORE_PREPARED}
        if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
            options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        engine = create_engine(parsed, **options)
    except (ArgumentError, ModuleNotFoundError, DBAPIError) as error:
        raise BadInput("the database URL cannot be read: write sqlite:///FILE or postgresql+psycopg://...") from error
    return engine


def _sqlite_file(engine: Engine) -> Path | None:
    """The file of an SQLite database that is in a file."""
    name = engine.url.database
    in_a_file = engine.dialect.name == "sqlite" and name not in (None, "", ":memory:")
    return Path(str(name)) if in_a_file else None


def _plan_once(connection: Any, _record: object) -> None:
    """Have PostgreSQL keep the plan of a question: for some it makes a new one each time, in half of their time."""
    before, connection.autocommit = connection.autocommit, True
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.autocommit = before


def _prepare_sqlite(engine: Engine, synchronous: str, pages_before_checkpoint: Callable[[], int]) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, so that a writer can queue for its turn
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            f"wal_autocheckpoint={pages_before_checkpoint()}",
            f"busy_timeout={_BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
