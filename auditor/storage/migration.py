"""Brings our tables to the newest revision, and says which revision a database is at."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from auditor import resources
from auditor.errors import Conflict


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing, in one transaction where the engine can."""
    with engine.begin() as connection:
        check_not_newer(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo back to a revision; for tests and rescues."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(connection: Connection) -> str | None:
    """The revision of this database; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this program works with."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def check_not_newer(connection: Connection) -> None:
    """Refuse a database that a newer program has made."""
    found = current(connection)
    if found is None:
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if found not in known:
        raise Conflict(
            f"this database was made by a newer version of auditor (revision {found}): install that version to use it"
        )


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.folder("migrations")))
    config.attributes["connection"] = connection
    return config
