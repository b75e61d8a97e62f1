"""Sets up and opens an installation: folder, key, tables at the newest revision."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from auditor.errors import BadInput, Conflict
from auditor.services import backups, finding_ties, log
from auditor.storage import migration
from auditor.storage.database import Database

_MOST_PROBLEMS = 100
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What `check` found; sound when there are no problems."""

    database: str
    revision: str | None
    newest: str | None
    log_entries: int
    problems: tuple[str, ...]


def install(url: str, *, key_path: Path) -> Database:
    """Make what is missing (folders, key, tables) and bring an older database up to date. Safe to run again."""
    for folder in (key_path.parent, _sqlite_folder(url)):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    fresh = not key_path.exists()
    database = Database(url, key=bytes(32) if fresh else _read_key(key_path))
    with database.read() as session:  # which says so where nothing answers
        there = migration.current(session.connection()) is not None
    if fresh and there:
        raise _lost(key_path)
    if fresh:
        _write_key(key_path)
        database = Database(url, key=_read_key(key_path))
    migration.upgrade(database.engine)
    return database


def connect(url: str, *, key_path: Path, time_zone: str = "UTC") -> Database:
    """Open an installation at whatever revision it is; Conflict when there is none."""
    file = _sqlite_file(url)
    if file and not key_path.exists() and file.exists():
        raise _lost(key_path)
    if (file and not file.exists()) or not key_path.exists():
        raise Conflict("there is no Auditor database here yet: run `auditor init` first")
    return Database(url, key=_read_key(key_path), time_zone=time_zone)


def open_database(url: str, *, key_path: Path, time_zone: str = "UTC") -> Database:
    """Open an installation that `install` has made; Conflict says so when it has not, or when it is out of step."""
    database = connect(url, key_path=key_path, time_zone=time_zone)
    with database.read() as session:
        connection = session.connection()
        migration.check_not_newer(connection)
        if migration.current(connection) != migration.newest():
            raise Conflict("this database needs an upgrade before use: run `auditor init` (it keeps what is there)")
    return database


def upgrade(database: Database) -> tuple[str | None, str | None]:
    """Apply what is missing; gives the revisions before and after."""
    with database.read() as session:
        before = migration.current(session.connection())
    migration.upgrade(database.engine)
    return before, migration.newest()


def check(url: str, *, key_path: Path) -> Checked:
    """Pages, references, revision and event log, all read; changes nothing."""
    database = connect(url, key_path=key_path)
    file = backups.sqlite_file(database)
    problems = backups.integrity_problems(file) if file else []
    with database.read() as session:
        connection = session.connection()
        migration.check_not_newer(connection)
        revision, newest = migration.current(connection), migration.newest()
        if revision != newest:
            problems.append("the tables are of an older revision: run `auditor db upgrade`")
        verified = log.verify(log.stream(session) if revision else ())
        ties = list(finding_ties.problems(session)) if revision == newest else []
    problems += [f"log: {each.problem}" for each in verified.problems]
    problems += [each.problem for each in ties[:_MOST_PROBLEMS]]
    return Checked(
        database=database.engine.url.render_as_string(hide_password=True),
        revision=revision,
        newest=newest,
        log_entries=verified.entries,
        problems=tuple(problems),
    )


def _lost(key_path: Path) -> Conflict:
    """A new key would read nothing of what is there, so none is made."""
    return Conflict(f"the key {key_path} of this database is missing: put it back from your backup")


def _write_key(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(token_hex(32))


def _read_key(path: Path) -> bytes:
    text = path.read_text().strip()
    if not _KEY.fullmatch(text):
        raise BadInput(f"{path} does not hold a key of 64 hexadecimal digits: put the key of this database back")
    return bytes.fromhex(text)


def _sqlite_file(url: str) -> Path | None:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _sqlite_folder(url: str) -> Path | None:
    file = _sqlite_file(url)
    return file.parent if file else None
