"""Sets up and opens an installation: folder, key, tables at the newest revision."""

import os
import re
from pathlib import Path
from secrets import token_hex

from sqlalchemy import make_url

from auditor.errors import BadInput, Conflict
from auditor.storage import migration
from auditor.storage.database import Database

_KEY = re.compile(r"[0-9a-f]{64}")


def install(url: str, *, key_path: Path) -> Database:
    """Make what is missing (folders, key, tables) and bring an older database up to date. Safe to run again."""
    for folder in (key_path.parent, _sqlite_folder(url)):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    if not key_path.exists():
        _write_key(key_path)
    database = Database(url, key=_read_key(key_path))
    migration.upgrade(database.engine)
    return database


def open_database(url: str, *, key_path: Path) -> Database:
    """Open an installation that `install` has made; Conflict says so when it has not, or when it is out of step."""
    file = _sqlite_file(url)
    if (file and not file.exists()) or not key_path.exists():
        raise Conflict("there is no Auditor database here yet: run `auditor init` first")
    database = Database(url, key=_read_key(key_path))
    with database.read() as session:
        connection = session.connection()
        migration.check_not_newer(connection)
        if migration.current(connection) != migration.newest():
            raise Conflict("this database needs an upgrade before use: run `auditor init` (it keeps what is there)")
    return database


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
    except ValueError:
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _sqlite_folder(url: str) -> Path | None:
    file = _sqlite_file(url)
    return file.parent if file else None
