"""Fixtures that every floor may use."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import URL

from auditor.storage.database import Database
from tests import databases, postgres
from tests.practice import Practice

# The same examples each time, so that a red run can be run again; `make proof` looks for new ones.
hypothesis.settings.register_profile("fixed", max_examples=60, derandomize=True, deadline=None)
hypothesis.settings.register_profile("proof", max_examples=2_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("AUDITOR_HYPOTHESIS", "fixed"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A real PostgreSQL server, one a worker."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A fresh, empty PostgreSQL database for one test."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def new_postgres(postgres_server: URL) -> Iterator[Callable[[], str]]:
    """A function that gives a fresh PostgreSQL database each time; all are dropped after the module."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(postgres.database(postgres_server))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "auditor.sqlite"
    databases.migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[str]:
    """A PostgreSQL database with our tables, to be emptied before each use."""
    with postgres.database(postgres_server) as url:
        yield databases.migrated(url)


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Our tables on SQLite, empty: for what does not touch the engine."""
    with databases.on_sqlite(migrated_sqlite, tmp_path) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Our tables, empty, on SQLite and again on PostgreSQL: for everything that touches tables."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    with databases.on_postgres(request.getfixturevalue("migrated_postgres")) as opened:
        yield opened


@pytest.fixture
def practice(database: Database, tmp_path: Path) -> Practice:
    """Our tables on both engines, and a claims file of 300 claims of 2025 that is the source `claims`."""
    made = Practice(database=database, file=tmp_path / "claims.sqlite")
    made.fill(300)
    return made


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The public data sets beside the checkout; a test that asks for them carries the marker `shared`."""
    beside = Path(__file__).parent.parent.parent / "shared"
    folder = Path(os.environ.get("AUDITOR_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the public data sets are not here: set AUDITOR_SHARED to their folder")
    return folder
