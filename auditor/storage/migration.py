"""Brings our tables to the newest revision, and says which revision a database is at.

Alembic is loaded only when something has to be migrated: every command opens the database, few migrate it.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from auditor import resources
from auditor.errors import Conflict

if TYPE_CHECKING:
    from alembic.config import Config

_TABLE = "alembic_version"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing, in one transaction where the engine can."""
    from alembic import command

    with engine.begin() as connection:
        check_not_newer(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo back to a revision; for tests and rescues."""
    from alembic import command

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(connection: Connection) -> str | None:
    """The revision of this database; None before the first."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))
    return found


def newest() -> str:
    """The revision that this program works with: the last of migrations/versions, named REVISION_slug.py."""
    return revisions()[-1]


def revisions() -> list[str]:
    """Every revision, oldest first, read from the names of their files."""
    files = (resources.folder("migrations") / "versions").glob("[0-9]*_*.py")
    return sorted(file.stem.partition("_")[0] for file in files)


def check_not_newer(connection: Connection) -> None:
    """Refuse a database that a newer program has made."""
    found = current(connection)
    if found is not None and found not in revisions():
        raise Conflict(
            f"this database was made by a newer version of auditor (revision {found}): install that version to use it"
        )


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.folder("migrations")))
    config.attributes["connection"] = connection
    return config
