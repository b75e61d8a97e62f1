import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from auditor import resources
from auditor.errors import Conflict
from auditor.storage import migration
from auditor.storage.database import Database
from auditor.storage.tables import metadata
from tests.databases import KEY


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """A database without tables."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    opened = Database(url, key=KEY)
    yield opened
    opened.close()


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def scripts():
    return ScriptDirectory(str(resources.folder("migrations")))


def test_there_is_one_head():
    assert len(scripts().get_heads()) == 1


def test_models_equal_tables(empty):
    migration.upgrade(empty.engine)
    assert tables(empty) == set(metadata.tables)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_an_upgrade_may_be_run_again(empty):
    migration.upgrade(empty.engine)
    migration.upgrade(empty.engine)
    with empty.engine.connect() as connection:
        assert migration.current(connection) == migration.newest() == scripts().get_current_head()


def test_the_newest_revision_can_be_undone_and_done_again(empty):
    migration.upgrade(empty.engine)
    newest = scripts().get_revision("head")
    migration.downgrade(empty.engine, newest.down_revision or "base")
    with empty.engine.connect() as connection:
        assert migration.current(connection) == newest.down_revision
    if newest.down_revision is None:
        assert tables(empty) == set()
    migration.upgrade(empty.engine)
    assert tables(empty) == set(metadata.tables)


def test_a_database_of_a_newer_version_is_left_alone(empty):
    migration.upgrade(empty.engine)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29990101'"))
    with pytest.raises(Conflict, match=r"newer version of auditor \(revision 29990101\)"):
        migration.upgrade(empty.engine)
